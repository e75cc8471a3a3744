package io.termbus.vt.screen;

import org.jspecify.annotations.Nullable;

/**
 * What DECSC keeps, one for each buffer. The row counts from the oldest row of the scrollback, so that
 * a saved cursor scrolls with the text.
 */
public final class SavedCursor {
    int x;
    int line;
    int fg;
    int bg;

    @Nullable
    Charset charset;

    public int x() {
        return x;
    }

    public int line() {
        return line;
    }

    public int fg() {
        return fg;
    }

    public int bg() {
        return bg;
    }

    public @Nullable Charset charset() {
        return charset;
    }
}
