package io.termbus.vt.screen;

/** Puts printable characters on the screen: wrapping, wide characters, marks, insert mode. */
final class Printer {
    /** Columns that zero-width characters without a base can push the cursor beyond the margin. */
    static final int OVERHANG_LIMIT = 64;

    /** Adding a mark copies the cell's text. */
    private static final int MARK_UNITS = 64;

    /** The longest text of a cell, in UTF-16, with its headers. */
    private static final int MARK_BYTES = 48 + 2 * 2 * Row.COMBINED_LIMIT;

    /** REP fills the screen, and at least this many rows; what more would do shows only in the scrollback. */
    private static final int REPEATED_ROWS = 50;

    private static final int REPEATED_UNITS = 16;

    private final Terminal terminal;
    /** What {@link #printInRow} is about to write. */
    private final int[] cells = new int[128];

    private int joinWidth;
    /** What REP is still to print, so many times. */
    private int[] repeated = {};

    private int repeats;
    /** What ends a run came while that was not done. */
    private boolean endsLater;
    /** What is printed continues what was printed just before. */
    private boolean running;

    Printer(Terminal terminal) {
        this.terminal = terminal;
    }

    int joinWidth() {
        return joinWidth;
    }

    /** The cursor may have been moved: what follows is looked at anew, but may still add a mark. */
    void resized() {
        running = false;
    }

    void endRun() {
        if (repeats > 0) {
            endsLater = true;
            return;
        }
        joinWidth = 0;
        running = false;
    }

    /** The hot path: whole runs go into the row's arrays at once. */
    void printAscii(byte[] bytes, int from, int to) {
        Charset charset = terminal.charsets.active();
        if (charset != null || terminal.modes.insert) {
            for (int i = from; i < to; i++) {
                put(charset == null ? bytes[i] : charset.translate(bytes[i]));
            }
            terminal.work.spend(to - from);
            return;
        }
        ScreenBuffer buffer = terminal.active;
        Row row = buffer.cursorRow();
        beginRun(buffer, row);
        for (int i = from; i < to; ) {
            if (buffer.x >= buffer.cols()) {
                if (terminal.modes.wraparound) {
                    row = wrap(buffer);
                } else {
                    buffer.x = buffer.cols() - 1;
                    i = to - 1; // the last one overwrites the others
                }
            }
            terminal.work.spend(1);
            int n = Math.min(buffer.cols() - buffer.x, to - i);
            row.setAscii(buffer.x, bytes, i, n, terminal.pen);
            buffer.x += n;
            i += n;
        }
        joinWidth = 1;
        endOfText(buffer, row);
    }

    /** The first {@code count} of these: ASCII, or at least U+00A0. Those that fit the row and need no care go at once. */
    void print(int[] codePoints, int count) {
        for (int i = 0; i < count; ) {
            int next = terminal.modes.insert ? i : printInRow(codePoints, i, count);
            if (next == i) {
                put(translated(codePoints[next++]));
            }
            i = next;
        }
    }

    /** Up to a mark, and the end of the row; returns up to where. */
    private int printInRow(int[] codePoints, int from, int to) {
        ScreenBuffer buffer = terminal.active;
        int room = Math.min(buffer.cols() - buffer.x, cells.length);
        int size = 0;
        int i = from;
        int width = 0;
        for (; i < to; i++) {
            int code = translated(codePoints[i]);
            int next = Widths.of(code);
            if (next == 0 || size + next > room) {
                break;
            }
            width = next;
            cells[size++] = Cells.content(code, width);
            if (width == 2) {
                cells[size++] = 0;
            }
        }
        if (size > 0) {
            Row row = buffer.cursorRow();
            beginRun(buffer, row);
            row.setCells(buffer.x, cells, size, terminal.pen);
            buffer.x += size;
            joinWidth = width;
            endOfText(buffer, row);
        }
        return i;
    }

    private void put(int code) {
        ScreenBuffer buffer = terminal.active;
        Row row = buffer.cursorRow();
        beginRun(buffer, row);
        int width = Widths.of(code);
        boolean join = width == 0 && joinWidth > 0;
        if (!join) {
            joinWidth = width;
        }
        if (join && buffer.x > 0) {
            int base = buffer.x - (row.width(buffer.x - 1) != 0 ? 1 : 2);
            if (base >= 0 && base < buffer.cols()) {
                terminal.work.spend(MARK_UNITS);
                terminal.limit.made(MARK_BYTES);
                row.addMark(base, code, joinWidth);
            }
            endOfText(buffer, row);
            return;
        }
        if (buffer.x + width > buffer.cols()) {
            if (terminal.modes.wraparound) {
                row = wrapWide(buffer, row);
            } else {
                buffer.x = buffer.cols() - 1;
                if (width == 2) {
                    endOfText(buffer, row);
                    return;
                }
            }
        }
        store(buffer, row, code, width);
        endOfText(buffer, row);
    }

