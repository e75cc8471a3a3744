package io.termbus.bench;

import java.io.IOException;
import java.util.List;

/** How long until the hub is there, and until a new session says something. */
final class StartUp {
    private static final int CREATIONS = 200;
    private static final int WARM_UP = 50;
    private static final List<String> SHELL = List.of("sh", "-c", "printf '$ '; read line");

    private StartUp() {}

    static StringBuilder run(Settings settings) throws IOException {
        Stats ready = new Stats();
        Stats created = new Stats();
        Stats prompt = new Stats();
        for (int round = -1; round < settings.rounds(); round++) {
            try (HubProcess hub = HubProcess.start(settings, "session.exitedRetentionSeconds=1")) {
                if (round >= 0) {
                    ready.add(hub.readyMs());
                }
                if (round == settings.rounds() - 1) {
                    creations(hub, created, prompt);
                }
            }
        }
        StringBuilder table = Report.table("what", "figure");
        Report.row(table, "`java -jar` to the ready line, ms", ready.text(0));
        Report.row(table, "`create` to its reply, ms, p50 / p99 of " + created.size(), percentiles(created));
        Report.row(
                table,
                "`create` to the first byte of the prompt at the client (create, attach, register), ms, p50 / p99",
                percentiles(prompt));
        return table;
    }

    private static void creations(HubProcess hub, Stats created, Stats prompt) throws IOException {
        for (int i = -WARM_UP; i < CREATIONS; i++) {
            try (BusClient client = BusClient.tcp(hub)) {
                long began = System.nanoTime();
                String session = client.create(SHELL);
                double createdMs = (System.nanoTime() - began) / 1e6;
                client.attach(session, "skip", true);
                while (client.next().body().length == 0) {
                    // a snapshot of nothing or a notice
                }
                double promptMs = (System.nanoTime() - began) / 1e6;
                if (i >= 0) {
                    created.add(createdMs);
                    prompt.add(promptMs);
                }
                client.kill(session);
            }
        }
    }

    private static String percentiles(Stats stats) {
        return String.format(java.util.Locale.ROOT, "%.2f / %.2f", stats.median(), stats.percentile(99));
    }
}
