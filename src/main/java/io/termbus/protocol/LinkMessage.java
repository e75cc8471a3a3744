package io.termbus.protocol;

import io.vertx.core.eventbus.DeliveryOptions;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * Between the node that owns a session and a node with subscribers to it, its edge. The only messages that cross
 * nodes in bulk, so they have a binary form, see {@link LinkCodec}. Each carries the id of its link, made anew by the
 * edge at each attempt: what comes on an older link is passed over.
 */
public sealed interface LinkMessage {
    /** With so many bytes of output on its way a link is sure to be acked at once. */
    int ACKED_AT_ONCE_BYTES = 1 << 16;

    /** From one {@link Check} of a link to the next. */
    Duration CHECK_EVERY = Duration.ofSeconds(2);

    /** What each is sent and answered with. */
    static DeliveryOptions options() {
        return new DeliveryOptions().setCodecName(LinkCodec.NAME);
    }

    /** Id of the link; empty for what concerns many. */
    default String link() {
        return "";
    }

    /** From the edge. */
    sealed interface FromEdge extends LinkMessage {}

    /** From the owner, in order. {@code number} counts 1, 2, 3, … over all of a link: a gap is a loss. */
    sealed interface FromOwner extends LinkMessage {
        long number();
    }

    /**
     * Attaches; replied to with {@link Position}, or refused. Replaces an older link of the same edge to the session; the
     * same link twice is one.
     *
     * @param node name of the edge
     * @param address where the edge wants what the owner sends
     * @param from offset to go on from; -1: from the oldest that is held
     * @param lossless nothing may be skipped: the terminal waits instead
     * @param subscribers how many there are on the edge
     */
    record Open(String link, String session, String node, String address, long from, boolean lossless, int subscribers)
            implements FromEdge {}

    /** The edge's subscribers have changed; replied to with {@link Position}, or refused. */
    record Update(String link, boolean lossless, int subscribers) implements FromEdge {}

    /**
     * A sign of life, with all that the edge may have told in messages that got lost. Part of {@link Checks}.
     *
     * @param taken as {@link Ack#count}
     */
    record Check(String link, long taken, boolean lossless, int subscribers) {}

    /**
     * Of many links of one edge to one instance; replied to with {@link Positions} of those that are known, as they were
     * before.
     */
    record Checks(List<Check> all) implements LinkMessage {}

    /** Outputs up to the {@code count}th of the link have been taken. */
    record Ack(String link, long count) implements FromEdge {}

    /** One of the edge's subscribers listens: a session that waits for the first one may begin. */
    record Listens(String link) implements FromEdge {}

    /** The edge has no subscribers any more. */
    record Close(String link) implements FromEdge {}

    /** Asks for the state of the terminal; replied to with {@link State}. */
    record StateWanted(String link, String session, int scrollbackLines, int wantedBytes, int maxBytes)
            implements FromEdge {}

    /**
     * Where the owner is.
     *
     * @param address where the edge is to send to from now on
     * @param number of the newest message that was sent on the link
     * @param end offset behind the newest byte of the session
     */
    record Position(String link, String address, long number, long end) implements LinkMessage {}

    record Positions(List<Position> all) implements LinkMessage {}

    /** As {@link SessionMessage.Snapshot}. */
    record State(String link, long offset, int cols, int rows, Payload payload, boolean whole) implements LinkMessage {}

    /** The next output begins at {@code offset}: the first message of a link, and after bytes were skipped. */
    record Restarted(String link, long number, long offset) implements FromOwner {}

    /** @param offset behind the last byte */
    record Output(String link, long number, long offset, Payload payload) implements FromOwner {}

    record Resized(String link, long number, int cols, int rows) implements FromOwner {}

    /** As {@link FlowMessage.Told}. */
    record Told(String link, long number, Delivery.Kind kind, long offset, JsonObject body) implements FromOwner {}

    /** The scrollback was dropped. */
    record Cleared(String link, long number) implements FromOwner {}

    /** A client connection of this edge, or of another node, typed an interrupt. */
    record Interrupted(String link, long number, String connection) implements FromOwner {}

    /** A client connection of this edge, or of another node, typed something else. */
    record Typed(String link, long number, String connection) implements FromOwner {}

    record Exited(String link, long number, int code, Optional<String> signal) implements FromOwner {}

    /** The session is forgotten; nothing more comes. */
    record Removed(String link, long number) implements FromOwner {}

    /** The owner has ended the link; {@code shutdown}: and itself. */
    record Closed(String link, long number, boolean shutdown) implements FromOwner {}
}
