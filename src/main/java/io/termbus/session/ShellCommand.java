package io.termbus.session;

import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** A command that a session's shell has begun. On the session's event loop. */
final class ShellCommand {
    /** What one takes in memory beside its texts, which take two bytes a character at most. */
    private static final int BYTES = 160;

    private final long id;
    private final Optional<String> line;
    private final String cwd;
    private final long start;
    private final long outputFrom;
    private final boolean trusted;
    private final Instant startedAt;
    private final long began;

    private @Nullable Instant endedAt;
    private OptionalInt status = OptionalInt.empty();
    private long outputTo;
    private long tookNanos;

    /**
     * @param start offset in the output of the prompt that it was typed at
     * @param outputFrom offset of what it puts out
     * @param trusted its shell has the session's nonce
     */
    ShellCommand(
            long id,
            Optional<String> line,
            String cwd,
            long start,
            long outputFrom,
            boolean trusted,
            Instant startedAt,
            long began) {
        this.id = id;
        this.line = line;
        this.cwd = cwd;
        this.start = start;
        this.outputFrom = outputFrom;
        this.trusted = trusted;
        this.startedAt = startedAt;
        this.began = began;
    }

    /** One that {@link #told} tells of; {@code now} and {@code nanoTime} are the same moment. */
    static ShellCommand of(JsonObject told, Instant now, long nanoTime) {
        Instant startedAt = Instant.parse(told.getString("startedAt"));
        ShellCommand command = new ShellCommand(
                told.getLong("id"),
                Optional.ofNullable(told.getString("line")),
                told.getString("cwd"),
                told.getLong("start"),
                told.getLong("outputFrom"),
                told.getBoolean("trusted"),
                startedAt,
                nanoTime - Duration.between(startedAt, now).toNanos());
        if (told.containsKey("endedAt")) {
            Instant end = Instant.parse(told.getString("endedAt"));
            Integer code = told.getInteger("exitCode");
            command.end(
                    code == null ? OptionalInt.empty() : OptionalInt.of(code),
                    told.getLong("outputTo"),
                    end,
                    command.began + Duration.between(startedAt, end).toNanos());
        }
        return command;
    }

    void end(OptionalInt exitCode, long outputEnd, Instant now, long nanoTime) {
        status = exitCode;
        outputTo = Math.max(outputFrom, outputEnd);
        endedAt = now;
        tookNanos = nanoTime - began;
    }

    long id() {
        return id;
    }

    /** As it was typed; cut where it is long. */
    Optional<String> line() {
        return line;
    }

    long outputFrom() {
        return outputFrom;
    }

    /** When it has ended; else what is put out last is not known yet. */
    long outputTo() {
        return outputTo;
    }

    boolean trusted() {
        return trusted;
    }

    boolean ended() {
        return endedAt != null;
    }

    /** Empty: it has not ended, or its shell has not told how. */
    OptionalInt status() {
        return status;
    }

    /** When it has ended. */
    long durationMs() {
        return TimeUnit.NANOSECONDS.toMillis(tookNanos);
    }

    /** What it takes in memory, in bytes; an upper bound. */
    int bytes() {
        return BYTES + 2 * (cwd.length() + line.map(String::length).orElse(0));
    }

    /** As clients see it. */
    JsonObject told() {
        JsonObject told = new JsonObject().put("id", id);
        line.ifPresent(text -> told.put("line", text));
        told.put("cwd", cwd).put("start", start).put("outputFrom", outputFrom);
        Instant end = endedAt;
        if (end != null) {
            told.put("outputTo", outputTo);
        }
        status.ifPresent(code -> told.put("exitCode", code));
        told.put("startedAt", startedAt.toString());
        if (end != null) {
            told.put("endedAt", end.toString());
        }
        return told.put("trusted", trusted);
    }
}
