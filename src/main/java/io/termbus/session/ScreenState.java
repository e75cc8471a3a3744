package io.termbus.session;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/**
 * The state of a session's terminal. Not thread safe: the session's verticle is the only one that calls,
 * and while a snapshot is being written on a worker it calls nothing else.
 */
final class ScreenState {
    /** RIS: a freshly reset terminal. */
    private static final byte[] RESET = {0x1b, 'c'};

    private static final int TAIL_BYTES = 65536;

    private int cols;
    private int rows;
    private byte[] tail = new byte[0];

    ScreenState(int cols, int rows) {
        this.cols = cols;
        this.rows = rows;
    }

    void feed(byte[] bytes) {
        int keep = Math.min(tail.length, Math.max(0, TAIL_BYTES - bytes.length));
        int take = Math.min(bytes.length, TAIL_BYTES);
        byte[] next = new byte[keep + take];
        System.arraycopy(tail, tail.length - keep, next, 0, keep);
        System.arraycopy(bytes, bytes.length - take, next, keep, take);
        tail = next;
    }

    void resize(int newCols, int newRows) {
        cols = newCols;
        rows = newRows;
    }

    void clearScrollback() {
        tail = new byte[0];
    }

    int cols() {
        return cols;
    }

    int rows() {
        return rows;
    }

    int cursorX() {
        return 0;
    }

    int cursorY() {
        return 0;
    }

    boolean alternateScreen() {
        return false;
    }

    String title() {
        return "";
    }

    String cwd() {
        return "";
    }

    byte[] ansi(int scrollbackLines) {
        ByteArrayOutputStream out = new ByteArrayOutputStream(tail.length + 2);
        out.writeBytes(RESET);
        out.writeBytes(tail);
        return out.toByteArray();
    }

    String text(int scrollbackLines) {
        return new String(tail, StandardCharsets.UTF_8);
    }
}