    private void store(ScreenBuffer buffer, Row row, int code, int width) {
        Pen pen = terminal.pen;
        if (terminal.modes.insert) {
            terminal.work.spend(buffer.cols() / 4);
            RowEdits.insert(row, buffer.x, width, pen.fg, pen.bg, pen.extended);
        }
        set(row, buffer.x++, Cells.content(code, width));
        if (width == 2) {
            set(row, buffer.x++, 0);
        }
        buffer.x = Math.min(buffer.x, buffer.cols() + OVERHANG_LIMIT);
    }

    private void set(Row row, int x, int content) {
        Pen pen = terminal.pen;
        row.set(x, content, pen.fg, pen.bg, pen.extended);
    }

    /** Text that starts on the right half of a wide character erases the left half. */
    private void beginRun(ScreenBuffer buffer, Row row) {
        if (!running && buffer.x > 0 && row.width(buffer.x - 1) == 2) {
            set(row, buffer.x - 1, Cells.NULL);
        }
        running = true;
    }

    /** Text that ends on the left half of a wide character erases the right half. */
    private void endOfText(ScreenBuffer buffer, Row row) {
        if (buffer.x < buffer.cols() && row.content(buffer.x) == 0) {
            set(row, buffer.x, Cells.NULL);
        }
    }

    /** The cell that is too narrow for a wide character is erased, in a single row without scrollback after it scrolled. */
    private Row wrapWide(ScreenBuffer buffer, Row row) {
        int from = buffer.x;
        Row next = buffer.height() > 1 || buffer.scrollback.capacity() > 0 ? row : wrap(buffer);
        for (int x = from; x < buffer.cols(); x++) {
            set(next, x, Cells.NULL);
        }
        return next == row && buffer.x == from ? wrap(buffer) : next;
    }

    private Row wrap(ScreenBuffer buffer) {
        buffer.x = 0;
        buffer.y++;
        if (buffer.y == buffer.scrollBottom + 1) {
            buffer.y--;
            buffer.scroll(terminal.pen.eraseBg(), true);
        } else {
            buffer.y = Math.min(buffer.y, buffer.height() - 1);
            buffer.cursorRow().wrapped = true;
        }
        return buffer.cursorRow();
    }

    /** REP. A count beyond the limit is cut such that the cursor ends in the same column. */
    void repeat(int count) {
        if (joinWidth == 0) {
            return;
        }
        ScreenBuffer buffer = terminal.active;
        String text = buffer.cursorRow().text(buffer.x - joinWidth);
        int most = buffer.cols() * Math.max(buffer.height(), REPEATED_ROWS);
        int times = count <= most ? count : most - (most - count % buffer.cols()) % buffer.cols();
        running = false;
        repeated = text.codePoints().toArray();
        repeats = times;
        goOn();
    }

    /** True while a repetition is not done. */
    boolean busy() {
        return repeats > 0;
    }

    /** Goes on with the repetition until it is done or the work is over. */
    void goOn() {
        while (repeats > 0 && !terminal.work.isOver()) {
            if (fillsRows()) {
                repeatInRow();
            } else {
                repeatOnce();
            }
        }
        if (endsLater && repeats == 0) {
            endsLater = false;
            endRun();
        }
    }

    /** A narrow character that replaces what is there: many at once make no difference. */
    private boolean fillsRows() {
        return repeated.length == 1
                && running
                && joinWidth == 1
                && terminal.modes.wraparound
                && !terminal.modes.insert
                && Widths.of(translated(repeated[0])) == 1;
    }

    private int translated(int code) {
        Charset charset = terminal.charsets.active();
        return code < 0x7F && charset != null ? charset.translate(code) : code;
    }

    private void repeatOnce() {
        terminal.work.spend(REPEATED_UNITS * repeated.length);
        repeats--;
        for (int code : repeated) {
            put(translated(code));
        }
    }

    /** As many as fit in the row, after a wrap where there is one to come. */
    private void repeatInRow() {
        ScreenBuffer buffer = terminal.active;
        Row row = buffer.x >= buffer.cols() ? wrap(buffer) : buffer.cursorRow();
        int count = Math.min(repeats, buffer.cols() - buffer.x);
        terminal.work.spend(REPEATED_UNITS + count);
        row.fill(buffer.x, buffer.x + count, Cells.content(translated(repeated[0]), 1), terminal.pen);
        buffer.x += count;
        repeats -= count;
        endOfText(buffer, row);
    }
}
