package io.termbus.vt.parser;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Growing bytes with a limit: what is added beyond it sets {@link #overflown} and is dropped. */
final class ByteBuffer {
    private final int limit;
    private byte[] bytes = new byte[32];
    private int size;
    private boolean overflown;

    ByteBuffer(int limit) {
        this.limit = limit;
    }

    void clear() {
        if (bytes.length > 1024) {
            bytes = new byte[32];
        }
        size = 0;
        overflown = false;
    }

    /** What it takes, in bytes. */
    int memory() {
        return bytes.length;
    }

    int size() {
        return size;
    }

    boolean overflown() {
        return overflown;
    }

    void add(int value) {
        if (reserve(1)) {
            bytes[size++] = (byte) value;
        }
    }

    void add(byte[] source, int from, int to) {
        if (reserve(to - from)) {
            System.arraycopy(source, from, bytes, size, to - from);
            size += to - from;
        }
    }

    void addNumber(int number) {
        byte[] digits = Integer.toString(number).getBytes(StandardCharsets.US_ASCII);
        add(digits, 0, digits.length);
    }

    void addCodePoint(int codePoint) {
        if (codePoint < 0x800) {
            add(0xC0 | codePoint >> 6);
        } else if (codePoint < 0x10000) {
            add(0xE0 | codePoint >> 12);
            add(0x80 | codePoint >> 6 & 0x3F);
        } else {
            add(0xF0 | codePoint >> 18);
            add(0x80 | codePoint >> 12 & 0x3F);
            add(0x80 | codePoint >> 6 & 0x3F);
        }
        add(0x80 | codePoint & 0x3F);
    }

    private boolean reserve(int count) {
        if (overflown || size + count > limit) {
            overflown = true;
            return false;
        }
        if (size + count > bytes.length) {
            bytes = Arrays.copyOf(bytes, Math.min(limit, Math.max(bytes.length * 2, size + count)));
        }
        return true;
    }

    byte[] toArray() {
        return Arrays.copyOf(bytes, size);
    }

    String text(int from) {
        return new String(bytes, from, size - from, StandardCharsets.UTF_8);
    }

    int at(int index) {
        return bytes[index];
    }
}
