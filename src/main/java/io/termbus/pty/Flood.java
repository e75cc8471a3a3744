package io.termbus.pty;

import java.util.concurrent.TimeUnit;

/**
 * Whether a program says more than anybody can read: whenever it is looked at it has said much. What people look at, even
 * a whole screen drawn anew, is over before that. On one thread.
 */
final class Flood {
    /** So much without a pause is one. */
    static final int BYTES = 65_536;

    /** After so long without more of it is none. */
    static final long LASTS_NANOS = TimeUnit.SECONDS.toNanos(1);

    /** What little there is when a program was waited for, and not the other way round. */
    private static final int FEW_BYTES = 1024;

    private int bytes;
    private long at;

    /**
     * Output was read.
     *
     * @param much there was more, or it has said much of late
     * @param now nanoseconds of a monotonic clock
     * @return whether it is a flood now
     */
    boolean read(int count, boolean much, long now) {
        if (much) {
            bytes = Math.min(BYTES, bytes + count);
        } else if (count < FEW_BYTES) {
            bytes = 0;
        }
        if (bytes == BYTES) {
            at = now;
        }
        return bytes == BYTES;
    }

    /** Whether it was one within the last second. */
    boolean lasts(long now) {
        return now - at < LASTS_NANOS;
    }
}
