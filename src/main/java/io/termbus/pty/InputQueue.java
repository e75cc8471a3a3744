package io.termbus.pty;

import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;

/** Input that waits for a child, bounded in bytes. Not thread-safe: its owner locks. */
final class InputQueue {
    /** What one write to the terminal may copy; the kernel rarely takes more at once. */
    private static final int PIECE_BYTES = 8192;

    private final int limit;
    private final Deque<byte[]> waiting = new ArrayDeque<>();
    private int headOffset;
    private int bytes;

    InputQueue(int limit) {
        this.limit = limit;
    }

    boolean isEmpty() {
        return bytes == 0;
    }

    /** Whether so many bytes have room while nothing waits. */
    boolean couldHold(int count) {
        return count <= limit;
    }

    boolean hasRoomFor(int more) {
        return more <= limit - bytes;
    }

    /** Appends what follows the offset; copied, as the array is the caller's. */
    void add(byte[] input, int from) {
        if (from < input.length) {
            waiting.add(Arrays.copyOfRange(input, from, input.length));
            bytes += input.length - from;
        }
    }

    /** The next bytes, empty where none wait; they stay queued until {@link #remove}. */
    byte[] peek() {
        byte[] head = waiting.peek();
        return head == null ? new byte[0] : piece(head, headOffset);
    }

    /** At most one piece of the array from there on; the array itself where that is all of it. */
    static byte[] piece(byte[] input, int from) {
        int to = Math.min(input.length, from + PIECE_BYTES);
        return from == 0 && to == input.length ? input : Arrays.copyOfRange(input, from, to);
    }

    /** Removes that many bytes of what {@link #peek} returned. */
    void remove(int count) {
        bytes -= count;
        headOffset += count;
        byte[] head = waiting.peek();
        if (head != null && headOffset == head.length) {
            waiting.remove();
            headOffset = 0;
        }
    }

    /** A copy of all that waits. */
    byte[] copy() {
        byte[] all = new byte[bytes];
        int at = 0;
        int from = headOffset;
        for (byte[] each : waiting) {
            System.arraycopy(each, from, all, at, each.length - from);
            at += each.length - from;
            from = 0;
        }
        return all;
    }

    void clear() {
        waiting.clear();
        headOffset = 0;
        bytes = 0;
    }
}
