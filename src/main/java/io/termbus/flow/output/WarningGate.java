package io.termbus.flow.output;

import org.jspecify.annotations.Nullable;

/**
 * Lets at most {@value #PER_SECOND} warnings of one subscriber pass in any second, and always the last
 * state: a change that must wait is told when a second has passed since the tenth last warning, if it
 * still holds by then.
 */
final class WarningGate {
    static final int PER_SECOND = 10;
    private static final long WINDOW_NANOS = 1_000_000_000L;

    private long @Nullable [] passed;
    private int total;
    private Zone told = Zone.GREEN;

    /** The zone that the subscriber was told last. */
    Zone told() {
        return told;
    }

    /** Nanoseconds from {@code now} until the next warning may pass, 0 where it may at once. */
    long waitNanos(long now) {
        long[] times = passed;
        if (times == null || total < PER_SECOND) {
            return 0;
        }
        long tenthLast = times[total % PER_SECOND];
        return Math.max(0, tenthLast + WINDOW_NANOS - now);
    }

    /** Notes that the subscriber is told {@code zone} now. */
    void tell(Zone zone, long now) {
        long[] times = passed;
        if (times == null) {
            times = new long[PER_SECOND];
            passed = times;
        }
        times[total % PER_SECOND] = now;
        total++;
        told = zone;
    }
}
