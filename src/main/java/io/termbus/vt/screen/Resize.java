package io.termbus.vt.screen;

import java.util.ArrayList;
import java.util.List;

/**
 * Changes the size of a buffer as the client does: rows come and go at the bottom first, then soft-wrapped
 * lines of the primary buffer are reflowed, except those that hold the cursor.
 */
final class Resize {
    private final ScreenBuffer buffer;
    private final LineList lines;
    private final int oldCols;
    private final int oldHeight;
    private final boolean primary;
    private int base;
    private int y;

    Resize(ScreenBuffer buffer, List<Object> all) {
        this.buffer = buffer;
        oldCols = buffer.cols();
        oldHeight = buffer.height();
        lines = new LineList(all, oldCols);
        base = buffer.scrollback.size();
        y = buffer.y;
        primary = buffer.primary;
    }

    void apply(int newCols, int newHeight) {
        int limit = newHeight + buffer.scrollback.capacity();
        if (newCols > oldCols) {
            lines.resize(newCols);
        }
        int added = newHeight > oldHeight ? addRows(newCols, newHeight) : removeRows(newHeight);
        trim(limit);
        buffer.x = Math.min(buffer.x, newCols - 1);
        y = Math.min(y, newHeight - 1) + added;
        buffer.saved.x = Math.min(buffer.saved.x, newCols - 1);
        buffer.scrollTop = 0;
        if (primary) {
            reflow(newCols, newHeight, limit);
            lines.resize(newCols);
        } // rows of the alternate buffer keep the cells that a narrower screen hides, as the client's do
        finish(newCols, newHeight);
    }

    /** Rows come back from the scrollback while the cursor is in the last row. Returns how many did. */
    private int addRows(int newCols, int newHeight) {
        int added = 0;
        for (int i = oldHeight; i < newHeight; i++) {
            if (lines.size() < newHeight + base) {
                if (base > 0 && lines.size() <= base + y + added + 1) {
                    base--;
                    added++;
                } else {
                    lines.addBlank(newCols);
                }
            }
        }
        return added;
    }

    private int removeRows(int newHeight) {
        for (int i = oldHeight; i > newHeight; i--) {
            if (lines.size() > newHeight + base) {
                if (lines.size() > base + y + 1) {
                    lines.removeLast();
                } else {
                    base++;
                }
            }
        }
        return 0;
    }

    private void trim(int limit) {
        int surplus = lines.size() - limit;
        if (surplus > 0) {
            lines.removeFirst(surplus);
            base = Math.max(base - surplus, 0);
            buffer.saved.line = Math.max(buffer.saved.line - surplus, 0);
        }
    }

    private void reflow(int newCols, int newHeight, int limit) {
        if (newCols == oldCols) {
            return;
        }
        Reflow reflow = new Reflow(lines, oldCols, newCols, newHeight, limit);
        reflow.base = base;
        reflow.y = y;
        reflow.savedLine = buffer.saved.line;
        if (newCols > oldCols) {
            reflow.larger();
        } else {
            reflow.smaller();
        }
        base = reflow.base;
        y = reflow.y;
        buffer.saved.line = reflow.savedLine;
    }

    private void finish(int newCols, int newHeight) {
        while (lines.size() < base + newHeight) {
            lines.addBlank(newCols);
        }
        List<Object> scrolled = new ArrayList<>(base);
        for (int i = 0; i < base; i++) {
            scrolled.add(lines.packed(i));
        }
        Row[] screen = new Row[newHeight];
        for (int i = 0; i < newHeight; i++) {
            screen[i] = lines.get(base + i);
        }
        buffer.y = Math.max(0, Math.min(y, newHeight - 1));
        buffer.replace(scrolled, screen);
    }
}
