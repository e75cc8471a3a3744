package io.termbus.vt.screen;

/** Puts printable characters on the screen: wrapping, wide characters, marks, insert mode. */
final class Printer {
    /** Columns that zero-width characters without a base can push the cursor beyond the margin. */
    static final int OVERHANG_LIMIT = 64;

    /** REP fills the screen, and at least this many rows; what more would do shows only in the scrollback. */
    private static final int REPEATED_ROWS = 50;

    private final Terminal terminal;
    private int joinWidth;
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
            int n = Math.min(buffer.cols() - buffer.x, to - i);
            row.setAscii(buffer.x, bytes, i, n, terminal.pen);
            buffer.x += n;
            i += n;
        }
        joinWidth = 1;
        endOfText(buffer, row);
    }

    /** One printable code point, at least U+00A0. */
    void print(int codePoint) {
        put(codePoint);
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
        Charset charset = terminal.charsets.active();
        int[] codes = text.codePoints().toArray();
        for (int i = 0; i < times; i++) {
            for (int code : codes) {
                put(code < 0x7F && charset != null ? charset.translate(code) : code);
            }
        }
    }
}
