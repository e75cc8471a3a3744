package io.termbus.vt.screen;

import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The rows that left the top of a screen, packed, in a ring that drops the oldest. Knows what it takes in memory. */
final class Scrollback {
    private static final int REFERENCE_BYTES = 4;

    private final int capacity;
    private @Nullable Object[] ring = new Object[0];
    private int first;
    private int size;
    private long rowBytes;
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
        return rowBytes + (long) REFERENCE_BYTES * ring.length;
    }

    void push(Row row) {
        if (capacity == 0) {
            return;
        }
        if (size == ring.length && size < capacity) {
            grow();
        }
        Object packed = PackedRow.pack(row);
        hold(packed);
        if (size == capacity) {
            release(ring[first]);
            ring[first] = packed;
            first = first + 1 == ring.length ? 0 : first + 1;
        } else {
            ring[index(size++)] = packed;
        }
    }

    private void hold(Object packed) {
        rowBytes += PackedRow.memory(packed);
        if (!(packed instanceof byte[])) {
            PackedRow.links(packed, link -> rowBytes += link.acquire(holder));
        }
    }

    private void release(@Nullable Object packed) {
        if (packed != null) {
            rowBytes -= PackedRow.memory(packed);
            if (!(packed instanceof byte[])) {
                PackedRow.links(packed, link -> rowBytes -= link.release(holder));
            }
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
        ring = larger;
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

    void set(int line, Row row) {
        release(packed(line));
        Object packed = PackedRow.pack(row);
        hold(packed);
        ring[index(line)] = packed;
    }

    /**
     * Drops the oldest rows until it takes no more than that.
     *
     * @return how many
     */
    int shrinkTo(long bytes) {
        int dropped = 0;
        while (size > 0 && memory() > bytes) {
            release(ring[first]);
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
        first = 0;
        size = 0;
        rowBytes = 0;
        holder = new Object();
    }

    /** Replaces everything; keeps the youngest rows if there are too many. */
    void replace(List<Object> rows) {
        int kept = Math.min(rows.size(), capacity);
        ring = Arrays.copyOf(rows.subList(rows.size() - kept, rows.size()).toArray(), kept);
        first = 0;
        size = kept;
        rowBytes = 0;
        holder = new Object();
        for (Object packed : ring) {
            if (packed != null) {
                hold(packed);
            }
        }
    }
}
