package io.termbus.vt.snapshot;

import io.termbus.vt.screen.Terminal;

/**
 * Writes the state of a terminal with as much scrollback as fits: ten thousand wide lines in many colours are tens of
 * megabytes, more than one subscriber may cost. Stops when it is too long already, so that what does not fit costs no more
 * than what does.
 */
public final class BoundedSnapshot {
    /** After so many tries with less scrollback there is none. */
    private static final int TRIES = 6;

    private BoundedSnapshot() {}

    /**
     * @param detail less than all where the screen alone was too long
     * @param lines of scrollback that are in it
     */
    public record Result(byte[] bytes, Detail detail, int lines) {}

    /**
     * @param scrollbackLines at most so many lines of scrollback, the newest
     * @param maxBytes scrollback is left out, oldest first, until no more than this is left. Where the screen alone is
     *     longer it is told without links, then without attributes and marks, then in whatever length that has
     */
    public static Result ansi(Terminal terminal, int scrollbackLines, int maxBytes) {
        return ansi(terminal, scrollbackLines, maxBytes, maxBytes);
    }

    /** @param wantedBytes the same for the scrollback alone: the screen may be longer, up to {@code maxBytes} */
    public static Result ansi(Terminal terminal, int scrollbackLines, int wantedBytes, int maxBytes) {
        int bytes = Math.min(wantedBytes, maxBytes);
        int lines = Math.min(scrollbackLines, terminal.scrollbackSize());
        for (int i = 0; i < TRIES && lines > 0; i++) {
            try {
                return new Result(Snapshots.ansi(terminal, lines, bytes, Detail.ALL), Detail.ALL, lines);
            } catch (TooLongException e) {
                lines = fewer(lines, e.lines() - terminal.primary().height());
            }
        }
        for (Detail detail : Detail.values()) {
            try {
                return new Result(Snapshots.ansi(terminal, 0, maxBytes, detail), detail, 0);
            } catch (TooLongException e) {
                // then with less
            }
        }
        return plain(terminal);
    }

    private static Result plain(Terminal terminal) {
        try {
            return new Result(Snapshots.ansi(terminal, 0, Integer.MAX_VALUE, Detail.PLAIN), Detail.PLAIN, 0);
        } catch (TooLongException e) {
            throw new IllegalStateException("a plain screen has no such length", e);
        }
    }

    /** As {@link #ansi}, as plain text; {@code maxChars} in UTF-16 units. */
    public static String text(Terminal terminal, int scrollbackLines, int maxChars) {
        return Snapshots.text(terminal, scrollbackLines, maxChars);
    }

    /** A little less than what was written would be, if all lines were alike. */
    private static int fewer(int lines, int written) {
        return Math.max(0, Math.min(lines - 1, (int) (written * 9L / 10)));
    }
}
