package io.termbus;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;

/** What a {@link Subscription} brings. */
public sealed interface Delivery {
    /** Id of the session. */
    String session();

    /**
     * The session's bytes from the previous delivery's offset to this one's, exactly.
     *
     * @param seq 1, 2, 3, … without gaps, of outputs and snapshots together
     * @param offset bytes of session output up to the end of this delivery
     * @param time when the newest of these bytes came from the terminal: epoch milliseconds
     */
    record Output(String session, long seq, long offset, long time, Buffer data) implements Delivery {}

    /**
     * Bytes that put a freshly reset terminal of that size into the session's state.
     *
     * @param seq as of {@link Output}
     * @param offset bytes of session output that it stands for
     * @param time when that state held: epoch milliseconds
     */
    record Snapshot(String session, long seq, long offset, long time, int cols, int rows, Buffer data)
            implements Delivery {}

    /**
     * What is no output.
     *
     * @param kind as in the protocol: {@code resize}, {@code warning}, {@code lag}, {@code command}, {@code lease}, {@code exit},
     *     {@code disconnected}; others may come with later versions
     */
    record Notice(String session, String kind, JsonObject body) implements Delivery {}
}
