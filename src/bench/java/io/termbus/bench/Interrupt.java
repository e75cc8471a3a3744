package io.termbus.bench;

import io.termbus.bench.BusClient.Transport;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** From Ctrl-C to the prompt, for a client that shows 2 MB in a second while the program writes many times that. */
final class Interrupt {
    private static final double BYTES_PER_NANO = 2e6 / 1e9;
    private static final int INTERRUPTS = 3;
    private static final long FLOOD_NANOS = 1_000_000_000L;
    private static final String PROMPT = "prompt>";
    private static final List<String> SHELL = List.of("env", "PS1=" + PROMPT, "sh", "-i");
    private static final String FLOOD = "yes 'what scrolls by and nobody can read, as it is far too fast for that'\r";

    private record Variant(Transport transport, String lag) {
        String name() {
            return transport.title + ", " + lag;
        }
    }

    private static final List<Variant> VARIANTS = List.of(
            new Variant(Transport.TCP, "skip"),
            new Variant(Transport.TCP_BINARY, "skip"),
            new Variant(Transport.WEB_SOCKET, "skip"),
            new Variant(Transport.TCP, "block"));

    private Interrupt() {}

    static StringBuilder run(Settings settings) throws Exception {
        Map<Variant, Stats> all = new LinkedHashMap<>();
        VARIANTS.forEach(variant -> all.put(variant, new Stats()));
        String strangers;
        try (HubProcess hub = HubProcess.start(settings, "session.exitedRetentionSeconds=1")) {
            QuietRuns quiet = new QuietRuns(hub);
            for (int round = -1; round < settings.rounds(); round++) {
                for (Variant variant : VARIANTS) {
                    List<Double> times = quiet.run(() -> new Terminal(hub, variant).interrupts())
                            .result();
                    if (round >= 0) {
                        times.forEach(all.get(variant)::add);
                    }
                }
            }
            strangers = quiet.text();
        }
        StringBuilder table = Report.table("client", "Ctrl-C to the prompt, ms", "p90 ms");
        all.forEach((variant, ms) -> Report.row(
                table, variant.name(), ms.text(0), String.format(java.util.Locale.ROOT, "%.0f", ms.percentile(90))));
        Plot plot = new Plot("Ctrl-C to the prompt, ms");
        all.forEach((variant, ms) -> plot.bar(variant.name(), ms));
        return table.append('\n').append(strangers).append(plot.write(settings, "interrupt"));
    }

    /** A terminal that takes its time to show what comes, and acks what it has shown. */
    private static final class Terminal {
        private final BusClient client;
        private final String session;
        private long shownAt;
        private String tail = "";

        Terminal(HubProcess hub, Variant variant) throws IOException {
            client = BusClient.connect(hub, variant.transport());
            session = client.create(SHELL);
            client.attach(session, variant.lag(), false);
        }

        List<Double> interrupts() throws IOException, InterruptedException {
            try (client) {
                List<Double> times = new ArrayList<>();
                showUntil(Long.MAX_VALUE);
                for (int i = 0; i < INTERRUPTS; i++) {
                    client.input(session, FLOOD);
                    showUntil(System.nanoTime() + FLOOD_NANOS);
                    long began = System.nanoTime();
                    client.input(session, "\u0003");
                    showUntil(Long.MAX_VALUE);
                    times.add((System.nanoTime() - began) / 1e6);
                }
                client.kill(session);
                return times;
            }
        }

        /** Shows what comes until the time is over, or a prompt is seen where there is no end to it. */
        private void showUntil(long end) throws IOException, InterruptedException {
            tail = "";
            while (System.nanoTime() < end) {
                Delivery delivery = client.next();
                if (delivery.seq() > 0) {
                    boolean prompt = show(delivery.body());
                    client.ack(delivery.seq());
                    if (prompt && end == Long.MAX_VALUE) {
                        return;
                    }
                }
            }
        }

        private boolean show(byte[] body) throws InterruptedException {
            shownAt = Math.max(shownAt, System.nanoTime()) + (long) (body.length / BYTES_PER_NANO);
            long wait = shownAt - System.nanoTime();
            Thread.sleep(Math.max(0, wait) / 1_000_000);
            String text = tail + new String(body, StandardCharsets.ISO_8859_1);
            tail = text.substring(Math.max(0, text.length() - PROMPT.length() + 1));
            return text.contains(PROMPT);
        }
    }
}
