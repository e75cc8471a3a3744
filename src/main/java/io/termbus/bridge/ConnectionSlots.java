package io.termbus.bridge;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/** Counts the client connections of this node over all transports and event loops. Any thread may call. */
public final class ConnectionSlots {
    private static final long SECOND_NANOS = 1_000_000_000L;

    private final AtomicLong lastWarning = new AtomicLong(System.nanoTime() - SECOND_NANOS);
    private final int max;
    private volatile boolean closed;
    private final AtomicInteger taken = new AtomicInteger();

    /** @param max the setting {@code connection.max} */
    public ConnectionSlots(int max) {
        this.max = max;
    }

    /** Takes a slot: each true must be followed by one {@link #release}. False where all are taken. */
    public boolean tryTake() {
        if (taken.incrementAndGet() <= max) {
            return true;
        }
        taken.decrementAndGet();
        return false;
    }

    /** No connection is admitted from now on; those that are stay. */
    public void close() {
        closed = true;
    }

    public boolean isClosed() {
        return closed;
    }

    /** Whether a refusal is worth a line of the log: one in a second is, or a flood of connections would be one of lines. */
    boolean mayWarn() {
        long now = System.nanoTime();
        long last = lastWarning.get();
        return now - last >= SECOND_NANOS && lastWarning.compareAndSet(last, now);
    }

    public void release() {
        taken.decrementAndGet();
    }

    public int taken() {
        return taken.get();
    }
}
