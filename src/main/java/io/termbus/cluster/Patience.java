package io.termbus.cluster;

/**
 * How long to wait for answers of other nodes that are good to have: as long as they usually take, and four times how
 * much that varies, as TCP waits for an ack (RFC 6298). On one thread.
 */
final class Patience {
    static final long LEAST_NANOS = 10_000_000L;
    static final long MOST_NANOS = 1_000_000_000L;
    private static final long FIRST_NANOS = 250_000_000L;
    private static final int GAIN = 8;
    private static final int VARIATION_GAIN = 4;

    private long usual = -1;
    private long variation;

    /** An answer took so long. */
    void took(long nanos) {
        if (usual < 0) {
            usual = nanos;
            variation = nanos / 2;
        } else {
            variation += (Math.abs(nanos - usual) - variation) / VARIATION_GAIN;
            usual += (nanos - usual) / GAIN;
        }
    }

    long nanos() {
        long wanted = usual < 0 ? FIRST_NANOS : usual + VARIATION_GAIN * variation;
        return Math.max(LEAST_NANOS, Math.min(MOST_NANOS, wanted));
    }
}
