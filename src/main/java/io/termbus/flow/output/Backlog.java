package io.termbus.flow.output;

import io.termbus.protocol.Payload;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The newest output of one session, by absolute offset, in one ring of bytes, the places in it where
 * the terminal got a new size, and what else its readers are told. Single writer: the flow-control instance that owns the session.
 *
 * <p>Invariant: {@code start() <= offset <= end()} for every offset that can be read, and the bytes from
 * {@code start()} to {@code end()} are all there. The ring grows with what it holds, so an idle session
 * costs little.
 */
final class Backlog {
    /** From this place in the output on the terminal has this size. */
    record SizeMark(long offset, int cols, int rows) {}

    /** Room for a prompt. */
    private static final int INITIAL_SIZE = 64;
    /** More sizes than this within one backlog, and the oldest output is given up instead. */
    private static final int MAX_MARKS = 1024;

    private final int limit;
    private final Deque<SizeMark> marks = new ArrayDeque<>();
    private final Bulletins bulletins = new Bulletins();
    private byte[] ring = new byte[INITIAL_SIZE];
    private long start;
    private long end;

    /** The newest appended payload as it came, so that subscribers that are up to date share it. */
    private @Nullable Payload newest;
    /** The newest slice that was copied out: subscribers that lag in step share it. */
    private @Nullable Payload slice;

    private long sliceFrom;

    /** @param limit bytes that are kept, &gt; 0 */
    Backlog(int limit) {
        this.limit = limit;
    }

    Bulletins bulletins() {
        return bulletins;
    }

    /** Offset of the oldest byte that is held. */
    long start() {
        return start;
    }

    /** Offset behind the newest byte. */
    long end() {
        return end;
    }

    /**
     * Appends output and drops the oldest bytes beyond the limit.
     *
     * @param keepFrom nothing from this offset on is dropped, even beyond the limit; the caller bounds that
     */
    void append(Payload payload, long keepFrom) {
        byte[] bytes = payload.bytes();
        dropBefore(Math.min(keepFrom, end + bytes.length - limit));
        ensureRoom((int) (end - start) + bytes.length);
        copyIn(bytes);
        end += bytes.length;
        newest = payload;
    }

    /** Forgets everything: nobody may read from before here. */
    void dropAll() {
        dropBefore(end);
    }

    /** Forgets everything; the next byte has that offset. */
    void restartAt(long offset) {
        start = offset;
        end = offset;
        marks.clear();
        newest = null;
        slice = null;
    }

    /** The places where the terminal got a new size, oldest first. */
    List<SizeMark> sizes() {
        return List.copyOf(marks);
    }

    /** The terminal has this size from here on. */
    void resized(int cols, int rows) {
        SizeMark last = marks.peekLast();
        if (last != null && last.offset() == end) {
            marks.removeLast();
        }
        if (marks.size() == MAX_MARKS) {
            dropBefore(marks.removeFirst().offset() + 1);
        }
        marks.addLast(new SizeMark(end, cols, rows));
    }

    /**
     * The first size mark at {@code offset} or behind it.
     *
     * @param seen a mark that the reader has got already; marks up to it are passed over
     */
    @Nullable
    SizeMark nextMark(long offset, @Nullable SizeMark seen) {
        SizeMark last = marks.peekLast();
        if (last == null || last.offset() < offset) {
            return null;
        }
        for (SizeMark mark : marks) {
            if (mark.offset() >= offset && (seen == null || mark.offset() > seen.offset() || isAfter(mark, seen))) {
                return mark;
            }
        }
        return null;
    }

    /** A later size at the same place replaces the earlier one in {@link #marks}. */
    private static boolean isAfter(SizeMark mark, SizeMark seen) {
        return mark.offset() == seen.offset() && !mark.equals(seen);
    }

    /** The bytes from one offset to another, both held; shared where somebody just read the same. */
    Payload read(long from, long to) {
        Payload whole = newest;
        if (whole != null && to == end && from == end - whole.length()) {
            return whole;
        }
        Payload last = slice;
        if (last != null && from == sliceFrom && to == from + last.length()) {
            return last;
        }
        Payload copy = Payload.of(copyOut(from, (int) (to - from)));
        slice = copy;
        sliceFrom = from;
        return copy;
    }

    /** The same for somebody who reads once. */
    Payload copy(long from, long to) {
        return Payload.of(copyOut(from, (int) (to - from)));
    }

    private void dropBefore(long offset) {
        start = Math.max(start, Math.min(offset, end));
        while (!marks.isEmpty() && marks.getFirst().offset() < start) {
            marks.removeFirst();
        }
    }

    private void ensureRoom(int needed) {
        if (needed <= ring.length) {
            return;
        }
        int size = Integer.highestOneBit(needed - 1) << 1;
        int held = (int) (end - start);
        byte[] old = copyOut(start, held);
        ring = new byte[size];
        int at = (int) (start % size);
        int first = Math.min(held, size - at);
        System.arraycopy(old, 0, ring, at, first);
        System.arraycopy(old, first, ring, 0, held - first);
    }

    private void copyIn(byte[] bytes) {
        int at = (int) (end % ring.length);
        int first = Math.min(bytes.length, ring.length - at);
        System.arraycopy(bytes, 0, ring, at, first);
        System.arraycopy(bytes, first, ring, 0, bytes.length - first);
    }

    private byte[] copyOut(long from, int length) {
        byte[] bytes = new byte[length];
        int at = (int) (from % ring.length);
        int first = Math.min(length, ring.length - at);
        System.arraycopy(ring, at, bytes, 0, first);
        System.arraycopy(ring, 0, bytes, first, length - first);
        return bytes;
    }
}
