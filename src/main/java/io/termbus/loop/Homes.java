package io.termbus.loop;

import java.util.OptionalInt;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.function.LongSupplier;

/**
 * Decides which event loop is home to a new session: the one of the connection that makes it, as then a key and its
 * echo never change threads, unless that loop has clearly more to do than another. Any thread may call.
 */
public final class Homes {
    /** A loop may have so many sessions more than another one. */
    static final int SESSIONS_AHEAD = 8;

    /** As much output in a second weighs as much as one session: a screen that is redrawn ten times a second. */
    static final long BYTES_PER_SESSION = 65_536;

    /** How long output weighs. */
    private static final long WINDOW_NANOS = 1_000_000_000L;

    private final LongSupplier nanoTime;
    private final AtomicIntegerArray sessions;
    private final AtomicLongArray bytes;
    private long windowFrom;

    /** @param loops how many there are */
    public Homes(int loops) {
        this(loops, System::nanoTime);
    }

    Homes(int loops, LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
        this.sessions = new AtomicIntegerArray(loops);
        this.bytes = new AtomicLongArray(loops);
        this.windowFrom = nanoTime.getAsLong();
    }

    /** Takes a place for a session: on the wanted loop if that has no clearly more to do than another. */
    public synchronized int take(OptionalInt wanted) {
        fade();
        int least = 0;
        for (int i = 1; i < sessions.length(); i++) {
            if (load(i) < load(least)) {
                least = i;
            }
        }
        boolean near = wanted.isPresent() && load(wanted.getAsInt()) - load(least) < SESSIONS_AHEAD;
        int home = near ? wanted.getAsInt() : least;
        sessions.incrementAndGet(home);
        return home;
    }

    /** Takes a place for a session on that loop. */
    public void takeAt(int loop) {
        sessions.incrementAndGet(loop);
    }

    /** A session has ended. */
    public void leave(int loop) {
        sessions.decrementAndGet(loop);
    }

    /** A session at that loop has said so much. */
    public void output(int loop, int count) {
        bytes.lazySet(loop, bytes.get(loop) + count);
    }

    private long load(int loop) {
        return sessions.get(loop) + bytes.get(loop) / BYTES_PER_SESSION;
    }

    /** Output of long ago weighs nothing: what is there is halved for each window that has passed. */
    private void fade() {
        long windows = (nanoTime.getAsLong() - windowFrom) / WINDOW_NANOS;
        if (windows > 0) {
            windowFrom += windows * WINDOW_NANOS;
            for (int i = 0; i < bytes.length(); i++) {
                bytes.set(i, bytes.get(i) >> Math.min(windows, Long.SIZE - 1));
            }
        }
    }
}
