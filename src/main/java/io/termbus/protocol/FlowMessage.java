package io.termbus.protocol;

import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Optional;

/** From the owner of a session, or from a bridge, to the flow-control instance of that session. */
public sealed interface FlowMessage extends LocalMessage {
    /** A session begins. Its offset is 0. */
    record SessionOpened(String session) implements FlowMessage {}

    /** Asks for what is to be kept of a session; replied to with {@link SessionMessage.Kept}. */
    record KeepWanted(String session) implements FlowMessage {}

    /** A session goes on that was kept. */
    record SessionKept(String session, SessionMessage.Kept kept) implements FlowMessage {}

    /**
     * The hub's program changes: subscribers that never skip get what there is, as far as they take it within a second, then
     * every subscriber gets {@code disconnected} with reason {@code restarting}, and nobody may attach. Replied to when sent.
     *
     * @param on false: it does not after all, those who come back go on
     */
    record Restarts(boolean on) implements FlowMessage {}

    /**
     * Output. Every one of them is answered by a {@link SessionMessage.OutputTaken}, at once or, while a
     * subscriber asked for back-pressure, later.
     *
     * @param offset bytes of session output up to the end of this payload
     */
    record Output(String session, Payload payload, long offset) implements FlowMessage {}

    /** The terminal has a new size, from this place in the output on. */
    record Resized(String session, int cols, int rows) implements FlowMessage {}

    /**
     * Subscribers are told of a command, or of who drives.
     *
     * @param kind {@link Delivery.Kind#COMMAND} or {@link Delivery.Kind#LEASE}
     * @param offset of the output that comes before it
     * @param body must not be changed by anyone
     */
    record Told(String session, Delivery.Kind kind, long offset, JsonObject body) implements FlowMessage {}

    /** The scrollback was dropped: what lies in the backlog may not be replayed to new subscribers. */
    record Cleared(String session) implements FlowMessage {}

    /** The last byte of output has been sent. */
    record Exited(String session, int code, Optional<String> signal) implements FlowMessage {}

    /** The session is forgotten; its subscribers go when they have got what is theirs. */
    record Removed(String session) implements FlowMessage {}

    /** A client connection typed an interrupt into the session. */
    record Interrupted(String session, String connection) implements FlowMessage {}

    /** A client connection typed something else while some subscriber of the session lagged. */
    record Typed(String session, String connection) implements FlowMessage {}

    /**
     * What comes next is recorded, or no more; replied to, when it is so, with a JSON object that has the {@code recording}'s
     * id, or is empty.
     *
     * @param on false: the rest does not matter
     * @param title of the recording
     */
    record Record(String session, boolean on, int cols, int rows, String title, List<String> command)
            implements FlowMessage {}

    /** Something was typed that the terminal does not hide, into a session whose input is recorded. */
    record Entered(String session, byte[] bytes) implements FlowMessage {}

    /** A mark in a session's recording, where there is one. */
    record Marked(String session, String label) implements FlowMessage {}

    /** Asks for output from one offset to another; replied to with {@link SessionMessage.Held}. */
    record HeldWanted(String session, long from, long to) implements FlowMessage {}

    /** Somebody listens at the subscriber's address: deliveries may start, or go on. */
    record Listening(String subscriber) implements FlowMessage {}

    /**
     * Nobody listens at the subscriber's address any more: deliveries stop, and those after {@code lastSeq}
     * did not arrive.
     *
     * @param exitHeard the exit did arrive
     */
    record NotListening(String subscriber, long lastSeq, boolean exitHeard) implements FlowMessage {}

    /** A connection that has subscribers here has so many at other instances, who share its link. */
    record Elsewhere(String connection, int subscribers) implements FlowMessage {}

    /**
     * How many subscribers there are of each zone and transport, and what they have not acked: replied to with
     * {@code {"unackedBytes": 0, "subscribers": {"green": {"tcp": 1}}}}.
     */
    record FiguresWanted() implements FlowMessage {}

    /** Every subscriber gets {@code disconnected} with reason {@code shutdown}. Replied to when sent. */
    record ShutDown() implements FlowMessage {}
}
