package io.termbus.session;

import io.termbus.protocol.LocalMessage;
import io.termbus.protocol.Payload;
import io.termbus.protocol.SessionMessage;
import io.termbus.pty.ExitStatus;
import io.termbus.pty.KeptPty;
import io.termbus.pty.PtyModes;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * A session over a change of the hub's program.
 *
 * @param facts all but the long parts; what reads it takes nothing for granted, and throws any {@link RuntimeException} at
 *     what cannot be
 * @param screen the state of its terminal, as of {@link io.termbus.vt.snapshot.Snapshots}
 * @param output that is held
 */
record KeptSession(JsonObject facts, byte[] screen, byte[] output) implements LocalMessage {
    /** A session id of this hub is shorter. */
    private static final int MAX_ID_CHARS = 100;

    String id() {
        return id(facts.getString("id"));
    }

    static String id(String text) {
        if (text.isEmpty() || text.length() > MAX_ID_CHARS) {
            throw new IllegalArgumentException("no id of a session: " + text.length() + " characters");
        }
        return text;
    }

    /** What of the request that created the session counts still; its child's environment is the child's. */
    SessionSpec spec(ChildEnvironment common) {
        JsonObject size = facts.getJsonObject("size");
        return new SessionSpec(
                facts.getJsonArray("command").stream().map(String.class::cast).toList(),
                Path.of(facts.getString("directory")),
                Map.of(),
                common,
                size(size, "cols"),
                size(size, "rows"),
                facts.getString("name"),
                List.of(),
                new PtyModes(false, true),
                facts.getBoolean("waitForSubscriber"),
                facts.getBoolean("pipedInput"),
                QueryAnswers.valueOf(facts.getString("answers")),
                facts.getBoolean("viewersMayBlock"),
                facts.getBoolean("recorded", false),
                Optional.ofNullable(facts.getJsonObject("integration"))
                        .map(shell -> new ShellIntegration(
                                Shell.valueOf(shell.getString("shell")),
                                shell.getString("nonce"),
                                Path.of(shell.getString("files")))));
    }

    static void put(JsonObject facts, SessionSpec spec) {
        facts.put("command", spec.command())
                .put("directory", spec.directory().toString())
                .put("waitForSubscriber", spec.waitForSubscriber())
                .put("pipedInput", spec.pipedInput())
                .put("answers", spec.answers().name())
                .put("viewersMayBlock", spec.viewersMayBlock());
        spec.integration()
                .ifPresent(shell -> facts.put(
                        "integration",
                        new JsonObject()
                                .put("shell", shell.shell().name())
                                .put("nonce", shell.nonce())
                                .put("files", shell.files().toString())));
    }

    static JsonObject size(int cols, int rows) {
        return new JsonObject().put("cols", cols).put("rows", rows);
    }

    static int size(JsonObject size, String side) {
        int cells = size.getInteger(side);
        if (cells < 1 || cells > SessionSpec.MAX_SIZE) {
            throw new IllegalArgumentException("no size: " + cells);
        }
        return cells;
    }

    /** Of the output what flow control goes on with. */
    SessionMessage.Kept held() {
        JsonObject held = facts.getJsonObject("held");
        JsonArray sizes = held.getJsonArray("sizes");
        return new SessionMessage.Kept(
                held.getLong("from"),
                Payload.of(output),
                IntStream.range(0, sizes.size())
                        .mapToObj(sizes::getJsonObject)
                        .map(each ->
                                new SessionMessage.Size(each.getLong("offset"), size(each, "cols"), size(each, "rows")))
                        .toList(),
                held.getInteger("awaited"),
                held.getLong("awaitedFrom"));
    }

    static JsonObject of(SessionMessage.Kept held) {
        JsonArray sizes = new JsonArray();
        held.sizes().forEach(each -> sizes.add(size(each.cols(), each.rows()).put("offset", each.offset())));
        return new JsonObject()
                .put("from", held.from())
                .put("sizes", sizes)
                .put("awaited", held.awaited())
                .put("awaitedFrom", held.awaitedFrom());
    }

    /** Empty: its child has ended, and all output was read. */
    Optional<KeptPty> pty() {
        return Optional.ofNullable(facts.getJsonObject("pty"))
                .map(pty -> new KeptPty(
                        pty.getInteger("master"),
                        pty.getString("device"),
                        pty.getInteger("pid"),
                        pty.getLong("startTicks"),
                        pty.getBinary("input"),
                        pty.getBoolean("typesWhenRead"),
                        pty.getBoolean("killed"),
                        Optional.ofNullable(pty.getJsonObject("exit")).map(KeptSession::exit),
                        Optional.ofNullable(pty.getJsonObject("standardInput"))
                                .map(pipe -> new KeptPty.Pipe(
                                        pipe.getInteger("fd"), pipe.getBinary("waiting"), pipe.getBoolean("ending")))));
    }

    static JsonObject of(KeptPty pty) {
        JsonObject told = new JsonObject()
                .put("master", pty.master())
                .put("device", pty.device())
                .put("pid", pty.pid())
                .put("startTicks", pty.startTicks())
                .put("input", pty.input())
                .put("typesWhenRead", pty.typesWhenRead())
                .put("killed", pty.killed());
        pty.exit().ifPresent(exit -> told.put("exit", exit(exit)));
        pty.standardInput()
                .ifPresent(pipe -> told.put(
                        "standardInput",
                        new JsonObject()
                                .put("fd", pipe.fd())
                                .put("waiting", pipe.waiting())
                                .put("ending", pipe.ending())));
        return told;
    }

    /** Empty: it was not told yet. */
    Optional<ExitStatus> exit() {
        return Optional.ofNullable(facts.getJsonObject("exit")).map(KeptSession::exit);
    }

    private static ExitStatus exit(JsonObject exit) {
        return new ExitStatus(exit.getInteger("code"), Optional.ofNullable(exit.getString("signal")));
    }

    /** As clients see it, too. */
    static JsonObject exit(ExitStatus status) {
        JsonObject body = new JsonObject().put("code", status.code());
        status.signal().ifPresent(signal -> body.put("signal", signal));
        return body;
    }
}
