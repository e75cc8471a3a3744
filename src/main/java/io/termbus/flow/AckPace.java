package io.termbus.flow;

/**
 * How fast a subscriber acks, and whether it acks late because of what lies in line before it. Then more in
 * the line brings no byte there sooner, and makes whatever is urgent wait. What is late from the first
 * delivery on is a long way, not a line. Single writer: the flow-control instance that owns the subscriber.
 */
final class AckPace {
    /** A line so long is not noticed, in nanoseconds. */
    private static final long SHORT_LINE_NANOS = 50_000_000L;

    private static final long WINDOW_NANOS = 100_000_000L;
    /** Older figures say nothing of now. */
    private static final long STALE_NANOS = 1_000_000_000L;
    /** Of what it acks in an interval a subscriber gets less, so that the line gets shorter. */
    private static final double SHARE = 0.75;

    private static final long LEAST_BYTES = 8192;
    private static final long NONE = 0;

    /** The one delivery at a time whose way to its ack is timed. */
    private long timedSeq = NONE;

    private long timedFrom;
    private long way;
    private long shortestWay = Long.MAX_VALUE;
    private long windowFrom;
    private long windowBytes;
    private long lastAck;
    private double bytesPerNano;

    void sent(long seq, long now) {
        if (timedSeq == NONE) {
            timedSeq = seq;
            timedFrom = now;
        }
    }

    /**
     * @param throughSeq all deliveries up to this one are acked
     * @param bytes acked in all
     */
    void acked(long throughSeq, long bytes, long now) {
        lastAck = now;
        if (timedSeq != NONE && timedSeq <= throughSeq) {
            way = now - timedFrom;
            shortestWay = Math.min(shortestWay, way);
            timedSeq = NONE;
        }
        long elapsed = now - windowFrom;
        if (elapsed >= WINDOW_NANOS) {
            bytesPerNano = elapsed < STALE_NANOS ? (bytes - windowBytes) / (double) elapsed : 0;
            windowFrom = now;
            windowBytes = bytes;
        }
    }

    /**
     * How many bytes may go in one interval of a zone: {@code most}, or less where a line has formed.
     *
     * @param unacked bytes on their way and in the line
     */
    long budget(long most, long intervalNanos, long unacked, long now) {
        boolean known = bytesPerNano > 0 && now - lastAck < STALE_NANOS;
        if (intervalNanos == 0 || !known || !isLine(unacked)) {
            return most;
        }
        return Math.min(most, Math.max(LEAST_BYTES, (long) (bytesPerNano * intervalNanos * SHARE)));
    }

    /** By what is unacked now, as the last timed way is old; by that way too, as the pace of a start is too low. */
    private boolean isLine(long unacked) {
        return unacked / bytesPerNano - shortestWay >= SHORT_LINE_NANOS && way - shortestWay >= SHORT_LINE_NANOS / 2;
    }
}
