package io.termbus.bridge;

import java.util.concurrent.atomic.AtomicInteger;

/**
 * The connections that have sent more than a turn's worth. Together they get about an eighth of the processors, until
 * they are so many that each rests for the longest time: what is left is for those that send little. Any thread.
 */
public final class Crowd {
    /** How long any of them rests at the most, in nanoseconds. */
    public static final long MOST_REST_NANOS = 1_000_000_000;
    /** Of so many processors they may keep one busy. */
    private static final int PROCESSORS_PER_BUSY_ONE = 8;

    private final int processors;
    private final AtomicInteger size = new AtomicInteger();

    /** @param processors that the JVM may use */
    public Crowd(int processors) {
        this.processors = processors;
    }

    public void enter() {
        size.incrementAndGet();
    }

    public int size() {
        return size.get();
    }

    public void leave() {
        size.decrementAndGet();
    }

    /** How long a connection rests from work that took so long, both in nanoseconds. */
    public long rest(long work) {
        long most = Math.min(work, MOST_REST_NANOS);
        return Math.min(MOST_REST_NANOS, most * Math.max(processors, PROCESSORS_PER_BUSY_ONE * size()) / processors);
    }
}
