package io.termbus.vt.parser;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/** A run of characters outside ASCII, with what little ASCII is among them, decoded at once. */
final class TextRun {
    /** Characters handed on at once: each may cost a mark, or a row of a thousand cells. */
    private static final int LIMIT = 64;

    /** So much ASCII in a row goes by itself: it needs no decoding. */
    private static final int LONG_ASCII = 16;

    private static final VarHandle FOUR = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);
    private static final VarHandle EIGHT = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final long ONES = 0x0101010101010101L;

    final int[] characters = new int[LIMIT];
    private int size;

    int size() {
        return size;
    }

    /**
     * Decodes from {@code bytes[from]} on, up to a control, what is malformed or cut, or the last bytes.
     *
     * @return up to where
     */
    int read(byte[] bytes, int from, int to) {
        int n = 0;
        int i = from;
        while (i + Integer.BYTES <= to && n < LIMIT) {
            int four = (int) FOUR.get(bytes, i);
            if ((four & 0x80) == 0) {
                int end = endOfAscii(bytes, i, Math.min(to, i + LONG_ASCII));
                if (end == i || end == i + LONG_ASCII) {
                    break;
                }
                while (i < end && n < LIMIT) {
                    characters[n++] = bytes[i++];
                }
                continue;
            }
            int length;
            int character;
            if ((four & 0xC0C0F0) == 0x8080E0) {
                length = 3;
                character = (four & 0x0F) << 12 | (four >> 8 & 0x3F) << 6 | four >> 16 & 0x3F;
            } else if ((four & 0xC0E0) == 0x80C0) {
                length = 2;
                character = (four & 0x1F) << 6 | four >> 8 & 0x3F;
            } else if ((four & 0xC0C0C0F8) == 0x808080F0) {
                length = 4;
                character =
                        (four & 0x07) << 18 | (four >> 8 & 0x3F) << 12 | (four >> 16 & 0x3F) << 6 | four >> 24 & 0x3F;
            } else {
                break;
            }
            if (character < 0xA0 || !Utf8Decoder.valid(character, length)) {
                break;
            }
            characters[n++] = character;
            i += length;
        }
        size = n;
        return i;
    }

    /** Where bytes in 0x20..0x7E end. */
    static int endOfAscii(byte[] bytes, int from, int to) {
        int i = from;
        while (i + Long.BYTES <= to) {
            long eight = (long) EIGHT.get(bytes, i);
            // the lowest octet that has its high bit here is the first other one: borrows and carries come from such
            long others = (eight | eight - 0x20 * ONES | eight + ONES) & 0x80 * ONES;
            if (others != 0) {
                return i + (Long.numberOfTrailingZeros(others) >>> 3);
            }
            i += Long.BYTES;
        }
        while (i < to && printable(bytes[i])) {
            i++;
        }
        return i;
    }

    /** True for 0x20 to 0x7E. */
    static boolean printable(byte b) {
        return (byte) (b + 1) > 0x20;
    }
}
