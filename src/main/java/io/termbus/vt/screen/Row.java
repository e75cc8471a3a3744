package io.termbus.vt.screen;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** One row of cells in flat arrays, with side tables that exist only where they are needed. */
public final class Row {
    /** Code points kept in one cell: the base and its marks. Further marks are dropped. */
    static final int COMBINED_LIMIT = 32;

    int[] content;
    int[] fg;
    int[] bg;
    Extended @Nullable [] extended;

    @Nullable
    String @Nullable [] combined;
    /** This row continues the one above it: the text was wrapped, not ended. */
    boolean wrapped;
    /** Every cell is ASCII or erased and all attributes are default: what packs and clears fastest. */
    boolean plain = true;

    Row(int cols) {
        content = new int[cols];
        fg = new int[cols];
        bg = new int[cols];
        Arrays.fill(content, Cells.NULL);
    }

    public int cols() {
        return content.length;
    }

    public boolean wrapped() {
        return wrapped;
    }

    public int content(int x) {
        return content[x];
    }

    public int fg(int x) {
        return fg[x];
    }

    public int bg(int x) {
        return bg[x];
    }

    /** The extended attributes of a cell that has {@link Cells#BG_EXTENDED}. */
    public Extended extended(int x) {
        Extended[] table = extended;
        return table == null || table[x] == null ? Extended.NONE : table[x];
    }

    /** Width of the cell, 0 for the right half of a wide character and outside of the row. */
    public int width(int x) {
        return x < 0 || x >= content.length ? 0 : Cells.width(content[x]);
    }

    boolean hasContent(int x) {
        return x >= 0 && x < content.length && (content[x] & Cells.HAS_CONTENT) != 0;
    }

    /** The text of a cell, empty where it is erased or the right half of a wide character. */
    public String text(int x) {
        if (x < 0 || x >= content.length) {
            return "";
        }
        int cell = content[x];
        if ((cell & Cells.COMBINED) != 0) {
            String[] table = combined;
            return table == null || table[x] == null ? "" : table[x];
        }
        int codePoint = cell & Cells.CODE_POINT;
        return codePoint == 0 ? "" : Character.toString(codePoint);
    }

    /** Sets a cell; writes outside of the row are dropped, as the client's are. */
    void set(int x, int cell, int cellFg, int cellBg, Extended cellExtended) {
        if (x < 0 || x >= content.length) {
            return;
        }
        content[x] = cell;
        fg[x] = cellFg;
        bg[x] = cellBg;
        if ((cellBg & Cells.BG_EXTENDED) != 0) {
            setExtended(x, cellExtended);
        }
        if (plain && ((cellFg | cellBg) != 0 || !plainContent(cell))) {
            plain = false;
        }
    }

    static boolean plainContent(int cell) {
        return Cells.width(cell) == 1 && (cell & Cells.HAS_CONTENT) < 0x80;
    }

    private void setExtended(int x, Extended value) {
        Extended[] table = extended;
        if (table == null) {
            table = new Extended[content.length];
            extended = table;
        }
        table[x] = value;
    }

    void setCombined(int x, @Nullable String text) {
        String[] table = combined;
        if (table == null) {
            table = new String[content.length];
            combined = table;
        }
        table[x] = text;
    }

    /** Erases one cell. */
    void erase(int x, int eraseBg) {
        set(x, Cells.NULL, 0, eraseBg, Extended.NONE);
    }

    void copyCell(int to, Row source, int from) {
        int cell = source.content[from];
        if ((cell & Cells.COMBINED) != 0) {
            setCombined(to, source.text(from));
        }
        set(to, cell, source.fg[from], source.bg[from], source.extended(from));
    }

    /** Adds a mark to the text of a cell; a non-zero width replaces the cell's. */
    void addMark(int x, int codePoint, int width) {
        int cell = content[x];
        plain = false;
        if ((cell & Cells.COMBINED) != 0) {
            String text = text(x);
            if (text.codePointCount(0, text.length()) < COMBINED_LIMIT) {
                setCombined(x, text + Character.toString(codePoint));
            }
        } else if ((cell & Cells.CODE_POINT) != 0) {
            setCombined(x, Character.toString(cell & Cells.CODE_POINT) + Character.toString(codePoint));
            cell = cell & ~Cells.CODE_POINT | Cells.COMBINED;
        } else {
            cell = Cells.content(codePoint, 1);
        }
        if (width != 0) {
            cell = cell & Cells.HAS_CONTENT | width << Cells.WIDTH_SHIFT;
        }
        content[x] = cell;
    }

    /** Erases the whole row. */
    void clear(int eraseBg) {
        Arrays.fill(content, Cells.NULL);
        if (!plain) {
            Arrays.fill(fg, 0);
            Arrays.fill(bg, 0);
            extended = null;
            combined = null;
            plain = true;
        }
        if (eraseBg != 0) {
            Arrays.fill(bg, eraseBg);
            plain = false;
        }
    }

    /** Erases the cells that are not protected. */
    void clearUnprotected(int eraseBg) {
        for (int x = 0; x < content.length; x++) {
            if ((bg[x] & Cells.BG_PROTECTED) == 0) {
                erase(x, eraseBg);
            }
        }
    }

    /** Cells up to the last one with content. */
    int trimmedLength() {
        for (int x = content.length - 1; x >= 0; x--) {
            if ((content[x] & Cells.HAS_CONTENT) != 0) {
                return x + Cells.width(content[x]);
            }
        }
        return 0;
    }

    /** Cells up to the last one that differs from an erased one in the default colour. */
    public int extent() {
        int x = content.length;
        while (x > 0 && content[x - 1] == Cells.NULL && (fg[x - 1] | bg[x - 1]) == 0) {
            x--;
        }
        return x;
    }

    /** This row, or a copy without the cells that a narrower screen hides. */
    Row narrowedTo(int cols) {
        if (content.length <= cols) {
            return this;
        }
        Row copy = new Row(cols);
        for (int x = 0; x < cols; x++) {
            copy.copyCell(x, this, x);
        }
        copy.wrapped = wrapped;
        return copy;
    }

    void resize(int cols) {
        int old = content.length;
        content = Arrays.copyOf(content, cols);
        fg = Arrays.copyOf(fg, cols);
        bg = Arrays.copyOf(bg, cols);
        if (cols > old) {
            Arrays.fill(content, old, cols, Cells.NULL);
        }
        if (extended != null) {
            extended = Arrays.copyOf(extended, cols);
        }
        if (combined != null) {
            combined = Arrays.copyOf(combined, cols);
        }
    }
}
