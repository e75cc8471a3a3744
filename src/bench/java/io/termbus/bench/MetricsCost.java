package io.termbus.bench;

import io.termbus.bench.BusClient.Transport;

/** What metrics cost where most is counted: two hubs, one without and one with them, in turns. */
final class MetricsCost {
    private static final String[] LIMITS = {"session.exitedRetentionSeconds=2", "connection.max=200"};
    private static final FanOut.Variant MANY = new FanOut.Variant(Transport.TCP_BINARY, FanOut.MANY);

    private MetricsCost() {}

    static StringBuilder run(Settings settings) throws Exception {
        Workload lines = Workload.lines(settings.directory()).first(FanOut.MANY_BYTES);
        Stats without = new Stats();
        Stats with = new Stats();
        Stats ratio = new Stats();
        String strangers;
        try (HubProcess off = HubProcess.start(settings, LIMITS);
                HubProcess on = HubProcess.start(settings, LIMITS[0], LIMITS[1], "metrics.port=0")) {
            QuietRuns quiet = new QuietRuns(off, on);
            for (int round = -1; round < settings.rounds(); round++) {
                boolean offFirst = round % 2 == 0;
                double first = perCpuSecond(quiet, offFirst ? off : on, lines);
                double second = perCpuSecond(quiet, offFirst ? on : off, lines);
                if (round >= 0) {
                    without.add(offFirst ? first : second);
                    with.add(offFirst ? second : first);
                    ratio.add(offFirst ? second / first : first / second);
                }
            }
            strangers = quiet.text();
        }
        StringBuilder table = Report.table("metrics", "MB a hub CPU second", "of that without");
        Report.row(table, "off", without.text(0), "1.00");
        Report.row(table, "on", with.text(0), ratio.text(3));
        return table.append('\n').append(strangers);
    }

    private static double perCpuSecond(QuietRuns quiet, HubProcess hub, Workload lines) throws Exception {
        return FanOut.once(quiet, hub, lines, MANY).perCpuSecond();
    }
}
