package io.termbus.metrics;

import java.util.concurrent.atomic.AtomicLongArray;

/** Counts that only grow, one for each series of a metric. Any thread may look at them. */
public final class Tally {
    private final AtomicLongArray counts;
    private final boolean shared;
    private final boolean on;

    /** @param shared by several writers; else one thread at a time adds, which costs it no more than a plain field */
    Tally(int counts, boolean shared, boolean on) {
        this.counts = new AtomicLongArray(on ? counts : 0);
        this.shared = shared;
        this.on = on;
    }

    public void add(int series, long by) {
        if (!on) {
            return;
        }
        if (shared) {
            counts.getAndAdd(series, by);
        } else {
            counts.setOpaque(series, counts.getPlain(series) + by);
        }
    }

    /** Of a metric without labels. */
    public void add(long by) {
        add(0, by);
    }

    long get(int series) {
        return counts.getOpaque(series);
    }
}
