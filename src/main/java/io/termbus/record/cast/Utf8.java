package io.termbus.record.cast;

/** Where characters begin and end in output, which may be cut anywhere, and may be anything. */
public final class Utf8 {
    /** {@link #lengthAt}: the byte belongs to no character. */
    private static final int NONE = 0;
    /** {@link #lengthAt}: the character's end is not there yet. */
    private static final int CUT = -1;

    private Utf8() {}

    /** How many bytes at the end begin a character that is not whole, 0..3. */
    public static int cutAt(byte[] bytes, int from, int to) {
        for (int at = Math.max(from, to - 3); at < to; at++) {
            if (lengthAt(bytes, at, to) == CUT) {
                return to - at;
            }
        }
        return 0;
    }

    /** Whether it is UTF-8 from the first byte to the last. */
    public static boolean isWhole(byte[] bytes, int from, int to) {
        int at = from;
        while (at < to) {
            int length = lengthAt(bytes, at, to);
            if (length <= 0) {
                return false;
            }
            at += length;
        }
        return true;
    }

    /** 1..4, {@link #NONE} or {@link #CUT}. What terminals pass over is no character. */
    static int lengthAt(byte[] bytes, int at, int to) {
        byte lead = bytes[at];
        if (lead >= 0) {
            return 1;
        }
        int length = (lead & 0xE0) == 0xC0 ? 2 : (lead & 0xF0) == 0xE0 ? 3 : (lead & 0xF8) == 0xF0 ? 4 : 0;
        int value = lead & 0xFF >> length + 1;
        for (int i = 1; i < length; i++) {
            if (at + i == to) {
                return CUT;
            }
            if ((bytes[at + i] & 0xC0) != 0x80) {
                return NONE;
            }
            value = value << 6 | bytes[at + i] & 0x3F;
        }
        return isCharacter(value, length) ? length : NONE;
    }

    private static boolean isCharacter(int value, int length) {
        return switch (length) {
            case 2 -> value >= 0x80;
            case 3 -> value >= 0x800 && (value < 0xD800 || value > 0xDFFF);
            case 4 -> value >= 0x10000 && value <= 0x10FFFF;
            default -> false;
        };
    }
}
