package io.termbus.bench;

import java.util.ArrayList;
import java.util.List;

/** What flow control costs a client that keeps up: the same transfer under three sets of thresholds. */
final class FlowCost {
    private record Thresholds(String name, String... settings) {}

    private static final String[] OFF = {
        "flow.yellow.bytes=1000000000",
        "flow.red.bytes=1000000001",
        "flow.maxUnackedBytes=1073741823",
        "flow.yellow.deliveries=10000000",
        "flow.red.deliveries=10000001",
        "flow.maxUnackedDeliveries=16777216",
        "flow.stallSeconds=0"
    };

    private static final List<Thresholds> THRESHOLDS = List.of(
            new Thresholds("defaults"),
            new Thresholds(
                    "always green: yellow from 2 MiB, red from 3 MiB",
                    "flow.yellow.bytes=2097152",
                    "flow.red.bytes=3145728"),
            new Thresholds("off: nothing triggers below 1 GB or 10 million deliveries", OFF));

    /** A subscriber is kept in a zone by so many deliveries that it does not ack. */
    private record Held(String zone, int unacked, String... settings) {}

    private static final List<Held> HELD = List.of(
            new Held("green", 0),
            new Held(
                    "yellow",
                    1,
                    "flow.yellow.deliveries=1",
                    "flow.red.deliveries=100000",
                    "flow.maxUnackedDeliveries=1000000"),
            new Held("red", 2, "flow.yellow.deliveries=1", "flow.red.deliveries=2"),
            new Held("none: flow control off", 0, OFF));
    /** 5 MB in 5 s: a thousand small outputs. */
    private static final String TRICKLE =
            "i=0; while [ $i -lt 1000 ]; do head -c 5000 %s; sleep 0.004; i=$((i+1)); done";

    private FlowCost() {}

    static StringBuilder run(Settings settings) throws Exception {
        List<HubProcess> hubs = new ArrayList<>();
        try {
            for (Thresholds thresholds : THRESHOLDS) {
                hubs.add(HubProcess.start(settings, with(thresholds.settings())));
            }
            return measure(settings, hubs).append('\n').append(zones(settings));
        } finally {
            hubs.forEach(HubProcess::close);
        }
    }

    /** What a subscriber costs that stays in a zone: the same small outputs, delivered at once or coalesced. */
    private static StringBuilder zones(Settings settings) throws Exception {
        List<HubProcess> hubs = new ArrayList<>();
        List<Stats> cpu = new ArrayList<>();
        List<Stats> deliveries = new ArrayList<>();
        String file = Workload.lines(settings.directory()).output().replaceFirst("^cat ", "");
        Workload trickle = new Workload("trickle", "sh -c '" + String.format(TRICKLE, file) + "'");
        try {
            for (Held held : HELD) {
                hubs.add(HubProcess.start(settings, with(held.settings())));
                cpu.add(new Stats());
                deliveries.add(new Stats());
            }
            for (int round = -1; round < Math.min(2, settings.rounds()); round++) {
                for (int i = 0; i < hubs.size(); i++) {
                    int unacked = HELD.get(i).unacked();
                    HubProcess hub = hubs.get(i);
                    QuietRuns.Measured<Consumer.Result> run = new QuietRuns(hub)
                            .run(() -> Throughput.once(hub, trickle, Throughput.VARIANTS.get(0), unacked));
                    if (round >= 0) {
                        cpu.get(i).add(run.hubCpuSeconds() / run.result().seconds() * 100);
                        deliveries.get(i).add(run.result().deliveries());
                    }
                }
            }
        } finally {
            hubs.forEach(HubProcess::close);
        }
        StringBuilder table = Report.table("subscriber held in", "deliveries", "hub CPU, % of one processor");
        for (int i = 0; i < hubs.size(); i++) {
            Report.row(
                    table,
                    HELD.get(i).zone(),
                    deliveries.get(i).text(0),
                    cpu.get(i).text(1));
        }
        return table;
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

    private static String[] with(String[] settings) {
        List<String> all = new ArrayList<>(List.of(settings));
        all.add("session.exitedRetentionSeconds=2");
        return all.toArray(String[]::new);
    }
}
