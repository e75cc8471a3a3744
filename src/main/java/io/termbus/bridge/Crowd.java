package io.termbus.bridge;

import java.util.concurrent.atomic.AtomicInteger;

/**
 * The connections of this node that have sent more than a turn's worth ({@link Intake}). Together they get about an eighth
 * of the processors, however many they are: what is left is for those that send little. Any thread.
 */
public final class Crowd {
    /** Of so many processors they may keep one busy. */
    private static final int PROCESSORS_PER_BUSY_ONE = 8;

    private final int processors;
    private final AtomicInteger size = new AtomicInteger();

    /** @param processors that the JVM may use */
    public Crowd(int processors) {
        this.processors = processors;
    }

    void enter() {
        size.incrementAndGet();
    }

    int size() {
        return size.get();
    }

    void leave() {
        size.decrementAndGet();
    }

    /** How long a connection rests from work that took so long, in the same unit. */
    long rest(long work) {
        return work * Math.max(processors, PROCESSORS_PER_BUSY_ONE * size()) / processors;
    }
}
