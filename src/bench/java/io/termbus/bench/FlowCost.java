package io.termbus.bench;

import java.util.ArrayList;
import java.util.List;

/** What flow control costs a client that keeps up: the same transfer under three sets of thresholds. */
final class FlowCost {
    private record Thresholds(String name, String... settings) {}

    private static final List<Thresholds> THRESHOLDS = List.of(
            new Thresholds("defaults"),
            new Thresholds(
                    "always green: yellow from 2 MiB, red from 3 MiB",
                    "flow.yellow.bytes=2097152",
                    "flow.red.bytes=3145728"),
            new Thresholds(
                    "off: nothing triggers below 1 GB or 10 million deliveries",
                    "flow.yellow.bytes=1000000000",
                    "flow.red.bytes=1000000001",
                    "flow.maxUnackedBytes=1073741823",
                    "flow.yellow.deliveries=10000000",
                    "flow.red.deliveries=10000001",
                    "flow.maxUnackedDeliveries=16777216",
                    "flow.stallSeconds=0"));

    private FlowCost() {}

    static StringBuilder run(Settings settings) throws Exception {
        List<HubProcess> hubs = new ArrayList<>();
        try {
            for (Thresholds thresholds : THRESHOLDS) {
                hubs.add(HubProcess.start(settings, with(thresholds)));
            }
            return measure(settings, hubs);
        } finally {
            hubs.forEach(HubProcess::close);
        }
    }

    private static StringBuilder measure(Settings settings, List<HubProcess> hubs) throws Exception {
        List<QuietRuns> quiet = hubs.stream().map(QuietRuns::new).toList();
        Workload workload = Workload.lines(settings.directory());
        List<Throughput.Figures> figures = new ArrayList<>();
        hubs.forEach(hub -> figures.add(new Throughput.Figures()));
        Stats raw = new Stats();
        for (int round = -1; round < settings.rounds(); round++) {
            double rawRate =
                    quiet.get(0).run(() -> RawPty.run(workload)).result().megabytesPerSecond();
            for (int i = 0; i < hubs.size(); i++) {
                HubProcess hub = hubs.get(i);
                QuietRuns.Measured<Consumer.Result> measured =
                        quiet.get(i).run(() -> Throughput.once(hub, workload, Throughput.VARIANTS.get(0)));
                if (round >= 0) {
                    figures.get(i).add(measured, rawRate);
                }
            }
            if (round >= 0) {
                raw.add(rawRate);
            }
        }
        StringBuilder table = Report.table("thresholds", "MB/s", "of raw", "hub CPU s");
        Report.row(table, "raw PTY", raw.text(1), "1", "");
        for (int i = 0; i < hubs.size(); i++) {
            Throughput.Figures of = figures.get(i);
            Report.row(table, THRESHOLDS.get(i).name(), of.rate.text(1), of.ratio.text(2), of.hubCpu.text(2));
        }
        quiet.forEach(runs -> table.append('\n').append(runs.text()));
        return table;
    }

    private static String[] with(Thresholds thresholds) {
        List<String> all = new ArrayList<>(List.of(thresholds.settings()));
        all.add("session.exitedRetentionSeconds=2");
        return all.toArray(String[]::new);
    }
}
