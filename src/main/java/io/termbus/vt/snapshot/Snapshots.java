package io.termbus.vt.snapshot;

import io.termbus.vt.screen.Row;
import io.termbus.vt.screen.ScreenBuffer;
import io.termbus.vt.screen.Terminal;
import java.util.ArrayDeque;
import java.util.Deque;

/** A terminal's state as bytes for a client, or as text for a reader. Called by the terminal's owner. */
public final class Snapshots {
    private Snapshots() {}

    /**
     * Bytes that bring an xterm.js of the same size, just reset, with at least as much scrollback, into
     * the state of {@code terminal}: what follows in the stream then has the same effect in both. Holds
     * no query. The end may be an unfinished sequence or character.
     *
     * @param scrollbackLines rows of scrollback to include at most, the youngest, at least 0
     */
    public static byte[] ansi(Terminal terminal, int scrollbackLines) {
        Output out = new Output(Integer.MAX_VALUE);
        write(terminal, scrollbackLines, out, new ScreenWriter(out, new PenWriter(out), Detail.ALL));
        return out.toArray();
    }

    /**
     * The same, given up where it would be too long.
     *
     * @param maxBytes how long it may be
     */
    public static byte[] ansi(Terminal terminal, int scrollbackLines, int maxBytes, Detail detail)
            throws TooLongException {
        Output out = new Output(maxBytes);
        ScreenWriter screen = new ScreenWriter(out, new PenWriter(out), detail);
        try {
            write(terminal, scrollbackLines, out, screen);
            return out.toArray();
        } catch (Output.FullException e) {
            throw new TooLongException(screen.linesWritten());
        }
    }

    private static void write(Terminal terminal, int scrollbackLines, Output out, ScreenWriter screen) {
        PenWriter pen = screen.pen();
        StateWriter state = new StateWriter(terminal, out, pen);
        state.writeStart();
        screen.writePrimary(terminal.primary(), scrollbackLines);
        screen.writeSaved(terminal.primary());
        state.writeTabs(terminal.primary(), screen);
        if (terminal.alternateScreen()) {
            switchToAlternate(terminal, out, pen, state, screen);
        } else {
            screen.writeHiddenSaved(terminal.alternate());
        }
        state.writeCharsets();
        state.writeMargins(terminal.active());
        state.writeModes();
        state.writeCursor(screen);
        out.raw(terminal.pendingBytes());
    }

    /** The primary buffer keeps its margins and cursor while the alternate one is shown. */
    private static void switchToAlternate(
            Terminal terminal, Output out, PenWriter pen, StateWriter state, ScreenWriter screen) {
        ScreenBuffer primary = terminal.primary();
        state.writeMargins(primary);
        out.position(Math.min(primary.x(), primary.cols() - 1), primary.y());
        pen.setDefault();
        out.csi("?1047h");
        screen.writeSaved(terminal.alternate());
        screen.writeAlternate(terminal.alternate());
        state.writeTabs(terminal.alternate(), screen);
    }

    /**
     * The rows of scrollback and screen, each on its own line, trailing blanks trimmed, soft-wrapped rows
     * not joined, every row ended by LF. The alternate screen has no scrollback.
     *
     * @param scrollbackLines rows of scrollback to include at most, the youngest, at least 0
     */
    public static String text(Terminal terminal, int scrollbackLines) {
        return text(terminal, scrollbackLines, Integer.MAX_VALUE);
    }

    /**
     * The same, with less scrollback where it would be too long, and no marks on the screen where that alone is.
     *
     * @param maxChars in UTF-16 units
     */
    public static String text(Terminal terminal, int scrollbackLines, int maxChars) {
        ScreenBuffer buffer = terminal.active();
        int size = buffer.scrollbackSize();
        String screen = rows(buffer, size, Detail.ALL, maxChars);
        if (screen.isEmpty()) {
            return rows(buffer, size, Detail.PLAIN, Integer.MAX_VALUE);
        }
        Deque<String> newest = new ArrayDeque<>();
        int room = maxChars - screen.length();
        for (int line = size - 1; line >= 0 && line >= size - scrollbackLines; line--) {
            StringBuilder text = new StringBuilder();
            appendText(text, buffer.line(line));
            room -= text.append('\n').length();
            if (room < 0) {
                break;
            }
            newest.addFirst(text.toString());
        }
        return String.join("", newest) + screen;
    }

    /** The rows from there on; nothing where they are too long. */
    private static String rows(ScreenBuffer buffer, int first, Detail detail, int maxChars) {
        StringBuilder out = new StringBuilder();
        for (int line = first; line < first + buffer.height(); line++) {
            appendText(out, detail.of(buffer.line(line)));
            out.append('\n');
            if (out.length() > maxChars) {
                return "";
            }
        }
        return out.toString();
    }

    /** The text of a row, trailing blanks trimmed. */
    public static void appendText(StringBuilder out, Row row) {
        int start = out.length();
        for (int x = 0; x < row.cols(); x++) {
            String text = row.text(x);
            if (!text.isEmpty()) {
                out.append(text);
            } else if (x == 0 || row.width(x - 1) != 2) {
                out.append(' ');
            }
        }
        int end = out.length();
        while (end > start && out.charAt(end - 1) == ' ') {
            end--;
        }
        out.setLength(end);
    }
}
