package io.termbus.flow.output;

/**
 * Measures for how long a user has held a terminal back of late. To hold it again and again, each time a little, counts like
 * to hold it once: what was held is forgotten slowly. Single writer: who owns the session's flow.
 */
final class HeldTime {
    /** So long must somebody not hold for each second that was held: who holds a fifth of the time holds in the end. */
    static final int FORGOTTEN_IN = 4;

    private long heldNanos;
    private boolean holds;
    private long since;

    HeldTime(long now) {
        since = now;
    }

    /** From now on it holds, or does not. */
    void look(boolean nowHolds, long now) {
        long passed = now - since;
        heldNanos = holds ? heldNanos + passed : Math.max(0, heldNanos - passed / FORGOTTEN_IN);
        holds = nowHolds;
        since = now;
    }

    /** As of the last {@link #look}. */
    long nanos() {
        return heldNanos;
    }

    /** Nothing has to be remembered. */
    boolean isOver() {
        return !holds && heldNanos == 0;
    }
}
