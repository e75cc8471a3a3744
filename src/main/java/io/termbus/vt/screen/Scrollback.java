package io.termbus.vt.screen;

import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The rows that left the top of a screen, packed, in a ring that drops the oldest. */
final class Scrollback {
    private final int capacity;
    private @Nullable Object[] ring = new Object[0];
    private int first;
    private int size;

    Scrollback(int capacity) {
        this.capacity = capacity;
    }

    int size() {
        return size;
    }

    int capacity() {
        return capacity;
    }

    void push(Row row) {
        if (capacity == 0) {
            return;
        }
        if (size == ring.length && size < capacity) {
            grow();
        }
        if (size == capacity) {
            ring[first] = PackedRow.pack(row);
            first = first + 1 == ring.length ? 0 : first + 1;
        } else {
            ring[index(size++)] = PackedRow.pack(row);
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
        ring[index(line)] = PackedRow.pack(row);
    }

    void clear() {
        ring = new Object[0];
        first = 0;
        size = 0;
    }

    /** Replaces everything; keeps the youngest rows if there are too many. */
    void replace(List<Object> rows) {
        int kept = Math.min(rows.size(), capacity);
        ring = Arrays.copyOf(rows.subList(rows.size() - kept, rows.size()).toArray(), kept);
        first = 0;
        size = kept;
    }
}
