package io.termbus.guard;

import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * Holds what comes in bursts to a rate: so much at once, and then so much a second. Used by one thread, or under its
 * owner's lock.
 */
public final class TokenBucket {
    private static final double SECOND_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final double burst;
    private final double perSecond;
    private final LongSupplier nanoTime;
    private double room;
    private long filledAt;

    /**
     * A full one.
     *
     * @param burst tokens at once, above 0
     * @param perSecond tokens that come back in a second, above 0
     * @param nanoTime of a monotonic clock
     */
    public TokenBucket(double burst, double perSecond, LongSupplier nanoTime) {
        this.burst = burst;
        this.perSecond = perSecond;
        this.nanoTime = nanoTime;
        this.room = burst;
        this.filledAt = nanoTime.getAsLong();
    }

    /** Tokens that are there now; below 0 where more were taken. */
    public double room() {
        long now = nanoTime.getAsLong();
        room = Math.min(burst, room + (now - filledAt) / SECOND_NANOS * perSecond);
        filledAt = now;
        return room;
    }

    /** Takes so many, be they there or not: what is taken beforehand is missing later. */
    public void take(double tokens) {
        room = room() - tokens;
    }
}
