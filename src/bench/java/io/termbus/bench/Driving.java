package io.termbus.bench;

import io.termbus.bench.BusClient.Transport;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;

/** What programs that drive terminals wait for, and what their waits cost others. */
final class Driving {
    private static final int MARKS = 300;
    private static final int COMMANDS = 100;
    private static final int FLOODS = 10;
    private static final int FLOOD_MS = 500;
    private static final int WAITS = 1000;
    /** The limits of a session and of a connection. */
    private static final int WAITS_PER_SESSION = 256;

    private static final int WAITS_PER_CONNECTION = 16;
    private static final int WAIT_MS = 600_000;

    private static final List<String> SHELL = List.of("bash");
    private static final String PROMPT = "prompt> ";

    /** One row of the first table. */
    private static final class Way {
        final String name;
        final QuietRuns.Run<Stats> once;
        final Stats p50 = new Stats();
        final Stats p99 = new Stats();

        Way(String name, QuietRuns.Run<Stats> once) {
            this.name = name;
            this.once = once;
        }
    }

    private Driving() {}

    static StringBuilder run(Settings settings) throws Exception {
        Workload lines = Workload.lines(settings.directory());
        try (HubProcess hub = HubProcess.start(settings, "session.exitedRetentionSeconds=1", "connection.max=200")) {
            QuietRuns quiet = new QuietRuns(hub);
            List<Way> ways = List.of(
                    new Way("`wait` for a text: key to answer, idle hub", () -> waits(hub)),
                    new Way("the same, " + FLOODS + " other sessions flood", () -> beside(hub)),
                    new Way("`run` of `true`", () -> runs(hub)),
                    new Way("`true` typed into the same kind of shell", () -> typed(hub, true)),
                    new Way("`true` typed into a shell without integration", () -> typed(hub, false)));
            Stats ratio = new Stats();
            for (int round = -1; round < settings.rounds(); round++) {
                for (Way way : ways) {
                    Stats ms = quiet.run(way.once).result();
                    if (round >= 0) {
                        way.p50.add(ms.median());
                        way.p99.add(ms.percentile(99));
                    }
                }
                double without = rate(quiet, hub, lines, 0);
                double with = rate(quiet, hub, lines, WAITS);
                if (round >= 0) {
                    ratio.add(with / without);
                }
            }
            StringBuilder table = Report.table("what", "p50 ms", "p99 ms");
            ways.forEach(way -> Report.row(table, way.name, way.p50.text(2), way.p99.text(2)));
            return table.append("\nA flooding session beside ")
                    .append(WAITS)
                    .append(" waits, ")
                    .append(WAITS_PER_SESSION)
                    .append(" of them for its own output, is as fast as this times without: ")
                    .append(ratio.text(3))
                    .append(".\n\n")
                    .append(quiet.text());
        }
    }

    /** The session echoes what is typed; a wait for it is there before. */
    private static Stats waits(HubProcess hub) throws IOException {
        Stats ms = new Stats();
        try (BusClient client = BusClient.tcp(hub)) {
            String session = client.create(Latency.ECHO);
            client.ask(session, "wait", text("ready").put("since", 0));
            for (int i = 0; i < MARKS; i++) {
                String mark = "mark-" + i + ".";
                String waiting = client.begin(session, "wait", text(mark));
                client.ask(session, "info", new JsonObject());
                long began = System.nanoTime();
                client.input(session, mark + "\r\n");
                if (client.answer(waiting).getInteger("matched") != 0) {
                    throw new IOException(mark + " was not seen");
                }
                ms.add((System.nanoTime() - began) / 1e6);
            }
            client.kill(session);
        }
        return ms;
    }

    private static JsonObject text(String text) {
        return new JsonObject()
                .put("any", new JsonArray().add(new JsonObject().put("text", text)))
                .put("timeoutMs", WAIT_MS);
    }

    private static Stats beside(HubProcess hub) throws Exception {
        try (BusClient control = BusClient.tcp(hub)) {
            List<String> sessions = new ArrayList<>();
            for (int i = 0; i < FLOODS; i++) {
                sessions.add(control.create(Latency.FLOOD));
            }
            Thread.sleep(FLOOD_MS);
            Stats ms = waits(hub);
            Latency.end(control, sessions, List.of(), new AtomicBoolean());
            return ms;
        }
    }

    private static Stats runs(HubProcess hub) throws IOException {
        Stats ms = new Stats();
        try (BusClient client = BusClient.tcp(hub)) {
            String session = client.createShell(SHELL, true);
            for (int i = 0; i < COMMANDS; i++) {
                long began = System.nanoTime();
                JsonObject ran = client.ask(session, "run", new JsonObject().put("command", "true"));
                if (ran.getInteger("exitCode") != 0) {
                    throw new IOException(ran.encode());
                }
                ms.add((System.nanoTime() - began) / 1e6);
            }
            client.kill(session);
        }
        return ms;
    }

    /** From the Enter to the next prompt, as somebody would who reads the output. */
    private static Stats typed(HubProcess hub, boolean integration) throws IOException {
        Stats ms = new Stats();
        try (BusClient client = BusClient.tcp(hub)) {
            String session = client.createShell(SHELL, integration);
            client.attach(session, "skip", false);
            client.input(session, "PS1='prompt''> '\r");
            prompt(client);
            for (int i = 0; i < COMMANDS; i++) {
                long began = System.nanoTime();
                client.input(session, "true\r");
                prompt(client);
                ms.add((System.nanoTime() - began) / 1e6);
            }
            client.kill(session);
        }
        return ms;
    }

    private static void prompt(BusClient client) throws IOException {
        StringBuilder seen = new StringBuilder();
        while (seen.indexOf(PROMPT) < 0) {
            Delivery delivery = client.next();
            if (delivery.seq() > 0) {
                client.ack(delivery.seq());
            }
            seen.append(new String(delivery.body(), StandardCharsets.ISO_8859_1));
        }
    }

    /** MB a second of one session that puts out lines, beside waits that never come true. */
    private static double rate(QuietRuns quiet, HubProcess hub, Workload lines, int waits) throws Exception {
        List<BusClient> waiting = new ArrayList<>();
        List<String> others = new ArrayList<>();
        try (BusClient control = BusClient.tcp(hub);
                BusClient client = BusClient.connect(hub, Transport.TCP)) {
            String session = control.create(lines.command());
            Skimmer skimmer = new Consumer(client, false).skim(session);
            for (int i = 0; i < waits; i += WAITS_PER_CONNECTION) {
                String where = session;
                if (i >= WAITS_PER_SESSION) {
                    if (i % WAITS_PER_SESSION == 0) {
                        others.add(control.create(Latency.ECHO));
                    }
                    where = others.get(others.size() - 1);
                }
                BusClient each = BusClient.tcp(hub);
                waiting.add(each);
                for (int k = 0; k < WAITS_PER_CONNECTION && i + k < waits; k++) {
                    each.begin(where, "wait", text("never " + k));
                }
                each.ask(where, "info", new JsonObject());
            }
            long start = skimmer.offset();
            long began = System.nanoTime();
            control.input(session, "\r");
            long ended = quiet.once(() -> Skimmer.followAll(List.of(skimmer))).result();
            for (String other : others) {
                control.kill(other);
            }
            return (skimmer.offset() - start) / 1e6 / ((ended - began) / 1e9);
        } finally {
            for (BusClient each : waiting) {
                each.close();
            }
        }
    }
}
