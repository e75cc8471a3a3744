package io.termbus.bench;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/** Many people who type, each into a session of its own, while other sessions flood a client each. */
final class Typists {
    /** Vert.x' event loops, unless told otherwise: two for each processor. */
    private static final int LOOPS = 2 * Runtime.getRuntime().availableProcessors();

    private static final int THREADS = 8;
    private static final int PAUSE_MS = 1;
    private static final int SETTLE_MS = 2000;
    private static final int RUN_MS = 10_000;

    private record Crowd(int typists, int floods) {
        String name() {
            return typists + " type, " + floods + " flood";
        }
    }

    private static final List<Crowd> CROWDS =
            List.of(new Crowd(200, 0), new Crowd(200, LOOPS), new Crowd(900, 0), new Crowd(900, 100));

    /** What one round gave. */
    private record Round(Stats echo, double keysPerSecond, double outputBytes, double seconds, double hubCpu) {}

    /** A session that floods, and its client. */
    private static final class Flood implements AutoCloseable {
        private final BusClient client;
        private volatile long offset;

        Flood(HubProcess hub) throws IOException {
            client = BusClient.tcp(hub);
            String session = client.create(Latency.FLOOD);
            client.attach(session, "skip", false);
        }

        /** @return nothing */
        Void read(AtomicBoolean stopped) throws IOException {
            while (!stopped.get()) {
                Delivery delivery = client.next();
                if (delivery.seq() > 0) {
                    client.ack(delivery.seq());
                }
                offset = Math.max(offset, delivery.offset());
            }
            return null;
        }

        @Override
        public void close() throws IOException {
            client.close();
        }
    }

    private Typists() {}

    static StringBuilder run(Settings settings) throws Exception {
        StringBuilder table = Report.table(
                "who", "echo p50 ms", "p99 ms", "worst ms", "keys a second", "output MB/s", "hub CPU s a GB of output");
        for (Crowd crowd : CROWDS) {
            Stats p50 = new Stats();
            Stats p99 = new Stats();
            Stats worst = new Stats();
            Stats keys = new Stats();
            Stats rate = new Stats();
            Stats cpu = new Stats();
            for (Round round : rounds(crowd, settings)) {
                p50.add(round.echo().median());
                p99.add(round.echo().percentile(99));
                worst.add(round.echo().max());
                keys.add(round.keysPerSecond());
                rate.add(round.outputBytes() / 1e6 / round.seconds());
                cpu.add(round.hubCpu() / (round.outputBytes() / 1e9));
            }
            boolean floods = crowd.floods() > 0;
            Report.row(
                    table,
                    crowd.name(),
                    p50.text(2),
                    p99.text(1),
                    worst.text(0),
                    keys.text(0),
                    floods ? rate.text(1) : "–",
                    floods ? cpu.text(2) : "–");
        }
        return table;
    }

    private static List<Round> rounds(Crowd crowd, Settings settings) throws Exception {
        AtomicBoolean stopped = new AtomicBoolean();
        ExecutorService readers = Executors.newCachedThreadPool();
        List<BusClient> typists = new ArrayList<>();
        List<String> sessions = new ArrayList<>();
        List<Flood> floods = new ArrayList<>();
        try (HubProcess hub = HubProcess.start(
                settings, "session.max=1100", "connection.max=2000", "connection.maxPerAddress=2000")) {
            for (int i = 0; i < crowd.typists(); i++) {
                BusClient client = BusClient.tcp(hub);
                typists.add(client);
                sessions.add(client.create(Latency.ECHO));
                client.attach(sessions.get(i), "skip", false);
                Latency.await(client, Latency.READY_BYTES);
            }
            List<Future<Void>> reading = new ArrayList<>();
            for (int i = 0; i < crowd.floods(); i++) {
                Flood flood = new Flood(hub);
                floods.add(flood);
                reading.add(readers.submit(() -> flood.read(stopped)));
            }
            long[] offsets = new long[typists.size()];
            Arrays.fill(offsets, Latency.READY_BYTES);
            Thread.sleep(SETTLE_MS);
            List<Round> rounds = new ArrayList<>();
            for (int i = -1; i < settings.rounds(); i++) {
                Round round = round(hub, typists, sessions, offsets, floods);
                if (i >= 0) {
                    rounds.add(round);
                }
            }
            stopped.set(true);
            for (Future<Void> each : reading) {
                each.get(1, TimeUnit.MINUTES);
            }
            return rounds;
        } finally {
            readers.shutdownNow();
            for (BusClient each : typists) {
                each.close();
            }
            for (Flood each : floods) {
                each.close();
            }
        }
    }

    private static Round round(
            HubProcess hub, List<BusClient> typists, List<String> sessions, long[] offsets, List<Flood> floods)
            throws Exception {
        long before = floods.stream().mapToLong(flood -> flood.offset).sum();
        double cpu = hub.proc().cpuSeconds();
        long began = System.nanoTime();
        ExecutorService threads = Executors.newFixedThreadPool(THREADS);
        List<Future<Stats>> typing = new ArrayList<>();
        for (int thread = 0; thread < THREADS; thread++) {
            int first = thread;
            typing.add(threads.submit(() -> type(typists, sessions, offsets, first, began + RUN_MS * 1_000_000L)));
        }
        Stats all = new Stats();
        for (Future<Stats> each : typing) {
            all.addAll(each.get());
        }
        threads.shutdown();
        double seconds = (System.nanoTime() - began) / 1e9;
        long output = floods.stream().mapToLong(flood -> flood.offset).sum() - before;
        return new Round(all, all.size() / seconds, output, seconds, hub.proc().cpuSeconds() - cpu);
    }

    /** Of each {@link #THREADS} of them one types a key and waits for its echo, one after the other. */
    private static Stats type(List<BusClient> typists, List<String> sessions, long[] offsets, int first, long until)
            throws Exception {
        Stats ms = new Stats();
        while (System.nanoTime() < until) {
            for (int i = first; i < typists.size() && System.nanoTime() < until; i += THREADS) {
                BusClient client = typists.get(i);
                long began = System.nanoTime();
                client.input(sessions.get(i), String.format(Locale.ROOT, "%c", 'a' + i % 26));
                offsets[i] = Latency.await(client, offsets[i] + 1);
                ms.add((System.nanoTime() - began) / 1e6);
                Thread.sleep(PAUSE_MS);
            }
        }
        return ms;
    }
}
