package io.termbus.bench;

import io.termbus.bench.BusClient.Transport;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** What more subscribers of the same session cost. All of them consume and ack; none is ever skipped. */
final class FanOut {
    private static final int FEW = 10;
    static final int MANY = 100;
    static final int MANY_BYTES = 20_000_000;

    /** What one run gave: how fast the session went, and what the hub delivered in each of its CPU seconds. */
    record Run(double rate, double perCpuSecond, double clientCpu) {}

    private static final class Figures {
        final Stats rate = new Stats();
        final Stats ofOne = new Stats();
        final Stats perCpu = new Stats();
        final Stats perCpuOfOne = new Stats();
        final Stats clientCpu = new Stats();

        void add(Run run, Run one) {
            rate.add(run.rate());
            ofOne.add(run.rate() / one.rate());
            perCpu.add(run.perCpuSecond());
            perCpuOfOne.add(run.perCpuSecond() / one.perCpuSecond());
            clientCpu.add(run.clientCpu());
        }
    }

    record Variant(Transport transport, int subscribers) {}

    private FanOut() {}

    static StringBuilder run(Settings settings) throws Exception {
        Workload lines = Workload.lines(settings.directory());
        Workload few = lines.first(MANY_BYTES);
        Map<Variant, Figures> all = new LinkedHashMap<>();
        String strangers;
        try (HubProcess hub = HubProcess.start(settings, "session.exitedRetentionSeconds=2", "connection.max=200")) {
            QuietRuns quiet = new QuietRuns(hub);
            for (int round = -1; round < settings.rounds(); round++) {
                for (Transport transport : Transport.values()) {
                    Run one = once(quiet, hub, lines, new Variant(transport, 1));
                    add(round, all, new Variant(transport, 1), one, one);
                    Variant ten = new Variant(transport, FEW);
                    add(round, all, ten, once(quiet, hub, lines, ten), one);
                    Variant hundred = new Variant(transport, MANY);
                    add(round, all, hundred, once(quiet, hub, few, hundred), one);
                }
            }
            strangers = quiet.text();
        }
        Plot plot = new Plot("MB delivered in a CPU second of the hub");
        all.forEach((variant, of) -> plot.bar(variant.transport().title + ", " + variant.subscribers(), of.perCpu));
        return table(all).append('\n').append(strangers).append(plot.write(settings, "fanout"));
    }

    private static void add(int round, Map<Variant, Figures> all, Variant variant, Run run, Run one) {
        if (round >= 0) {
            all.computeIfAbsent(variant, v -> new Figures()).add(run, one);
        }
    }

    static Run once(QuietRuns quiet, HubProcess hub, Workload workload, Variant variant) throws Exception {
        List<BusClient> clients = new ArrayList<>();
        try {
            BusClient control = BusClient.tcp(hub);
            clients.add(control);
            String session = control.create(workload.command());
            List<Skimmer> skimmers = new ArrayList<>();
            for (int i = 0; i < variant.subscribers(); i++) {
                BusClient client = BusClient.connect(hub, variant.transport());
                clients.add(client);
                skimmers.add(new Consumer(client, false).skim(session));
            }
            return measured(quiet, control, session, skimmers);
        } finally {
            for (BusClient client : clients) {
                client.close();
            }
        }
    }

    /** Not repeated where strangers disturb: a session runs but once. */
    private static Run measured(QuietRuns quiet, BusClient control, String session, List<Skimmer> skimmers)
            throws Exception {
        long start = skimmers.get(0).offset();
        long began = System.nanoTime();
        long cpu = cpuNanos();
        control.input(session, "\r");
        QuietRuns.Measured<Long> followed = quiet.once(() -> Skimmer.followAll(skimmers));
        double clientCpu = (cpuNanos() - cpu) / 1e9;
        double seconds = (followed.result() - began) / 1e9;
        double megabytes = (skimmers.get(0).offset() - start) / 1e6;
        for (Skimmer each : skimmers) {
            if (each.offset() != skimmers.get(0).offset()) {
                throw new IOException("subscribers got different lengths");
            }
        }
        return new Run(
                megabytes / seconds, megabytes * skimmers.size() / followed.hubCpuSeconds(), clientCpu / seconds * 100);
    }

    private static long cpuNanos() {
        return ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
    }

    private static StringBuilder table(Map<Variant, Figures> all) {
        StringBuilder table = Report.table(
                "transport",
                "subscribers",
                "session MB/s",
                "of one's",
                "all subscribers MB/s",
                "MB a hub CPU second",
                "of one's",
                "client thread CPU %");
        all.forEach((variant, of) -> Report.row(
                table,
                variant.transport().title,
                variant.subscribers(),
                of.rate.text(1),
                of.ofOne.text(2),
                String.format(Locale.ROOT, "%.0f", of.rate.median() * variant.subscribers()),
                of.perCpu.text(0),
                of.perCpuOfOne.text(2),
                of.clientCpu.text(0)));
        return table;
    }
}
