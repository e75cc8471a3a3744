package io.termbus.session;

import io.termbus.guard.FairShare;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * Says when a session that makes its event loop work hard for what it prints has had its turn, and for how long it then
 * rests. Output that costs as little as text does is never made to rest, however much it is. On the session's event loop.
 */
final class Turns {
    /** What a session may take before others of its event loop come; an echo passes several of these loops' turns. */
    static final long TURN_NANOS = 1_000_000;
    /** What a byte may cost without counting: 50 MB/s, slower than any text is taken in. */
    static final long FREE_NANOS_PER_BYTE = 20;
    /** A step is short: where one seems long, the thread may have been kept from its processor. */
    static final int MANY_STEPS = 4;

    private final LongSupplier nanoTime;
    private final FairShare heavy;
    private boolean counted;
    private long began;
    private long worked;
    private long stepBegan;
    private int steps;

    Turns(FairShare heavy, LongSupplier nanoTime) {
        this.heavy = heavy;
        this.nanoTime = nanoTime;
        this.began = nanoTime.getAsLong();
    }

    /** A step begins. Who has idled for as long as it would rest begins anew. */
    void begin() {
        stepBegan = nanoTime.getAsLong();
        if (stepBegan - began - worked >= (counted ? heavy.rest(TURN_NANOS) : heavy.restOfNewcomer(TURN_NANOS))) {
            anew(stepBegan);
        }
    }

    private void anew(long now) {
        began = now;
        worked = 0;
        steps = 0;
    }

    /**
     * It has ended.
     *
     * @param bytes of output that it took in
     * @return for how many milliseconds to rest, 0 not at all
     */
    long ended(int bytes) {
        worked += Math.max(0, nanoTime.getAsLong() - stepBegan - bytes * FREE_NANOS_PER_BYTE);
        steps++;
        if (worked < TURN_NANOS || steps < MANY_STEPS) {
            return 0;
        }
        if (!counted) {
            counted = true;
            heavy.enter();
        }
        return Math.max(1, TimeUnit.NANOSECONDS.toMillis(heavy.rest(worked)));
    }

    void rested() {
        anew(nanoTime.getAsLong());
    }

    /** Nothing is left to do. Idempotent. */
    void idle() {
        if (counted) {
            counted = false;
            heavy.leave();
        }
    }
}
