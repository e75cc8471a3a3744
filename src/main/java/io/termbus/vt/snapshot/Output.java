package io.termbus.vt.snapshot;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** The bytes being written. */
final class Output {
    /** Ends writing when it is enough; thrown often, so without a stack trace. */
    static final class FullException extends RuntimeException {
        private static final long serialVersionUID = 1;

        private FullException() {
            super("full", null, false, false);
        }
    }

    private final int limit;
    private byte[] bytes = new byte[4096];
    private int size;

    /** @param limit most bytes that it takes */
    Output(int limit) {
        this.limit = limit;
    }

    private void reserve(int count) {
        if (count > limit - size) {
            throw new FullException();
        }
        if (size + count > bytes.length) {
            bytes = Arrays.copyOf(bytes, Math.max(bytes.length * 2, size + count));
        }
    }

    Output raw(int value) {
        reserve(1);
        bytes[size++] = (byte) value;
        return this;
    }

    Output raw(byte[] source) {
        reserve(source.length);
        System.arraycopy(source, 0, bytes, size, source.length);
        size += source.length;
        return this;
    }

    Output text(String text) {
        if (text.length() == 1 && text.charAt(0) < 0x80) {
            return raw(text.charAt(0));
        }
        return raw(text.getBytes(StandardCharsets.UTF_8));
    }

    Output csi(String rest) {
        return raw(0x1B).raw('[').text(rest);
    }

    /** A control sequence with one count, left out where it is 1. */
    Output csi(int count, String rest) {
        return csi(count == 1 ? rest : count + rest);
    }

    Output escape(String rest) {
        return raw(0x1B).text(rest);
    }

    Output osc(String payload) {
        return raw(0x1B).raw(']').text(payload).raw(0x1B).raw('\\');
    }

    /** Moves the cursor; both count from 0. */
    Output position(int x, int y) {
        return csi((y + 1) + ";" + (x + 1) + "H");
    }

    byte[] toArray() {
        return Arrays.copyOf(bytes, size);
    }
}
