package io.termbus.flow;

/**
 * The deliveries of one subscriber that it has not acked, oldest first. The counts never go below zero
 * and never above what was sent. Single writer: the flow-control instance that owns the subscriber.
 */
final class UnackedWindow {
    private static final int INITIAL_SIZE = 16;

    /** Sizes of the unacked deliveries: a ring, its length a power of two. */
    private int[] sizes = new int[INITIAL_SIZE];

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

    /** Counts one more delivery and returns its sequence number. */
    long sent(int size) {
        if (count == sizes.length) {
            grow();
        }
        lastSeq++;
        sizes[slot(lastSeq)] = size;
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
        sizes = new int[old.length * 2];
        for (long seq = lastSeq - count + 1; seq <= lastSeq; seq++) {
            sizes[slot(seq)] = old[(int) seq & (old.length - 1)];
        }
    }
}
