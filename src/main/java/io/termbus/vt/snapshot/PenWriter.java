package io.termbus.vt.snapshot;

import io.termbus.vt.screen.Cells;
import io.termbus.vt.screen.Extended;
import io.termbus.vt.screen.Hyperlink;
import io.termbus.vt.screen.Pen;
import io.termbus.vt.screen.Row;
import io.termbus.vt.screen.SavedCursor;
import io.termbus.vt.screen.Sgr;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Sets the client's pen, and knows what it is. */
final class PenWriter {
    private static final Extended ANY_LINK = new Extended(0, 0, new Hyperlink("", "about:blank"));
    private static final Extended SINGLE = new Extended(1, 0, null);

    private final Output out;
    private int fg;
    private int bg;
    private Extended extended = Extended.NONE;

    private boolean savedCursorUsed;
    private boolean savedCursorKept;

    PenWriter(Output out) {
        this.out = out;
    }

    /** True where setting irregular attributes has overwritten the client's saved cursor. */
    boolean savedCursorUsed() {
        return savedCursorUsed;
    }

    void forgetSavedCursor() {
        savedCursorUsed = false;
    }

    /** From here on the saved cursor must stay. */
    void keepSavedCursor() {
        savedCursorKept = true;
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

    /** Sets what DECSC would save; the extended attributes are then whatever is shortest. */
    void setSaved(int savedFg, int savedBg) {
        boolean underlined = (savedFg & Cells.FG_UNDERLINE) != 0;
        boolean flagged = (savedBg & Cells.BG_EXTENDED) != 0;
        set(savedFg, savedBg, !flagged ? Extended.NONE : underlined ? SINGLE : ANY_LINK);
    }

    /** After DECRC: flags and colours are the saved ones, the extended attributes stayed. */
    void restored(int savedFg, int savedBg) {
        fg = savedFg;
        bg = savedBg;
    }

    /** True where SGR and OSC 8 alone lead to these attributes. */
    static boolean regular(int fg, int bg, Extended extended) {
        boolean flagged = (bg & Cells.BG_EXTENDED) != 0;
        boolean underlined = (fg & Cells.FG_UNDERLINE) != 0;
        return flagged != extended.empty() && underlined == (extended.underlineStyle() != 0);
    }

    /** Sets the pen. Irregular attributes need the saved cursor, and end a pending wrap, or become regular ones. */
    void set(int newFg, int newBg, Extended newExtended) {
        if (fg == newFg && bg == newBg && extended.equals(newExtended)) {
            return;
        }
        if (regular(newFg, newBg, newExtended)) {
            setRegular(newFg, newBg, newExtended);
        } else if (savedCursorKept) {
            setVisible(newFg, newBg, newExtended);
            return;
        } else {
            setIrregular(newFg, newBg, newExtended);
        }
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

    /** Attributes that look like these but are regular. */
    private void setVisible(int wantedFg, int wantedBg, Extended wanted) {
        Extended shown = (wantedBg & Cells.BG_EXTENDED) == 0 ? Extended.NONE : wanted;
        if (shown.underlineStyle() == 0 && (wantedFg & Cells.FG_UNDERLINE) != 0) {
            shown = new Extended(1, shown.underlineColor(), shown.link());
        }
        boolean underlined = shown.underlineStyle() != 0;
        set(
                underlined ? wantedFg | Cells.FG_UNDERLINE : wantedFg & ~Cells.FG_UNDERLINE,
                shown.empty() ? wantedBg & ~Cells.BG_EXTENDED : wantedBg | Cells.BG_EXTENDED,
                shown);
    }

    private void setRegular(int newFg, int newBg, Extended newExtended) {
        link(newExtended.link());
        sgr(newFg, newBg, newExtended);
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
        writeLink(link);
        extended = new Extended(extended.underlineStyle(), extended.underlineColor(), link);
    }

    private void writeLink(@Nullable Hyperlink link) {
        if (link == null) {
            out.osc("8;;");
        } else {
            out.osc("8;" + (link.id().isEmpty() ? "" : "id=" + link.id()) + ";" + link.uri());
        }
    }

    /**
     * Sets an irregular pen without changing the saved cursor, which is restored; only where the saved flags
     * differ just where SGR cannot help, the pen gets regular attributes that look the same.
     */
    void setByRestoring(Pen target, SavedCursor saved) {
        Extended wanted = target.extended();
        boolean underlineSame = ((target.fg() ^ saved.fg()) & Cells.FG_UNDERLINE) == 0;
        boolean flagSame = ((target.bg() ^ saved.bg()) & Cells.BG_EXTENDED) == 0;
        boolean flagFollows = (target.bg() & Cells.BG_EXTENDED) != 0 == !wanted.empty();
        if (!underlineSame || !flagSame && !flagFollows) {
            setVisible(target.fg(), target.bg(), wanted);
            return;
        }
        link(wanted.link());
        sgr(wanted.underlineStyle() == 0 ? 0 : Cells.FG_UNDERLINE, 0, wanted);
        out.escape("8").csi("22;23;25;27;28;29;39;49;55m");
        String flags = Sgr.of(target.fg() & ~Cells.FG_UNDERLINE, target.bg(), Extended.NONE);
        if (flags.length() > 1) {
            out.csi(flags.substring(2) + "m"); // without the leading 0, which would reset what was restored
        }
        out.csi((target.bg() & Cells.BG_PROTECTED) != 0 ? "1\"q" : "0\"q");
        if (!flagSame) {
            writeLink(wanted.link());
        }
        fg = target.fg();
        bg = target.bg();
        extended = wanted;
    }

    /** Flags by SGR, saved; then the extended attributes, which change flags; then the flags restored. */
    private void setIrregular(int newFg, int newBg, Extended newExtended) {
        boolean underlined = (newFg & Cells.FG_UNDERLINE) != 0;
        boolean flagged = (newBg & Cells.BG_EXTENDED) != 0;
        link(!underlined && flagged ? ANY_LINK.link() : null);
        sgr(newFg, newBg, underlined ? SINGLE : Extended.NONE);
        if (underlined && !flagged) {
            out.escape("7").csi("24m").escape("8").osc("8;;");
        }
        savedCursorUsed = true;
        out.escape("7");
        link(newExtended.link());
        sgr(newExtended.underlineStyle() == 0 ? 0 : Cells.FG_UNDERLINE, 0, newExtended);
        out.escape("8");
    }
}
