package io.termbus.vt.screen;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** The rows that left the top of a screen, packed, in a ring that drops the oldest. Knows what it takes in memory. */
final class Scrollback {
    /** A reference, and the row's bytes. */
    private static final int SLOT_BYTES = 8;

    private final int capacity;
    private @Nullable Object[] ring = new Object[0];
    /** Bytes of each row, negative where it has links; so that a row that goes is not touched, it is cold. */
    private int[] bytes = {};

    private int first;
    private int size;
    private long rowBytes;
    /** How many rows ever came. */
    private long pushed;
    /** For whom links are counted; a new one when all rows go at once. */
    private Object holder = new Object();

    Scrollback(int capacity) {
        this.capacity = capacity;
    }

    int size() {
        return size;
    }

    int capacity() {
        return capacity;
    }

    /** What it takes, in bytes. A link that several rows refer to counts once. */
    long memory() {
        return rowBytes + (long) SLOT_BYTES * ring.length;
    }

    long pushed() {
        return pushed;
    }

    void push(Row row) {
        pushed++;
        if (capacity == 0) {
            return;
        }
        if (size == ring.length && size < capacity) {
            grow();
        }
        if (size == capacity) {
            release(first);
            put(first, PackedRow.pack(row));
            first = first + 1 == ring.length ? 0 : first + 1;
        } else {
            put(index(size++), PackedRow.pack(row));
        }
    }

    private void put(int slot, Object packed) {
        ring[slot] = packed;
        int taken = PackedRow.memory(packed);
        rowBytes += taken;
        bytes[slot] = PackedRow.links(packed, link -> rowBytes += link.acquire(holder)) ? -taken : taken;
    }

    private void release(int slot) {
        rowBytes -= Math.abs(bytes[slot]);
        Object packed = ring[slot];
        if (bytes[slot] < 0 && packed != null) {
            PackedRow.links(packed, link -> rowBytes -= link.release(holder));
        }
    }

    private int index(int line) {
        int i = first + line;
        return i >= ring.length ? i - ring.length : i;
    }

    private void grow() {
        @Nullable Object[] larger = new Object[Math.min(capacity, Math.max(64, ring.length * 2))];
        for (int i = 0; i < size; i++) {
            larger[i] = ring[index(i)];
        }
        int[] largerBytes = new int[larger.length];
        for (int i = 0; i < size; i++) {
            largerBytes[i] = bytes[index(i)];
        }
        ring = larger;
        bytes = largerBytes;
        first = 0;
    }

    /** The packed row; 0 is the oldest. */
    Object packed(int line) {
        Object packed = ring[index(line)];
        if (packed == null) {
            throw new IndexOutOfBoundsException(line);
        }
        return packed;
    }

    /**
     * Drops the oldest rows until it takes no more than that.
     *
     * @return how many
     */
    int shrinkTo(long bytes) {
        int dropped = 0;
        while (size > 0 && memory() > bytes) {
            release(first);
            ring[first] = null;
            first = first + 1 == ring.length ? 0 : first + 1;
            size--;
            dropped++;
            if (size == 0) {
                clear();
            }
        }
        return dropped;
    }

    void clear() {
        ring = new Object[0];
        bytes = new int[0];
        first = 0;
        size = 0;
        rowBytes = 0;
        holder = new Object();
    }

    /** Replaces everything; keeps the youngest rows if there are too many. */
    void replace(List<Object> rows) {
        int kept = Math.min(rows.size(), capacity);
        ring = new Object[kept];
        bytes = new int[kept];
        first = 0;
        size = kept;
        rowBytes = 0;
        holder = new Object();
        for (int i = 0; i < kept; i++) {
            put(i, rows.get(rows.size() - kept + i));
        }
    }
}
