package io.termbus.vt.snapshot;

import io.termbus.vt.screen.Cells;
import io.termbus.vt.screen.Extended;
import io.termbus.vt.screen.Pen;
import io.termbus.vt.screen.Row;
import io.termbus.vt.screen.SavedCursor;
import io.termbus.vt.screen.ScreenBuffer;
import io.termbus.vt.screen.ShellMark;
import java.util.List;

/** Writes the rows of both buffers, with their wrap flags. Needs full margins, autowrap, no origin or insert mode. */
final class ScreenWriter {
    /** In the order in which they come in a row: the output of a command that printed nothing, its end, the next prompt. */
    private static final List<ShellMark.Kind> MARKS =
            List.of(ShellMark.Kind.OUTPUT, ShellMark.Kind.END, ShellMark.Kind.PROMPT, ShellMark.Kind.INPUT);

    private final Output out;
    private final PenWriter pen;
    private final RowWriter rows;
    private final Detail detail;
    private boolean savedWritten;
    private int linesWritten;

    ScreenWriter(Output out, PenWriter pen, Detail detail) {
        this.detail = detail;
        this.out = out;
        this.pen = pen;
        rows = new RowWriter(out, pen);
    }

    PenWriter pen() {
        return pen;
    }

    /** A line as it is told. */
    Row line(ScreenBuffer buffer, int line) {
        return detail.of(buffer.line(line));
    }

    /** How many lines of the primary buffer are written. */
    int linesWritten() {
        return linesWritten;
    }

    /**
     * Scrollback and screen as one stream: a soft-wrapped row is left by printing over the margin, any
     * other one by CR LF, so that the client's scrollback and flags come out the same.
     */
    void writePrimary(ScreenBuffer buffer, int scrollbackLines) {
        int lines = buffer.scrollbackSize() + buffer.height();
        int first = Math.max(0, buffer.scrollbackSize() - scrollbackLines);
        saveBelowScreen(buffer);
        if (buffer.lineWrapped(first)) {
            wrapFirstRow(buffer.cols(), buffer.height());
        }
        Row row = line(buffer, first);
        int savedLine = buffer.saved().line() < buffer.scrollbackSize()
                ? Math.max(first, buffer.saved().line())
                : -1;
        for (int line = first; line < lines; line++) {
            if (line == savedLine) {
                save(buffer, Math.min(line - first, buffer.height() - 1));
                savedWritten = true;
            }
            Row next = line + 1 < lines ? line(buffer, line + 1) : null;
            boolean natural = line + 1 != savedLine
                    && !(next != null && marked(buffer, next)); // else it needs the row to be there
            boolean wideWrap = next != null && natural && next.wrapped() && wrapsWide(row, next);
            marks(buffer, row);
            int x = rows.write(row, wideWrap ? buffer.cols() - 1 : buffer.cols());
            linesWritten++;
            if (next != null) {
                leaveRow(buffer, x, next, wideWrap, natural);
                row = next;
            }
        }
    }

    private static boolean marked(ScreenBuffer buffer, Row row) {
        return MARKS.stream().anyMatch(kind -> buffer.marked(row, kind));
    }

    /** What a shell told of the row that the cursor is at the beginning of. */
    private void marks(ScreenBuffer buffer, Row row) {
        for (ShellMark.Kind kind : MARKS) {
            if (buffer.marked(row, kind)) {
                out.osc("133;" + kind.letter() + data(kind, row));
            }
        }
    }

    private static String data(ShellMark.Kind kind, Row row) {
        if (kind == ShellMark.Kind.END && row.endStatus() >= 0) {
            return ";" + row.endStatus();
        }
        return kind == ShellMark.Kind.OUTPUT && row.command() > 0 ? ";" + ShellMark.COMMAND + row.command() : "";
    }

    /** The last cell was erased because a wide character did not fit. */
    private static boolean wrapsWide(Row row, Row next) {
        int last = row.cols() - 1;
        return row.content(last) == Cells.NULL
                && next.width(0) == 2
                && row.fg(last) == next.fg(0)
                && row.bg(last) == next.bg(0)
                && row.extended(last).equals(next.extended(0))
                && naturalStart(next);
    }

    /** True where printing the row's first cell wraps and leaves the rest of the new row blank. */
    private static boolean naturalStart(Row next) {
        return (next.content(0) & Cells.HAS_CONTENT) != 0
                && next.width(0) > 0
                && (next.width(0) == 1 || next.cols() > 2)
                && !RowWriter.startsAtEnd(next)
                && (next.bg(0) & Cells.COLOR) == 0;
    }

