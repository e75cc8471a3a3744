package io.termbus.flow.output;

import java.util.Arrays;

/**
 * Remembers when a session's output came: marks of offset and time, from which the age of any byte follows. The
 * error is at most 10 ms or an eighth of the age, whichever is more, for ages up to days. Costs one
 * comparison for most outputs. Single writer: the flow-control instance that owns the session.
 *
 * <p>Invariant: a byte between two marks came at the time of the first or later, and before that of the second.
 */
final class OutputClock {
    static final int MAX_MARKS = 512;

    private static final int INITIAL_MARKS = 8;
    private static final long SPACING_NANOS = 10_000_000L;
    /** Of two neighbouring marks one is given up when both lie within this part of their age. */
    private static final int PRECISION = 10;

    private long[] offsets = new long[INITIAL_MARKS];
    private long[] times = new long[INITIAL_MARKS];
    private int count;

    /**
     * Output begins at that offset.
     *
     * @param now monotonic nanoseconds
     */
    void came(long offset, long now) {
        if (count > 0 && now - times[count - 1] < SPACING_NANOS) {
            return;
        }
        if (count == offsets.length) {
            makeRoom(now);
        }
        offsets[count] = offset;
        times[count] = now;
        count++;
    }

    /** Nanoseconds since the byte behind that offset came; 0 before the first output. */
    long age(long offset, long now) {
        if (count == 0) {
            return 0;
        }
        if (offset >= offsets[count - 1]) {
            return now - times[count - 1];
        }
        int at = Arrays.binarySearch(offsets, 0, count, offset);
        int mark = at >= 0 ? at : Math.max(0, -at - 2);
        return now - times[mark];
    }

    int marks() {
        return count;
    }

    private void makeRoom(long now) {
        if (count < MAX_MARKS) {
            offsets = Arrays.copyOf(offsets, count * 2);
            times = Arrays.copyOf(times, count * 2);
            return;
        }
        thin(now);
        if (count == MAX_MARKS) {
            keep(1, 0);
            count--;
        }
    }

    /** Gives up marks whose two neighbours are close together for their age. */
    private void thin(long now) {
        int kept = 1;
        for (int i = 1; i < count - 1; i++) {
            boolean dispensable = times[i + 1] - times[kept - 1] <= (now - times[i]) / PRECISION;
            if (!dispensable) {
                offsets[kept] = offsets[i];
                times[kept] = times[i];
                kept++;
            }
        }
        keep(count - 1, kept);
        count = kept + 1;
    }

    /** Moves the marks from one place on to another. */
    private void keep(int from, int to) {
        System.arraycopy(offsets, from, offsets, to, count - from);
        System.arraycopy(times, from, times, to, count - from);
    }
}
