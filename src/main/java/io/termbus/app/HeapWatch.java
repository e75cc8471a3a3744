package io.termbus.app;

/** Says when collections of the whole heap free next to nothing: the next allocation of some size fails. Any thread. */
final class HeapWatch {
    /** Of the heap, in percent, that a hub needs free to go on. */
    private static final int LEAST_FREE_PERCENT = 2;
    /** One such collection may come at the height of a burst. */
    private static final int IN_A_ROW = 3;

    private final long most;
    private int full;

    /** @param maxBytes of the heap */
    HeapWatch(long maxBytes) {
        most = maxBytes - maxBytes / 100 * LEAST_FREE_PERCENT;
    }

    /**
     * A collection has ended.
     *
     * @param whole whether it was of the whole heap
     * @param used bytes that are in use still
     */
    synchronized boolean isOver(boolean whole, long used) {
        if (used < most) {
            full = 0;
        } else if (whole) {
            full++;
        }
        return full >= IN_A_ROW;
    }
}
