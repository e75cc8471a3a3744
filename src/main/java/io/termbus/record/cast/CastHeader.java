package io.termbus.record.cast;

import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * The first line of a recording.
 *
 * @param version of asciicast: 3, or 2, which counts time from the beginning
 * @param cols of the terminal at the beginning, 1..1000
 * @param rows of the terminal at the beginning, 1..1000
 * @param startedAt in whole seconds
 */
public record CastHeader(
        int version, int cols, int rows, Optional<Instant> startedAt, Optional<String> title, List<String> command) {
    /** Of a terminal, 1..1000 each. */
    public record Size(int cols, int rows) {}

    private static final int MAX_SIZE = 1000;
    private static final int VERSION = 3;

    /** Of a recording that begins now. */
    public static CastHeader of(int cols, int rows, Instant startedAt, String title, List<String> command) {
        return new CastHeader(VERSION, cols, rows, Optional.of(startedAt), Optional.of(title), command);
    }

    /** As a line, with its end. */
    byte[] line() {
        JsonObject header = new JsonObject()
                .put("version", VERSION)
                .put(
                        "term",
                        new JsonObject().put("cols", cols).put("rows", rows).put("type", "xterm-256color"));
        startedAt.ifPresent(start -> header.put("timestamp", start.getEpochSecond()));
        title.ifPresent(text -> header.put("title", text));
        if (!command.isEmpty()) {
            header.put("command", String.join(" ", command));
        }
        return (header.encode() + "\n").getBytes(StandardCharsets.UTF_8);
    }

    static CastHeader read(String line) throws CastException {
        try {
            return read(new JsonObject(line));
        } catch (DecodeException | ClassCastException e) {
            throw notOne();
        }
    }

    private static CastHeader read(JsonObject header) throws CastException {
        int version = header.getInteger("version", 0);
        if (version != 2 && version != VERSION) {
            throw version == 0 ? notOne() : new CastException("is asciicast " + version + ", not 2 or 3");
        }
        JsonObject term = version == 2
                ? new JsonObject().put("cols", header.getInteger("width")).put("rows", header.getInteger("height"))
                : header.getJsonObject("term", new JsonObject());
        Number started = header.getNumber("timestamp");
        String command = header.getString("command");
        return new CastHeader(
                version,
                size(term.getInteger("cols")),
                size(term.getInteger("rows")),
                Optional.ofNullable(started).map(seconds -> Instant.ofEpochSecond(seconds.intValue())),
                Optional.ofNullable(header.getString("title")),
                command == null ? List.of() : List.of(command));
    }

    /** The size that text of an {@code r} event says, such as 80x24; empty: none that a terminal can have. */
    public static Optional<Size> size(String text) {
        String[] both = text.split("x", -1);
        try {
            int cols = Integer.parseInt(both[0]);
            int rows = Integer.parseInt(both[both.length - 1]);
            return both.length == 2 && cols >= 1 && rows >= 1
                    ? Optional.of(new Size(Math.min(cols, MAX_SIZE), Math.min(rows, MAX_SIZE)))
                    : Optional.empty();
        } catch (NumberFormatException e) {
            return Optional.empty();
        }
    }

    private static int size(Integer told) throws CastException {
        if (told == null || told < 1) {
            throw new CastException("does not say the size of its terminal");
        }
        return Math.min(told, MAX_SIZE);
    }

    private static CastException notOne() {
        return new CastException("is no recording: its first line is no header of asciicast");
    }
}
