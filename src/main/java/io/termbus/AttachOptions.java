package io.termbus;

import io.vertx.core.json.JsonObject;

/**
 * How to watch a session: the fields of the action {@code attach}, checked by
 * {@link Termbus#attach(String, AttachOptions)}. Those without a setter here can be given as JSON. Not thread-safe.
 */
public final class AttachOptions {
    private final JsonObject fields;

    /** Begins with a snapshot; skips to a newer one where it falls too far behind. */
    public AttachOptions() {
        this(new JsonObject());
    }

    /** @param json fields of the action {@code attach}, but for {@code session} */
    public AttachOptions(JsonObject json) {
        fields = json.copy();
    }

    /** Never skips: the program in the terminal waits instead, for {@code flow.holdSeconds} at most. */
    public AttachOptions setLossless(boolean lossless) {
        fields.put("lag", lossless ? "block" : "skip");
        return this;
    }

    /** @param lines of scrollback in snapshots; all by default */
    public AttachOptions setScrollback(int lines) {
        fields.put("scrollback", lines);
        return this;
    }

    /** @param offset to go on from, of the last delivery that was consumed; a snapshot comes first where it is too old */
    public AttachOptions setFrom(long offset) {
        fields.put("from", offset);
        return this;
    }

    public JsonObject toJson() {
        return fields.copy();
    }
}
