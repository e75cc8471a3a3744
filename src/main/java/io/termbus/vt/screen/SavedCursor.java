package io.termbus.vt.screen;

/**
 * What DECSC keeps, one for each buffer. The row counts from the oldest row of the scrollback, so that
 * a saved cursor scrolls with the text.
 */
public final class SavedCursor {
    /** The width of the screen where a wrap was pending. */
    int x;

    int line;
    boolean origin;
    final Pen pen = new Pen();
    final Charsets charsets = new Charsets();

    /** As if nothing had been saved yet; the row of the screen's top is {@code topLine}. */
    void reset(int topLine) {
        x = 0;
        line = topLine;
        origin = false;
        pen.reset();
        charsets.reset();
    }

    public int x() {
        return x;
    }

    public int line() {
        return line;
    }

    public boolean origin() {
        return origin;
    }

    public Pen pen() {
        return pen;
    }

    public Charsets charsets() {
        return charsets;
    }
}
