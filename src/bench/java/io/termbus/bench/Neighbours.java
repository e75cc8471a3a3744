package io.termbus.bench;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** Whether two good clients notice two bad ones at the same session. */
final class Neighbours {
    private static final List<Throughput.Variant> GOOD = Throughput.VARIANTS.subList(0, 2);

    private Neighbours() {}

    static StringBuilder run(Settings settings) throws Exception {
        List<Stats> alone = List.of(new Stats(), new Stats());
        List<Stats> beside = List.of(new Stats(), new Stats());
        Set<String> digests = new TreeSet<>();
        String strangers;
        ExecutorService threads = Executors.newCachedThreadPool();
        try (HubProcess hub = HubProcess.start(settings, "session.exitedRetentionSeconds=2")) {
            QuietRuns quiet = new QuietRuns(hub);
            for (int round = -2; round < settings.rounds(); round++) {
                boolean badFirst = round % 2 == 0;
                for (boolean bad : List.of(badFirst, !badFirst)) {
                    List<Consumer.Result> results =
                            quiet.run(() -> once(hub, threads, bad)).result();
                    results.forEach(result -> digests.add(result.outputBytes() + " bytes, SHA-256 " + result.sha256()));
                    if (round >= 0) {
                        add(bad ? beside : alone, results);
                    }
                }
            }
            strangers = quiet.text();
        } finally {
            threads.shutdown();
        }
        return report(alone, beside, digests).append('\n').append(strangers);
    }

    private static void add(List<Stats> to, List<Consumer.Result> results) {
        for (int i = 0; i < results.size(); i++) {
            to.get(i).add(results.get(i).megabytesPerSecond());
        }
    }

    private static List<Consumer.Result> once(HubProcess hub, ExecutorService threads, boolean bad) throws Exception {
        List<BusClient> opened = new ArrayList<>();
        try {
            BusClient control = BusClient.tcp(hub);
            opened.add(control);
            String session = control.create(Workload.numbers().command());
            List<Consumer> good = new ArrayList<>();
            for (Throughput.Variant variant : GOOD) {
                BusClient client = variant.connect(hub);
                opened.add(client);
                Consumer consumer = new Consumer(client, true);
                consumer.attach(session, variant.lag());
                good.add(consumer);
            }
            if (bad) {
                opened.add(neverAcks(hub, session, threads));
                opened.add(neverReads(hub, session));
            }
            return race(control, session, good, threads);
        } finally {
            for (BusClient client : opened) {
                client.close();
            }
        }
    }

    private static List<Consumer.Result> race(
            BusClient control, String session, List<Consumer> good, ExecutorService threads) throws Exception {
        CountDownLatch started = new CountDownLatch(good.size());
        long began = System.nanoTime();
        List<Future<Consumer.Result>> running = new ArrayList<>();
        for (Consumer consumer : good) {
            running.add(threads.submit(() -> {
                started.countDown();
                return consumer.consume(began);
            }));
        }
        started.await();
        control.input(session, "\r");
        List<Consumer.Result> results = new ArrayList<>();
        for (Future<Consumer.Result> each : running) {
            results.add(each.get());
        }
        return results;
    }

    /** Reads all that comes and says nothing. Ends when its connection is closed. */
    static BusClient neverAcks(HubProcess hub, String session, ExecutorService threads) throws IOException {
        BusClient client = BusClient.tcp(hub);
        client.attach(session, "skip", false);
        threads.submit(() -> {
            client.timeout(0);
            while (true) {
                client.next();
            }
        });
        return client;
    }

    static BusClient neverReads(HubProcess hub, String session) throws IOException {
        BusClient client = BusClient.tcp(hub);
        client.attach(session, "skip", false);
        client.next();
        return client;
    }

    private static StringBuilder report(List<Stats> alone, List<Stats> beside, Set<String> digests) {
        StringBuilder table =
                Report.table("client", "alone MB/s", "beside two bad clients MB/s", "change of the median");
        for (int i = 0; i < GOOD.size(); i++) {
            double change = (beside.get(i).median() / alone.get(i).median() - 1) * 100;
            Report.row(
                    table,
                    GOOD.get(i).name(),
                    alone.get(i).text(2),
                    beside.get(i).text(2),
                    String.format(Locale.ROOT, "%+.1f %%", change));
        }
        return table.append("\nWhat the good clients got in all runs, each different content once: ")
                .append(String.join("; ", digests))
                .append(".\n");
    }
}
