package io.termbus.vt.parser;

/**
 * What may still be done before others get their turn, in units of about a nanosecond or two: one for a byte that is parsed
 * or a cell that is written. Counted, not timed, so that the same output always stops at the same places. Not thread safe.
 */
public final class Work {
    /** A fraction of a millisecond. */
    public static final int SLICE_UNITS = 1 << 16;
    /** Plain text is quick: 16 KiB of it take some 50 µs. */
    public static final int SLICE_BYTES = 1 << 14;

    private int left = SLICE_UNITS;

    public void begin() {
        left = SLICE_UNITS;
    }

    public void spend(int units) {
        left -= units;
    }

    public boolean isOver() {
        return left <= 0;
    }

    /** What is still left, negative where the last step took more. */
    public int left() {
        return left;
    }
}
