package io.termbus.pty;

import java.time.Duration;

/**
 * Decides how long a PTY stays open for grandchildren after its child has ended: until it was silent for
 * the grace period, at most five of them. While nobody takes output (no credit) both clocks stand still.
 * Times are nanoseconds of a monotonic clock. Not thread-safe.
 */
final class ExitGrace {
    private static final int CAP_FACTOR = 5;

    private final long quietNanos;
    private boolean started;
    private boolean paused = true;
    private long pausedAt;
    private long quietSince;
    private long capSince;

    ExitGrace(Duration grace) {
        quietNanos = grace.toNanos();
    }

    void childExited(long now) {
        started = true;
        pausedAt = now;
        quietSince = now;
        capSince = now;
    }

    void output(long now) {
        quietSince = now;
    }

    void pause(long now) {
        if (!paused) {
            paused = true;
            pausedAt = now;
        }
    }

    void resume(long now) {
        if (paused) {
            paused = false;
            quietSince = now;
            capSince += now - pausedAt;
        }
    }

    boolean running() {
        return started && !paused;
    }

    /** Nanoseconds that are left, 0 or less when it is over. Means something only while {@link #running}. */
    long left(long now) {
        return Math.min(quietSince + quietNanos - now, capSince + CAP_FACTOR * quietNanos - now);
    }
}
