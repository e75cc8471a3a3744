package io.termbus.pty;

/** The range of sizes that a PTY takes. */
final class WindowSize {
    private static final int MAX = 1000;

    private WindowSize() {}

    /** @throws IllegalArgumentException where one of them is outside 1..1000 */
    static void check(int cols, int rows) {
        if (cols < 1 || cols > MAX || rows < 1 || rows > MAX) {
            throw new IllegalArgumentException("cols and rows are 1.." + MAX + ", not " + cols + " x " + rows);
        }
    }
}
