package io.termbus.flow.output;

import java.util.Locale;

/** Why a subscriber is gone, as the client is told. */
public enum DisconnectReason {
    RED_ZONE,
    QUEUE_OVERFLOW,
    STALLED,
    KICKED,
    SHUTDOWN,
    /** The hub's program changes; the session is there again in a moment. */
    RESTARTING,
    /** The session was removed before a lagging subscriber could get its last state. */
    REMOVED,
    /** The node that owns the session is gone, or cannot be reached. */
    OWNER_UNREACHABLE;

    private final String text = name().toLowerCase(Locale.ROOT);

    @Override
    public String toString() {
        return text;
    }
}
