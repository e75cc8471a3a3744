package io.termbus.vt.screen;

import io.termbus.vt.parser.Params;

/** What DECCARA and DECRARA do to a cell: flags that are kept, then some that are turned over. */
final class AttributeChange {
    private static final int ALL = Cells.FG_BOLD | Cells.FG_UNDERLINE | Cells.FG_BLINK | Cells.FG_INVERSE;

    private int keep = -1;
    private int turn;
    /** The last attributes that were changed, and what became of them: neighbours share it. */
    private Extended before = Extended.NONE;

    private Extended after = Extended.NONE;
    private int made;

    private AttributeChange() {}

    /** DECCARA: 0 for none, 1 4 5 7 8 on, 22 24 25 27 28 off; from parameter {@code index} on. */
    static AttributeChange set(Params p, int index) {
        AttributeChange change = new AttributeChange();
        for (int i = index; i < Math.max(p.size(), index + 1); i++) {
            int code = p.get(i);
            int on = flag(code);
            int off = code == 0 ? ALL : offFlag(code);
            change.keep &= ~(on | off);
            change.turn = change.turn & ~off | on;
        }
        return change;
    }

    /** DECRARA: 0 for all, 1 4 5 7 8. */
    static AttributeChange reverse(Params p, int index) {
        AttributeChange change = new AttributeChange();
        for (int i = index; i < Math.max(p.size(), index + 1); i++) {
            change.turn ^= p.get(i) == 0 ? ALL : flag(p.get(i));
        }
        return change;
    }

    private static int flag(int code) {
        return switch (code) {
            case 1 -> Cells.FG_BOLD;
            case 4 -> Cells.FG_UNDERLINE;
            case 5 -> Cells.FG_BLINK;
            case 7 -> Cells.FG_INVERSE;
            case 8 -> Cells.FG_INVISIBLE;
            default -> 0;
        };
    }

    private static int offFlag(int code) {
        return switch (code) {
            case 22, 24, 25, 27, 28 -> code == 22 ? Cells.FG_BOLD : flag(code - 20);
            default -> 0;
        };
    }

    /** An erased cell becomes a blank; a wide character changes with its left half. */
    void apply(Row row, int x) {
        int content = row.content(x);
        int fg = row.fg(x) & keep ^ turn;
        if (content == 0 || fg == row.fg(x)) {
            return;
        }
        int cell = content == Cells.NULL ? Cells.content(' ', 1) : content;
        set(row, x, cell, fg);
        if (row.width(x) == 2 && row.content(x + 1) == 0 && x + 1 < row.cols()) {
            set(row, x + 1, 0, row.fg(x + 1) & keep ^ turn);
        }
    }

    private void set(Row row, int x, int content, int fg) {
        int bg = row.bg(x);
        Extended extended = (bg & Cells.BG_EXTENDED) == 0 ? Extended.NONE : row.extended(x);
        boolean underlined = (fg & Cells.FG_UNDERLINE) != 0;
        if (underlined != (extended.underlineStyle() != 0)) {
            extended = styled(extended, underlined ? 1 : 0);
        }
        row.set(x, content, fg, extended.empty() ? bg & ~Cells.BG_EXTENDED : bg | Cells.BG_EXTENDED, extended);
    }

    private Extended styled(Extended extended, int style) {
        if (extended != before || style != after.underlineStyle()) {
            before = extended;
            after = extended.withStyle(style);
            made += Extended.BYTES;
        }
        return after;
    }

    /** Bytes of attributes made since this was asked for last. */
    int takeMade() {
        int bytes = made;
        made = 0;
        return bytes;
    }
}
