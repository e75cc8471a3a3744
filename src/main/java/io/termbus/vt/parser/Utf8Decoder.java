package io.termbus.vt.parser;

/**
 * Incremental UTF-8, one byte at a time. What is malformed, overlong, a surrogate, above U+10FFFF or a
 * byte order mark is dropped without a replacement character, as xterm.js does.
 */
final class Utf8Decoder {
    /** No code point yet; the byte was taken. */
    static final int MORE = -1;
    /** No code point; the byte was not taken and begins something new. */
    static final int AGAIN = -2;

    private final byte[] taken = new byte[3];
    private int takenCount;
    private int missing;
    private int value;

    boolean idle() {
        return missing == 0;
    }

    void reset() {
        missing = 0;
        takenCount = 0;
    }

    /** A code point, {@link #MORE} or {@link #AGAIN}. Only for bytes outside ASCII, or while not idle. */
    int take(byte next) {
        if (missing == 0) {
            return start(next);
        }
        if ((next & 0xC0) != 0x80) {
            reset();
            return AGAIN;
        }
        value = value << 6 | next & 0x3F;
        if (--missing > 0) {
            taken[takenCount++] = next;
            return MORE;
        }
        int length = takenCount + 1;
        takenCount = 0;
        return valid(value, length) ? value : MORE;
    }

    private int start(byte lead) {
        if ((lead & 0xE0) == 0xC0) {
            begin(lead, 1, 0x1F);
        } else if ((lead & 0xF0) == 0xE0) {
            begin(lead, 2, 0x0F);
        } else if ((lead & 0xF8) == 0xF0) {
            begin(lead, 3, 0x07);
        }
        return MORE;
    }

    private void begin(byte lead, int continuations, int mask) {
        missing = continuations;
        value = lead & mask;
        taken[0] = lead;
        takenCount = 1;
    }

    /** True where a value that took this many bytes is a code point to keep. */
    static boolean valid(int value, int length) {
        if (length == 2) {
            return value >= 0x80;
        }
        if (length == 3) {
            return value >= 0x800 && (value < 0xD800 || value > 0xDFFF) && value != 0xFEFF;
        }
        return value >= 0x10000 && value <= 0x10FFFF;
    }

    void appendPending(ByteBuffer out) {
        if (missing > 0) {
            out.add(taken, 0, takenCount);
        }
    }
}
