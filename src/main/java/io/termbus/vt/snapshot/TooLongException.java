package io.termbus.vt.snapshot;

/** A snapshot was given up when it had as many bytes as it may. */
public final class TooLongException extends Exception {
    private static final long serialVersionUID = 1;
    private final int lines;

    TooLongException(int lines) {
        super("longer than it may be", null, false, false);
        this.lines = lines;
    }

    /** How many lines of scrollback and screen, from the oldest on, had been written. */
    public int lines() {
        return lines;
    }
}
