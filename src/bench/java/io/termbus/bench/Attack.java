package io.termbus.bench;

import java.io.BufferedWriter;
import java.io.IOException;
import java.io.OutputStreamWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What two honest clients and the hub's memory notice of {@link Attackers}, which run at the lowest priority: so the
 * figures are those of the hub, not of a machine that is busy with attacking.
 */
final class Attack {
    private static final int HEAP_MIB = 256;
    /** Heap, classes, code, threads and network buffers of a hub with such a heap. */
    private static final int RESIDENT_BOUND_MIB = 512;

    private static final int PAUSE_MS = 20;
    private static final int WARM_UP_KEYS = 1000;
    /** Of the attack, while the JVM compiles what it had not seen before: its compiler takes a processor. */
    private static final int WARM_UP_SECONDS = 20;

    private static final List<String> FLOOD = List.of("sh", "-c", "exec yes a-line-of-a-flood");
    private static final Pattern COLLECTED = Pattern.compile("Pause .* (\\d+)M->");

    private Attack() {}

    static StringBuilder run(Settings settings) throws Exception {
        Path gc = settings.directory().resolve("gc.log");
        StringBuilder table = Report.table("honest client", "keys", "p50 ms", "p99 ms", "worst ms");
        Settings small = settings.withHubOptions(List.of("-Xmx" + HEAP_MIB + "m", "-Xlog:gc:file=" + gc));
        try (HubProcess hub = HubProcess.start(small, "flow.stallSeconds=5");
                BusClient tcp = BusClient.tcp(hub);
                BusClient webSocket = BusClient.connect(hub, BusClient.Transport.WEB_SOCKET)) {
            Echo first = new Echo(tcp);
            Echo second = new Echo(webSocket);
            for (int i = 0; i < WARM_UP_KEYS; i++) {
                first.key();
                second.key();
            }
            String tried = attack(settings, hub, List.of(tcp.create(FLOOD), tcp.create(List.of("cat"))), first, second);
            first.row(table, "TCP");
            second.row(table, "WebSocket");
            table.append(memory(hub, gc)).append(tried);
        }
        return table;
    }

    /** Two keys each {@value #PAUSE_MS} ms and their time, until the time is over; says what the attackers did. */
    private static String attack(Settings settings, HubProcess hub, List<String> targets, Echo first, Echo second)
            throws Exception {
        Process attackers = new ProcessBuilder(
                        "nice",
                        "-n",
                        "19",
                        "java",
                        "-Xmx256m",
                        "-Dbench.attacks=" + System.getProperty("bench.attacks", ""),
                        "-cp",
                        System.getProperty("java.class.path"),
                        Attackers.class.getName())
                .redirectError(settings.directory().resolve("attackers.log").toFile())
                .start();
        try {
            BufferedWriter to =
                    new BufferedWriter(new OutputStreamWriter(attackers.getOutputStream(), StandardCharsets.UTF_8));
            to.write(hub.http + " " + hub.tcp + " " + hub.token + " " + String.join(" ", targets) + "\n");
            to.flush();
            type(WARM_UP_SECONDS, first, second);
            first.ms = new Stats();
            second.ms = new Stats();
            double hubBefore = hub.proc().cpuSeconds();
            double attackersBefore = new Proc(attackers.pid()).cpuSeconds();
            type(settings.seconds(), first, second);
            double attackersCpu = new Proc(attackers.pid()).cpuSeconds() - attackersBefore;
            double hubCpu = hub.proc().cpuSeconds() - hubBefore;
            to.close();
            String tried = new String(attackers.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
            return String.format(
                    Locale.ROOT,
                    "%nIn %d s the hub took %.0f s of processor time, the attackers %.0f s. Tries: %s.%n",
                    settings.seconds(),
                    hubCpu,
                    attackersCpu,
                    tried.replaceAll("[{}]", "").replace("=", " "));
        } finally {
            attackers.destroyForcibly();
        }
    }

    private static void type(int seconds, Echo first, Echo second) throws IOException, InterruptedException {
        for (long end = System.nanoTime() + seconds * 1_000_000_000L; System.nanoTime() < end; ) {
            first.key();
            second.key();
            Thread.sleep(PAUSE_MS);
        }
    }

    private static String memory(HubProcess hub, Path gc) throws IOException, InterruptedException {
        long peak = 0;
        for (String line : Files.readAllLines(gc)) {
            Matcher collected = COLLECTED.matcher(line);
            if (collected.find()) {
                peak = Math.max(peak, Long.parseLong(collected.group(1)));
            }
        }
        long resident = hub.proc().peakRssKb() / 1024;
        return String.format(
                Locale.ROOT,
                "%nThe hub's heap (-Xmx%dm) was at most %d MiB, garbage included, and has %d MiB once the attackers are gone;"
                        + " its resident memory was at most %d MiB. The bound is %d MiB: **%s**.%n",
                HEAP_MIB,
                peak,
                hub.heapKbAfterGc() / 1024,
                resident,
                RESIDENT_BOUND_MIB,
                resident <= RESIDENT_BOUND_MIB ? "kept" : "broken");
    }

    /** A client that types into a session of its own and waits for each key's echo. */
    private static final class Echo {
        private static final List<String> COMMAND = List.of("sh", "-c", "stty raw -echo; echo ready; exec cat");

        private final BusClient client;
        private final String session;
        private Stats ms = new Stats();
        private long offset;

        Echo(BusClient client) throws IOException {
            this.client = client;
            session = client.create(COMMAND);
            client.attach(session, "skip", false);
            await("ready\n".length());
        }

        void key() throws IOException {
            long began = System.nanoTime();
            client.input(session, "x");
            await(offset + 1);
            ms.add((System.nanoTime() - began) / 1e6);
        }

        private void await(long wanted) throws IOException {
            while (offset < wanted) {
                Delivery delivery = client.next();
                if (delivery.seq() > 0) {
                    client.ack(delivery.seq());
                }
                offset = Math.max(offset, delivery.offset());
            }
        }

        void row(StringBuilder table, String name) {
            Report.row(
                    table,
                    name,
                    ms.size(),
                    String.format(Locale.ROOT, "%.2f", ms.median()),
                    String.format(Locale.ROOT, "%.1f", ms.percentile(99)),
                    String.format(Locale.ROOT, "%.1f", ms.max()));
        }
    }
}
