package io.termbus.bench;

import java.io.IOException;
import java.io.InputStream;
import java.util.List;

/** How long until the hub is there, and until a new session says something. */
final class StartUp {
    private static final int CREATIONS = 200;
    private static final int WARM_UP = 50;
    /** After so many more the JVM has compiled what a session's start runs through. */
    private static final int COMPILED = 1500;

    private static final List<String> SHELL = List.of("sh", "-c", "printf '$ '; read line");

    /** Milliseconds of sessions one after the other. */
    private static final class Starts {
        final Stats created = new Stats();
        final Stats prompt = new Stats();

        void rows(StringBuilder table, String which) {
            Report.row(table, "`create` to its reply, ms, p50 / p99" + which, percentiles(created));
            Report.row(
                    table,
                    "`create` to the first byte of the prompt at the client (create, attach, register), ms, p50 / p99"
                            + which,
                    percentiles(prompt));
        }
    }

    private StartUp() {}

    static StringBuilder run(Settings settings) throws IOException {
        Stats ready = new Stats();
        Starts first = new Starts();
        Starts later = new Starts();
        Stats shell = new Stats();
        for (int round = -1; round < settings.rounds(); round++) {
            try (HubProcess hub = HubProcess.start(settings, "session.exitedRetentionSeconds=1")) {
                if (round >= 0) {
                    ready.add(hub.readyMs());
                }
                if (round == settings.rounds() - 1) {
                    starts(hub, WARM_UP, new Starts());
                    starts(hub, CREATIONS, first);
                    shell.add(shellMs());
                    starts(hub, COMPILED, new Starts());
                    starts(hub, CREATIONS, later);
                    shell.add(shellMs());
                }
            }
        }
        StringBuilder table = Report.table("what", "figure");
        Report.row(table, "`java -jar` to the ready line, ms", ready.text(0));
        first.rows(table, " of " + CREATIONS + ", after " + WARM_UP);
        later.rows(table, " of " + CREATIONS + ", after " + (WARM_UP + CREATIONS + COMPILED));
        Report.row(
                table,
                "the same shell, started and ended by another without a terminal, ms, mean of " + CREATIONS,
                shell.text(2));
        return table;
    }

    private static void starts(HubProcess hub, int count, Starts starts) throws IOException {
        for (int i = 0; i < count; i++) {
            start(hub, starts);
        }
    }

    /** What the shell itself takes, and nothing else but a shell that starts one after the other, without a terminal. */
    private static double shellMs() throws IOException {
        long began = System.nanoTime();
        Process shells = new ProcessBuilder(
                        "sh",
                        "-c",
                        "i=0; while [ $i -lt " + CREATIONS + " ]; do sh -c \"printf '$ '\"; i=$((i+1)); done")
                .start();
        try (InputStream said = shells.getInputStream()) {
            said.readAllBytes();
        }
        return (System.nanoTime() - began) / 1e6 / CREATIONS;
    }

    private static void start(HubProcess hub, Starts starts) throws IOException {
        try (BusClient client = BusClient.tcp(hub)) {
            long began = System.nanoTime();
            String session = client.create(SHELL);
            starts.created.add((System.nanoTime() - began) / 1e6);
            client.attach(session, "skip", true);
            while (client.next().body().length == 0) {
                // a snapshot of nothing or a notice
            }
            starts.prompt.add((System.nanoTime() - began) / 1e6);
            client.kill(session);
        }
    }

    private static String percentiles(Stats stats) {
        return String.format(java.util.Locale.ROOT, "%.2f / %.2f", stats.median(), stats.percentile(99));
    }
}
