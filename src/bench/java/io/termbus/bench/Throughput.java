package io.termbus.bench;

import io.termbus.bench.BusClient.Transport;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** How fast one client gets the output of one child. */
final class Throughput {
    /** How one client attaches. */
    record Variant(Transport transport, String lag) {
        String name() {
            return transport.title + ", " + lag;
        }

        BusClient connect(HubProcess hub) throws IOException {
            return BusClient.connect(hub, transport);
        }
    }

    static final List<Variant> VARIANTS = List.of(
            new Variant(Transport.TCP, "block"),
            new Variant(Transport.WEB_SOCKET, "block"),
            new Variant(Transport.TCP_BINARY, "block"),
            new Variant(Transport.TCP, "skip"),
            new Variant(Transport.WEB_SOCKET, "skip"));

    /** What the rounds gave for one variant. */
    static final class Figures {
        final Stats rate = new Stats();
        final Stats ratio = new Stats();
        final Stats hubCpu = new Stats();
        final Stats clientCpu = new Stats();
        final Stats delivered = new Stats();
        final Stats skipped = new Stats();
        final Stats size = new Stats();
        final Stats exitMs = new Stats();

        void add(QuietRuns.Measured<Consumer.Result> measured, double rawRate) {
            Consumer.Result result = measured.result();
            rate.add(result.megabytesPerSecond());
            ratio.add(result.megabytesPerSecond() / rawRate);
            hubCpu.add(measured.hubCpuSeconds());
            clientCpu.add(result.cpuSeconds() / result.seconds() * 100);
            delivered.add(result.bytes() / 1e6);
            skipped.add(result.skippedBytes() / 1e6);
            size.add(result.bytes() / 1024.0 / Math.max(1, result.deliveries()));
            exitMs.add(result.exitMs());
        }
    }

    private Throughput() {}

    static StringBuilder run(Settings settings) throws Exception {
        StringBuilder out = new StringBuilder();
        List<Workload> workloads = List.of(
                Workload.numbers(), Workload.lines(settings.directory()), Workload.escapes(settings.directory()));
        Plot plot = new Plot("Speed of one client, of a raw reader's in the same round");
        try (HubProcess hub = HubProcess.start(settings, "session.exitedRetentionSeconds=2")) {
            for (Workload workload : workloads) {
                out.append(table(hub, workload, settings, plot)).append('\n');
            }
            out.append(plot.write(settings, "throughput"));
        }
        return out;
    }

    private static StringBuilder table(HubProcess hub, Workload workload, Settings settings, Plot plot)
            throws Exception {
        int rounds = settings.rounds();
        QuietRuns quiet = new QuietRuns(hub);
        Stats raw = new Stats();
        Map<Variant, Figures> figures = new LinkedHashMap<>();
        VARIANTS.forEach(variant -> figures.put(variant, new Figures()));
        long bytes = 0;
        for (int round = -1; round < rounds; round++) {
            RawPty.Result yardstick = quiet.run(() -> RawPty.run(workload)).result();
            bytes = yardstick.bytes();
            if (round >= 0) {
                raw.add(yardstick.megabytesPerSecond());
            }
            for (Variant variant : VARIANTS) {
                QuietRuns.Measured<Consumer.Result> measured = quiet.run(() -> once(hub, workload, variant));
                check(measured.result(), bytes, variant);
                if (round >= 0) {
                    figures.get(variant).add(measured, yardstick.megabytesPerSecond());
                }
            }
        }
        figures.forEach((variant, of) -> plot.bar(workload.name() + " " + variant.name(), of.ratio));
        return rows(workload, bytes, raw, figures).append('\n').append(quiet.text());
    }

    static Consumer.Result once(HubProcess hub, Workload workload, Variant variant) throws IOException {
        return once(hub, workload, variant, 0);
    }

    /** @param unacked deliveries that the client never acks, the newest at any time */
    static Consumer.Result once(HubProcess hub, Workload workload, Variant variant, int unacked) throws IOException {
        try (BusClient client = variant.connect(hub)) {
            String session = client.create(workload.command());
            Consumer consumer = new Consumer(client, false).keepUnacked(unacked);
            consumer.attach(session, variant.lag());
            long began = System.nanoTime();
            client.input(session, "\r");
            return consumer.consume(began);
        }
    }

    /** A subscriber that is never skipped gets every byte. */
    private static void check(Consumer.Result result, long bytes, Variant variant) throws IOException {
        boolean lossless = variant.lag().equals("block");
        if (result.outputBytes() != bytes || lossless && result.bytes() != bytes) {
            throw new IOException(variant.name() + ": " + result + " instead of " + bytes + " bytes");
        }
    }

    private static StringBuilder rows(Workload workload, long bytes, Stats raw, Map<Variant, Figures> all) {
        StringBuilder table = new StringBuilder(
                String.format(Locale.ROOT, "**%s**: `%s`, %.1f MB%n%n", workload.name(), shown(workload), bytes / 1e6));
        table.append(Report.table(
                "reader",
                "MB/s",
                "of raw",
                "hub CPU s",
                "client thread CPU %",
                "delivered MB",
                "skipped MB",
                "KiB a delivery",
                "exit after last byte, ms"));
        Report.row(
                table,
                "raw PTY",
                raw.text(1),
                "1",
                "",
                "",
                String.format(Locale.ROOT, "%.1f", bytes / 1e6),
                "",
                "",
                "");
        all.forEach((variant, figures) -> Report.row(
                table,
                variant.name(),
                figures.rate.text(1),
                figures.ratio.text(2),
                figures.hubCpu.text(2),
                figures.clientCpu.text(0),
                figures.delivered.text(1),
                figures.skipped.text(1),
                figures.size.text(1),
                figures.exitMs.text(1)));
        return table;
    }

    private static String shown(Workload workload) {
        return workload.output().replaceAll("/\\S*/", "");
    }
}
