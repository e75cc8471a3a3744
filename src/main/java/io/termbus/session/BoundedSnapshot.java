package io.termbus.session;

import io.termbus.vt.screen.Terminal;
import io.termbus.vt.snapshot.Snapshots;

/**
 * Writes the state of a terminal with as much scrollback as fits: ten thousand wide lines in many colours
 * are tens of megabytes, more than one subscriber may cost.
 */
final class BoundedSnapshot {
    private BoundedSnapshot() {}

    /**
     * @param scrollbackLines at most so many lines of scrollback, the newest
     * @param maxBytes scrollback is left out, oldest first, until no more than this is left, or the screen alone
     */
    static byte[] ansi(Terminal terminal, int scrollbackLines, int maxBytes) {
        int lines = Math.min(scrollbackLines, terminal.scrollbackSize());
        byte[] bytes = Snapshots.ansi(terminal, lines);
        while (bytes.length > maxBytes && lines > 0) {
            lines = fewer(lines, bytes.length, maxBytes);
            bytes = Snapshots.ansi(terminal, lines);
        }
        return bytes;
    }

    /** As {@link #ansi}, as plain text; {@code maxChars} in UTF-16 units. */
    static String text(Terminal terminal, int scrollbackLines, int maxChars) {
        int lines = Math.min(scrollbackLines, terminal.scrollbackSize());
        String text = Snapshots.text(terminal, lines);
        while (text.length() > maxChars && lines > 0) {
            lines = fewer(lines, text.length(), maxChars);
            text = Snapshots.text(terminal, lines);
        }
        return text;
    }

    /** A little less than the share that would fit if all lines were alike; at the latest none. */
    private static int fewer(int lines, int size, int max) {
        return (int) Math.min(lines - 1L, (long) lines * max / size * 9 / 10);
    }
}