    /** Goes to the next row, or leaves that to its first character where {@code natural} allows and the cells do. */
    private void leaveRow(ScreenBuffer buffer, int x, Row next, boolean wideWrap, boolean natural) {
        if (!next.wrapped()) {
            if (!pen.erasesToDefault()) {
                pen.setDefault();
            }
            out.raw('\r').raw('\n');
            return;
        }
        boolean pending = x >= buffer.cols();
        if (wideWrap && x < buffer.cols() - 1) {
            out.csi(buffer.cols() - 1 - x, "C");
        }
        if (wideWrap || pending && natural && naturalStart(next)) {
            return;
        }
        pen.setDefault();
        if (!pending) {
            pendWrap(buffer.cols());
        }
        out.raw('x').raw('\r').csi("X");
    }

    /** Puts the client's cursor of the primary buffer into a pending wrap without touching a cell. */
    void pendWrap(int cols) {
        out.csi("?47h").csi(cols, "G").raw('x').csi("?47l");
    }

    /** Makes the first row of a blank client one that continues a row which is gone. */
    private void wrapFirstRow(int cols, int height) {
        out.csi(cols, "G").text("xx");
        if (height == 1) {
            out.csi("3J");
        } else {
            out.csi("H").csi("M");
        }
        out.raw('\r').csi("X");
    }

    /** A cursor saved on a line that now, after the scrollback was cleared, lies below the screen. */
    private void saveBelowScreen(ScreenBuffer buffer) {
        int below = buffer.saved().line() - buffer.scrollbackSize() - buffer.height() + 1;
        if (below <= 0) {
            return;
        }
        int scrolled = buffer.saved().line() - buffer.height() + 1;
        out.position(0, buffer.height() - 1);
        for (int i = 0; i < scrolled; i++) {
            out.raw('\n');
        }
        save(buffer, buffer.height() - 1);
        savedWritten = true;
        out.csi("H").csi("3J");
    }

    /** Saves the cursor as it was saved, on row {@code y}, and leaves it at the start of that row. */
    private void save(ScreenBuffer buffer, int y) {
        SavedCursor saved = buffer.saved();
        boolean wraps = saved.x() >= buffer.cols();
        if (saved.origin()) {
            out.csi("?6h");
        }
        out.position(wraps ? buffer.cols() - 1 : saved.x(), y);
        pen.set(saved.pen());
        if (wraps && buffer.primary()) {
            pendWrap(buffer.cols());
        } else if (wraps) {
            out.raw('x');
        }
        CharsetWriter.set(out, saved.charsets());
        out.escape("7");
        CharsetWriter.unset(out, saved.charsets());
        if (saved.origin()) {
            out.csi("?6l");
        }
        pen.setDefault();
        out.position(0, y);
        if (wraps && !buffer.primary()) {
            out.csi("2K");
        }
    }

    /** The cursor that was saved while the alternate buffer was shown the last time. */
    void writeHiddenSaved(ScreenBuffer alternate) {
        if (!untouched(alternate.saved())) {
            out.csi("?1047h");
            save(alternate, Math.min(alternate.saved().line(), alternate.height() - 1));
            out.csi("?1047l");
        }
    }

    private static boolean untouched(SavedCursor saved) {
        Pen kept = saved.pen();
        return saved.x() == 0
                && saved.line() == 0
                && !saved.origin()
                && (kept.fg() | kept.bg()) == 0
                && kept.extended().equals(Extended.NONE)
                && saved.charsets().initial();
    }

    RowWriter rows() {
        return rows;
    }

    /** The saved cursor of the primary buffer, whose rows are written, or of the alternate one, before they are. */
    void writeSaved(ScreenBuffer buffer) {
        SavedCursor saved = buffer.saved();
        int y = saved.line() - buffer.scrollbackSize();
        if (!untouched(saved) && !savedWritten) {
            save(buffer, Math.max(0, Math.min(y, buffer.height() - 1)));
        }
        savedWritten = false;
    }

    /** The alternate buffer, row by row. Flags first: wrapping marks a row, writing it then keeps the mark. */
    void writeAlternate(ScreenBuffer buffer) {
        int cols = buffer.cols();
        for (int y = 0; y < buffer.height(); y++) {
            if (line(buffer, y).wrapped()) {
                wrapInto(buffer, y);
            }
        }
        for (int y = 0; y < buffer.height(); y++) {
            boolean marked = line(buffer, y).wrapped()
                    || y + 1 < buffer.height() && line(buffer, y + 1).wrapped();
            if (!marked && line(buffer, y).extent() == 0) {
                continue;
            }
            out.position(0, y);
            if (marked) {
                pen.setErase(0);
                out.csi(cols, "X");
            }
            rows.write(line(buffer, y), cols);
        }
    }

    private void wrapInto(ScreenBuffer buffer, int y) {
        pen.setDefault();
        if (y > 0) {
            out.position(buffer.cols() - 1, y - 1).text("xx");
        } else {
            out.position(0, 0);
            wrapFirstRow(buffer.cols(), buffer.height());
        }
    }
}
