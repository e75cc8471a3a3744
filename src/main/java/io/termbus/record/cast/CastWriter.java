package io.termbus.record.cast;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Events as lines of asciicast 3. Times are given from the beginning on and rounded as such, so the intervals that are
 * written add up however many there are. One thread at a time.
 */
public final class CastWriter {
    private static final long NANOS_PER_MILLI = 1_000_000;
    private static final int MILLIS = 1000;
    private static final byte[] HEX = "0123456789abcdef".getBytes(StandardCharsets.US_ASCII);

    private byte[] lines = new byte[8192];
    private int length;
    private long writtenMillis;

    /** The first line. */
    public void header(CastHeader header) {
        for (byte each : header.line()) {
            put(each);
        }
    }

    /**
     * @param nanos since the beginning; less than before is taken for as much as before
     * @param utf8 what is no UTF-8 in it is left out, as terminals do
     */
    public void event(long nanos, char code, byte[] utf8, int from, int to) {
        long millis = Math.max(writtenMillis, nanos / NANOS_PER_MILLI);
        ascii("[" + (millis - writtenMillis) / MILLIS + "."
                + String.valueOf(MILLIS + (millis - writtenMillis) % MILLIS).substring(1) + ", \"" + code + "\", \"");
        writtenMillis = millis;
        text(utf8, from, to);
        ascii("\"]\n");
    }

    public void event(long nanos, char code, String data) {
        byte[] utf8 = data.getBytes(StandardCharsets.UTF_8);
        event(nanos, code, utf8, 0, utf8.length);
    }

    /** The time of the newest event in milliseconds since the beginning, as a reader adds it up. */
    public long millis() {
        return writtenMillis;
    }

    /** Lines that wait to be taken, in bytes. */
    public int length() {
        return length;
    }

    /** Hands the lines out that were written since the last time. */
    public byte[] take() {
        byte[] taken = Arrays.copyOf(lines, length);
        length = 0;
        return taken;
    }

    private void text(byte[] utf8, int from, int to) {
        int at = from;
        while (at < to) {
            int count = Utf8.lengthAt(utf8, at, to);
            if (count == 1) {
                character(utf8[at]);
            } else {
                for (int i = at; i < at + count; i++) {
                    put(utf8[i]);
                }
            }
            at += Math.max(1, count);
        }
    }

    private void character(byte ascii) {
        if (ascii == '"' || ascii == '\\') {
            put((byte) '\\');
            put(ascii);
        } else if (ascii == '\r' || ascii == '\n') {
            put((byte) '\\');
            put((byte) (ascii == '\r' ? 'r' : 'n'));
        } else if (ascii >= ' ') {
            put(ascii);
        } else {
            ascii("\\u00");
            put(HEX[ascii >> 4]);
            put(HEX[ascii & 0xF]);
        }
    }

    private void ascii(String text) {
        for (int i = 0; i < text.length(); i++) {
            put((byte) text.charAt(i));
        }
    }

    private void put(byte next) {
        if (length == lines.length) {
            lines = Arrays.copyOf(lines, length * 2);
        }
        lines[length++] = next;
    }
}
