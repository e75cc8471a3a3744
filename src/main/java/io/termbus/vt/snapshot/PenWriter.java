package io.termbus.vt.snapshot;

import io.termbus.vt.screen.Cells;
import io.termbus.vt.screen.Extended;
import io.termbus.vt.screen.Hyperlink;
import io.termbus.vt.screen.Pen;
import io.termbus.vt.screen.Row;
import io.termbus.vt.screen.Sgr;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Sets the client's pen, and knows what it is. */
final class PenWriter {
    private final Output out;
    private int fg;
    private int bg;
    private Extended extended = Extended.NONE;

    PenWriter(Output out) {
        this.out = out;
    }

    /** The background that scrolling and erasing would leave. */
    boolean erasesToDefault() {
        return (bg & Cells.COLOR) == 0;
    }

    void setDefault() {
        set(0, 0, Extended.NONE);
    }

    void setErase(int color) {
        if ((bg & Cells.COLOR) != color) {
            set(0, color, Extended.NONE);
        }
    }

    void setCell(Row row, int x) {
        int cellBg = row.bg(x);
        set(row.fg(x), cellBg, (cellBg & Cells.BG_EXTENDED) == 0 ? Extended.NONE : row.extended(x));
    }

    void set(Pen pen) {
        set(pen.fg(), pen.bg(), pen.extended());
    }

    void set(int newFg, int newBg, Extended newExtended) {
        if (fg == newFg && bg == newBg && extended.equals(newExtended)) {
            return;
        }
        link(newExtended.link());
        sgr(newFg, newBg, newExtended);
        fg = newFg;
        bg = newBg;
        extended = newExtended;
    }

    /** True where a pen prints what the cell has. */
    static boolean prints(Pen pen, Row row, int x) {
        return row.fg(x) == pen.fg()
                && row.bg(x) == pen.bg()
                && ((pen.bg() & Cells.BG_EXTENDED) == 0 || row.extended(x).equals(pen.extended()));
    }

    private void sgr(int newFg, int newBg, Extended newExtended) {
        String parameters = Sgr.of(newFg, newBg, newExtended);
        out.csi(parameters.equals("0") ? "m" : parameters + "m");
        if ((newBg & Cells.BG_PROTECTED) != 0) {
            out.csi("1\"q");
        }
    }

    private void link(@Nullable Hyperlink link) {
        if (Objects.equals(link, extended.link())) {
            return;
        }
        if (link == null) {
            out.osc("8;;");
        } else {
            out.osc("8;" + (link.id().isEmpty() ? "" : "id=" + link.id()) + ";" + link.uri());
        }
    }
}
