package io.termbus.flow.output;

import io.termbus.protocol.Delivery;
import io.vertx.core.json.JsonObject;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;

/**
 * What the readers of a session's output are told beside it: of commands that have begun and ended, the newest, and of who
 * drives, as it is now. Single writer: the flow-control instance that owns the session.
 */
final class Bulletins {
    /** Those of commands that wait for readers who have not got all output; of more they do not hear. */
    static final int MAX_COMMANDS = 32;
    /** A subscriber is told no more than so many after its last ack, while something is unacked. */
    static final int MAX_UNACKED = 64;

    /**
     * One of them.
     *
     * @param number counts all of a session
     * @param offset of the output that comes before it
     * @param body must not be changed by anyone
     */
    record Bulletin(long number, long offset, Delivery.Kind kind, JsonObject body) {}

    private final Deque<Bulletin> commands = new ArrayDeque<>();
    private Optional<Bulletin> lease = Optional.empty();
    private long last;

    void add(Delivery.Kind kind, long offset, JsonObject body) {
        Bulletin bulletin = new Bulletin(++last, offset, kind, body);
        if (kind == Delivery.Kind.LEASE) {
            lease = Optional.of(bulletin);
            return;
        }
        if (commands.size() == MAX_COMMANDS) {
            commands.removeFirst();
        }
        commands.addLast(bulletin);
    }

    /** Number of the newest. */
    long last() {
        return last;
    }

    /** Who drives, or drove last; empty: nobody ever did. */
    Optional<Bulletin> lease() {
        return lease;
    }

    /** The oldest of a command behind that number. */
    Optional<Bulletin> commandAfter(long number) {
        return commands.isEmpty() || commands.getLast().number() <= number
                ? Optional.empty()
                : commands.stream().filter(each -> each.number() > number).findFirst();
    }
}
