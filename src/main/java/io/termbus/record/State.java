package io.termbus.record;

/**
 * The state of a session's terminal after {@code offset} bytes of its output.
 *
 * @param bytes that put a freshly reset terminal of that size into the state
 */
public record State(long offset, int cols, int rows, byte[] bytes) {
    /** Of scrollback that is in it; enough for a screen that grows. */
    public static final int SCROLLBACK_LINES = 1000;
    /** With less scrollback where it would be longer. */
    public static final int WANTED_BYTES = 256 << 10;
    /** The largest screen; none is longer. */
    public static final int MAX_BYTES = 4 << 20;
}
