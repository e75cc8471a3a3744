package io.termbus.protocol;

import io.vertx.core.json.JsonObject;
import java.util.Locale;

/**
 * What arrives at {@code termbus.out.<subscriber>}. Inside the JVM the message body is this object;
 * bridges write it as headers and body of the contract.
 */
public sealed interface Delivery extends LocalMessage {
    /** The value of the header {@code kind}. */
    enum Kind {
        SNAPSHOT,
        OUTPUT,
        RESIZE,
        WARNING,
        EXIT,
        DISCONNECTED,
        /** The subscriber falls from {@code lag: "block"} to {@code "skip"}. */
        LAG,
        /** A command has begun or ended. */
        COMMAND,
        /** Who drives. */
        LEASE,
        /** The session is recorded from now on, or no more. */
        RECORDING;

        private final String text = name().toLowerCase(Locale.ROOT);

        @Override
        public String toString() {
            return text;
        }
    }

    Kind kind();

    /** Id of the session. */
    String session();

    /**
     * Bytes that count as unacked until acked.
     *
     * @param kind {@link Kind#OUTPUT} or {@link Kind#SNAPSHOT}
     * @param seq 1, 2, 3, … without gaps
     * @param offset bytes of session output up to the end of this delivery
     * @param time when the newest of these bytes came from the terminal, of a snapshot when its state held: epoch
     *     milliseconds by this node's clock
     * @param cols columns of the terminal, sent with snapshots only
     * @param rows rows of the terminal, sent with snapshots only
     */
    record Counted(Kind kind, String session, long seq, long offset, long time, int cols, int rows, Payload payload)
            implements Delivery {}

    /** A notice that is never counted. {@code body} must not be changed by anyone. */
    record Notice(Kind kind, String session, JsonObject body) implements Delivery {}
}
