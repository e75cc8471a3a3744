package io.termbus.metrics;

/** Times, of which is kept how many were no longer than each of some bounds, and their sum. */
public final class Histogram {
    private final Tally cells;
    private final long[] boundsNanos;

    /** @param cells for each series a count for each bound, one for what is longer, then the sum in nanoseconds */
    Histogram(Tally cells, long[] boundsNanos) {
        this.cells = cells;
        this.boundsNanos = boundsNanos;
    }

    /** Notes one time, in nanoseconds. */
    public void record(int series, long nanos) {
        int first = series * (boundsNanos.length + 2);
        int bound = 0;
        while (bound < boundsNanos.length && nanos > boundsNanos[bound]) {
            bound++;
        }
        cells.add(first + bound, 1);
        cells.add(first + boundsNanos.length + 1, Math.max(0, nanos));
    }

    /** Of a metric without labels. */
    public void record(long nanos) {
        record(0, nanos);
    }
}
