package io.termbus.flow.output;

import java.util.Locale;

/** Why a subscriber gets a snapshot. */
enum SnapshotReason {
    /** It has just attached, or named a place to go on from that is not held any more. */
    ATTACH,
    /** It lags too far, or what waits for it would take its link too long. */
    LAG,
    /** An interrupt was typed: what waits gives way at once. */
    INTERRUPT,
    /** What it owes of the scrollback, once there is time for it. */
    SCROLLBACK,
    /** The scrollback was dropped. */
    CLEAR,
    /** An earlier snapshot did not arrive, as nobody listened. */
    RESUME;

    private final String text = name().toLowerCase(Locale.ROOT);

    @Override
    public String toString() {
        return text;
    }
}
