package io.termbus.flow.output;

/**
 * The deliveries of one subscriber that it has not acked, oldest first. The counts never go below zero
 * and never above what was sent. Single writer: the flow-control instance that owns the subscriber.
 */
final class UnackedWindow {
    private static final int INITIAL_SIZE = 16;
    /** Times are kept in units of 2^16 ns, which is 66 µs: an int of them lasts for more than a day. */
    private static final int TIME_BITS = 16;

    /** Sizes of the unacked deliveries: a ring, its length a power of two. */
    private int[] sizes = new int[INITIAL_SIZE];

    /** When each of them went out. */
    private int[] times = new int[INITIAL_SIZE];

    private long lastSeq;
    private int count;
    private long bytes;

    /** Sequence number of the newest delivery, 0 before the first. */
    long lastSeq() {
        return lastSeq;
    }

    int count() {
        return count;
    }

    long bytes() {
        return bytes;
    }

    /** Whether that delivery was sent and has not been acked. */
    boolean holds(long seq) {
        return seq > lastSeq - count && seq <= lastSeq;
    }

    /** Size of the oldest; there must be one. */
    int oldestSize() {
        return sizes[slot(lastSeq - count + 1)];
    }

    /** Size of the newest that was acked; there must be one. */
    int ackedSize() {
        return sizes[slot(lastSeq - count)];
    }

    /** How long ago that delivery went out, which is held, or was the last to be acked; in nanoseconds. */
    long age(long seq, long now) {
        return (long) ((int) (now >> TIME_BITS) - times[slot(seq)]) << TIME_BITS;
    }

    /** Counts one more delivery and returns its sequence number. */
    long sent(int size) {
        return sent(size, 0);
    }

    /** @param now monotonic nanoseconds, for {@link #age} */
    long sent(int size, long now) {
        if (count == sizes.length) {
            grow();
        }
        lastSeq++;
        sizes[slot(lastSeq)] = size;
        times[slot(lastSeq)] = (int) (now >> TIME_BITS);
        count++;
        bytes += size;
        return lastSeq;
    }

    /** Takes the newest delivery back: it was counted and not delivered. Returns its size. */
    int undo() {
        int size = sizes[slot(lastSeq)];
        bytes -= size;
        count--;
        lastSeq--;
        return size;
    }

    /** Acks all up to {@code seq}; returns how many that were. What is not sent yet cannot be acked. */
    int ackThrough(long seq) {
        long oldest = lastSeq - count + 1;
        return ackOldest(Math.min(seq, lastSeq) - oldest + 1);
    }

    /** Acks the {@code wanted} oldest, or as many as there are; returns how many that were. */
    int ackOldest(long wanted) {
        int acked = (int) Math.max(0, Math.min(wanted, count));
        for (int i = 0; i < acked; i++) {
            bytes -= sizes[slot(lastSeq - count + 1)];
            count--;
        }
        return acked;
    }

    private int slot(long seq) {
        return (int) seq & (sizes.length - 1);
    }

    private void grow() {
        int[] old = sizes;
        int[] oldTimes = times;
        sizes = new int[old.length * 2];
        times = new int[old.length * 2];
        for (long seq = lastSeq - count + 1; seq <= lastSeq; seq++) {
            sizes[slot(seq)] = old[(int) seq & (old.length - 1)];
            times[slot(seq)] = oldTimes[(int) seq & (old.length - 1)];
        }
    }
}
