package io.termbus.vt.screen;

import io.termbus.vt.parser.Params;

/**
 * Fills, erases, copies and changes parts of the screen, whatever the margins; with origin mode they are counted and cut
 * by them. The cursor stays. A wide character that loses a half is erased. What clients show of it is made by
 * {@code terminal-rectangles.js}.
 */
final class Rectangles {
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
        erase(area, false);
        for (int y = area.top(); y < area.bottom(); y++) {
            for (int x = area.left(); x < area.right(); x++) {
                terminal.active.row(y).set(x, Cells.content(code, 1), pen.fg, pen.bg, pen.extended);
            }
        }
    }

    /** DECERA; DECSERA passes protected characters over. */
    void erase(Params p, boolean selective) {
        erase(area(p, 0), selective);
    }

    private void erase(Rectangle area, boolean selective) {
        if (area.empty()) {
            return;
        }
        for (int y = area.top(); y < area.bottom(); y++) {
            Row row = terminal.active.row(y);
            if (selective) {
                RowEdits.eraseUnprotected(row, area.left(), area.right(), terminal.pen.eraseBg());
            } else {
                RowEdits.erase(row, area.left(), area.right(), terminal.pen.eraseBg());
            }
        }
    }

    /** DECCRA: source, its page, top and left of the target, its page. There is one page. */
    void copy(Params p) {
        Rectangle source = area(p, 0);
        Rectangle target = source.within(area(p, 5).toEdges(terminal.active, terminal.modes.origin));
        if (source.empty() || target.empty()) {
            return;
        }
        int cols = target.right() - target.left();
        Row[] copies = new Row[target.bottom() - target.top()];
        for (int i = 0; i < copies.length; i++) {
            copies[i] = copy(terminal.active.row(source.top() + i), source.left(), cols);
        }
        erase(target, false);
        for (int i = 0; i < copies.length; i++) {
            paste(copies[i], terminal.active.row(target.top() + i), target.left());
        }
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
        for (int y = area.top(); y < area.bottom(); y++) {
            int from = whole || y == area.top() ? area.left() : 0;
            int to = whole || y == area.bottom() - 1 ? area.right() : terminal.cols();
            for (int x = from; x < to; x++) {
                change.apply(terminal.active.row(y), x);
            }
        }
    }
}
