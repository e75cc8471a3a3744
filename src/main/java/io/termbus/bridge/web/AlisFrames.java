package io.termbus.bridge.web;

import io.termbus.record.cast.Utf8;
import io.vertx.core.buffer.Buffer;
import java.util.Arrays;

/**
 * Deliveries of one subscriber as messages of ALiS 1, asciinema's live streams. Numbers have as many bytes as they need, seven
 * bits in each, the lowest first. Times are microseconds; those of events count from the message before.
 */
final class AlisFrames {
    /** The first message. */
    static final Buffer MAGIC = Buffer.buffer("ALiS\001");
    /** The last one. */
    static final Buffer END = Buffer.buffer(new byte[] {4});

    private static final byte RESET = 1;
    private static final byte NO_THEME = 0;
    private static final long MICROS_PER_MILLI = 1000;

    private long id;
    private long beganMillis = -1;
    private long lastMillis;
    private byte[] cut = new byte[0];

    /** @param millis epoch milliseconds */
    Buffer snapshot(long millis, int cols, int rows, byte[] state) {
        if (beganMillis < 0) {
            beganMillis = millis;
            lastMillis = millis;
        }
        passed(millis);
        cut = new byte[0];
        Buffer frame = Buffer.buffer(state.length + 32).appendByte(RESET);
        number(frame, id);
        number(frame, (lastMillis - beganMillis) * MICROS_PER_MILLI);
        number(frame, cols);
        number(frame, rows);
        number(frame.appendByte(NO_THEME), state.length);
        return frame.appendBytes(state);
    }

    /** What a character's rest is missing of waits for it. */
    Buffer output(long millis, byte[] bytes) {
        byte[] all = Arrays.copyOf(cut, cut.length + bytes.length);
        System.arraycopy(bytes, 0, all, cut.length, bytes.length);
        int whole = all.length - Utf8.cutAt(all, 0, all.length);
        cut = Arrays.copyOfRange(all, whole, all.length);
        Buffer frame = event('o', millis);
        number(frame, whole);
        return frame.appendBytes(all, 0, whole);
    }

    Buffer resize(int cols, int rows) {
        Buffer frame = event('r', lastMillis);
        number(frame, cols);
        number(frame, rows);
        return frame;
    }

    Buffer exit(int status) {
        Buffer frame = event('x', lastMillis);
        number(frame, status);
        return frame;
    }

    private Buffer event(char type, long millis) {
        Buffer frame = Buffer.buffer().appendByte((byte) type);
        number(frame, ++id);
        number(frame, passed(millis) * MICROS_PER_MILLI);
        return frame;
    }

    /** The time since the last message; a clock that goes back stands still. */
    private long passed(long millis) {
        long now = Math.max(millis, lastMillis);
        long passed = now - lastMillis;
        lastMillis = now;
        return passed;
    }

    private static void number(Buffer out, long value) {
        long rest = value;
        while (rest > 0x7F) {
            out.appendByte((byte) (rest & 0x7F | 0x80));
            rest >>= 7;
        }
        out.appendByte((byte) rest);
    }
}
