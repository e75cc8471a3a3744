package io.termbus.session;

import io.termbus.metrics.Histogram;
import io.termbus.metrics.Labels;
import io.termbus.metrics.Meters;
import io.termbus.metrics.Meters.Writer;
import io.termbus.metrics.Tally;
import io.termbus.protocol.HubException;
import io.termbus.pty.ExitStatus;
import io.vertx.core.AsyncResult;
import java.util.List;
import java.util.Locale;

/** What the sessions of a node count together. Any thread. */
final class SessionMeters {
    private enum Outcome {
        OK,
        /** The request was wrong, or not allowed. */
        REFUSED,
        LIMIT,
        /** It is draining or ending, or there was no terminal, process or descriptor for it. */
        UNAVAILABLE,
        FAILED;

        static Outcome of(Throwable cause) {
            if (!(cause instanceof HubException known)) {
                return FAILED;
            }
            return switch (known.error()) {
                case LIMIT_REACHED -> LIMIT;
                case UNAVAILABLE -> UNAVAILABLE;
                case INTERNAL -> FAILED;
                default -> REFUSED;
            };
        }
    }

    private enum Exit {
        OK,
        STATUS,
        SIGNAL
    }

    private final boolean on;
    private final Tally creates;
    private final Tally exits;
    private final Tally input;
    private final Histogram echo;

    SessionMeters(Meters meters) {
        on = meters.areOn();
        creates = meters.counter(
                Writer.ANY,
                "termbus_creates",
                "Requests for new sessions, by how they ended.",
                Labels.of("outcome", names(Outcome.values())));
        exits = meters.counter(
                Writer.ANY,
                "termbus_exits",
                "Programs that ended: with status 0, with another, by a signal.",
                Labels.of("how", names(Exit.values())));
        input = meters.counter(Writer.ANY, "termbus_input_bytes", "Bytes typed or sent into sessions.", Labels.NONE);
        echo = meters.histogram(
                Writer.ANY,
                "termbus_input_to_output_seconds",
                "From the first input after some output to the session's next output.",
                Labels.NONE,
                1,
                5,
                25,
                100,
                250,
                1000,
                10_000);
    }

    private static List<String> names(Enum<?>[] values) {
        return List.of(values).stream()
                .map(each -> each.name().toLowerCase(Locale.ROOT))
                .toList();
    }

    boolean areOn() {
        return on;
    }

    void created(AsyncResult<?> done) {
        Outcome outcome = done.succeeded() ? Outcome.OK : Outcome.of(done.cause());
        creates.add(outcome.ordinal(), 1);
    }

    void exited(ExitStatus status) {
        Exit exit = status.code() == 0 ? Exit.OK : Exit.STATUS;
        exits.add((status.signal().isPresent() ? Exit.SIGNAL : exit).ordinal(), 1);
    }

    void input(int bytes) {
        input.add(bytes);
    }

    /** @param nanos since something was typed */
    void answered(long nanos) {
        echo.record(nanos);
    }
}
