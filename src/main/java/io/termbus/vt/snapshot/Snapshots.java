package io.termbus.vt.snapshot;

import io.termbus.vt.screen.Row;
import io.termbus.vt.screen.ScreenBuffer;
import io.termbus.vt.screen.Terminal;

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
        Output out = new Output();
        PenWriter pen = new PenWriter(out);
        StateWriter state = new StateWriter(terminal, out, pen);
        ScreenWriter screen = new ScreenWriter(out, pen);
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
        return out.toArray();
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
        ScreenBuffer buffer = terminal.active();
        int size = buffer.scrollbackSize();
        StringBuilder out = new StringBuilder();
        for (int line = Math.max(0, size - scrollbackLines); line < size + buffer.height(); line++) {
            appendText(out, buffer.line(line));
            out.append('\n');
        }
        return out.toString();
    }

    private static void appendText(StringBuilder out, Row row) {
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
