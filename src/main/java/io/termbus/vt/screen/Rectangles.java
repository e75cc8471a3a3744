package io.termbus.vt.screen;

import io.termbus.vt.parser.Params;
import java.util.function.Consumer;

/**
 * Fills, erases, copies and changes parts of the screen, whatever the margins; with origin mode they are counted and cut
 * by them. The cursor stays. A wide character that loses a half is erased. What clients show of it is made by
 * {@code terminal-rectangles.js}.
 */
final class Rectangles {
    /** What a row costs beside its cells. */
    private static final int ROW_UNITS = 32;
    /** Setting a cell, also to what is worked out from what it was. */
    private static final int CELL_UNITS = 8;
    /** Copying one by way of another row. */
    private static final int COPY_UNITS = 2 * CELL_UNITS;

    private final Terminal terminal;

    Rectangles(Terminal terminal) {
        this.terminal = terminal;
    }

    private Rectangle area(Params p, int index) {
        return Rectangle.of(p, index, terminal.active, terminal.modes.origin);
    }

    /** DECFRA: a character of Latin-1 in the pen's attributes. */
    void fill(Params p) {
        int code = p.get(0);
        if (code < 0x20 || code > 0xFF || code > 0x7E && code < 0xA0) {
            return;
        }
        Pen pen = terminal.pen;
        Rectangle area = area(p, 1);
        eachRow(area, CELL_UNITS, row -> {
            erase(row, area.left(), area.right());
            for (int x = area.left(); x < area.right(); x++) {
                row.set(x, Cells.content(code, 1), pen.fg, pen.bg, pen.extended);
            }
        });
    }

    private void eachRow(Rectangle area, int unitsPerCell, Consumer<Row> change) {
        if (!area.empty()) {
            int units = ROW_UNITS + unitsPerCell * (area.right() - area.left());
            terminal.rowWork.begin(area.top(), area.bottom(), units, y -> change.accept(terminal.active.row(y)));
        }
    }

    private void erase(Row row, int from, int to) {
        RowEdits.erase(row, from, to, terminal.pen.eraseBg());
    }

    /** DECERA; DECSERA passes protected characters over. */
    void erase(Params p, boolean selective) {
        Rectangle area = area(p, 0);
        eachRow(area, selective ? CELL_UNITS : 1, row -> {
            if (selective) {
                RowEdits.eraseUnprotected(row, area.left(), area.right(), terminal.pen.eraseBg());
            } else {
                erase(row, area.left(), area.right());
            }
        });
    }

    /** DECCRA: source, its page, top and left of the target, its page. There is one page. */
    void copy(Params p) {
        Rectangle source = area(p, 0);
        Rectangle target = source.within(area(p, 5).toEdges(terminal.active, terminal.modes.origin));
        if (source.empty() || target.empty()) {
            return;
        }
        int cols = target.right() - target.left();
        int rows = target.bottom() - target.top();
        boolean down = target.top() > source.top(); // then from below, so that no row is written before it is read
        terminal.rowWork.begin(0, rows, ROW_UNITS + COPY_UNITS * cols, i -> {
            int y = down ? rows - 1 - i : i;
            Row copy = copy(terminal.active.row(source.top() + y), source.left(), cols);
            Row row = terminal.active.row(target.top() + y);
            erase(row, target.left(), target.right());
            paste(copy, row, target.left());
        });
    }

    private static Row copy(Row row, int from, int count) {
        Row copy = new Row(count);
        for (int x = 0; x < count; x++) {
            copy.copyCell(x, row, from + x);
        }
        return copy;
    }

    private static void paste(Row copy, Row row, int at) {
        int last = copy.cols() - 1;
        for (int x = 0; x <= last; x++) {
            boolean half = x == 0 && copy.content(x) == 0 || x == last && copy.width(x) == 2;
            if (!half) {
                row.copyCell(at + x, copy, x);
            }
        }
    }

    /** DECCARA, DECRARA: rectangle, then attributes. Without DECSACE 2 from its first to its last character. */
    void change(Params p, AttributeChange change) {
        Rectangle area = area(p, 0);
        boolean whole = terminal.modes.rectangularExtent;
        int cols = whole ? Math.max(0, area.right() - area.left()) : terminal.cols();
        terminal.rowWork.begin(area.top(), area.bottom(), ROW_UNITS + CELL_UNITS * cols, y -> {
            int from = whole || y == area.top() ? area.left() : 0;
            int to = whole || y == area.bottom() - 1 ? area.right() : terminal.cols();
            for (int x = from; x < to; x++) {
                change.apply(terminal.active.row(y), x);
            }
            terminal.limit.made(change.takeMade());
        });
    }
}
