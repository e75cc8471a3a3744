package io.termbus.session;

import java.util.concurrent.atomic.AtomicInteger;

/**
 * The sessions of the node that had to rest and still have something to do. Together they get about a quarter of the
 * processors; one alone a third of its event loop where there are two. Any thread.
 */
final class HeavySessions {
    /** Of so many processors they may keep one busy. */
    private static final int PROCESSORS_PER_BUSY_ONE = 4;

    private static final long MOST_REST_NANOS = 1_000_000_000;

    private final int processors;
    private final AtomicInteger size = new AtomicInteger();

    /** @param processors that the JVM may use */
    HeavySessions(int processors) {
        this.processors = processors;
    }

    void enter() {
        size.incrementAndGet();
    }

    void leave() {
        size.decrementAndGet();
    }

    /** How long one of them rests from work that took so long, both in nanoseconds. */
    long rest(long work) {
        long others = Math.max(1, size.get());
        return Math.min(
                MOST_REST_NANOS,
                Math.min(work, MOST_REST_NANOS) * Math.max(processors, PROCESSORS_PER_BUSY_ONE * others) / processors);
    }
}
