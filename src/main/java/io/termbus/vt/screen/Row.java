package io.termbus.vt.screen;

import java.util.Arrays;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * One row of cells, with side tables that exist only where they are needed. Cells from {@link #used} on are
 * erased ones in the default colour, whatever the arrays hold there. Arrays are as wide as the row, or empty
 * before something is written.
 */
public final class Row {
    /** Code points kept in one cell: the base and its marks. Further marks are dropped. */
    static final int COMBINED_LIMIT = 32;

    private static final byte[] NO_ASCII = {};
    /** The texts of most cells, none of an erased one. */
    private static final String[] ASCII_TEXT = IntStream.range(0, 128)
            .mapToObj(c -> c == 0 ? "" : Character.toString(c))
            .toArray(String[]::new);

    private static final int[] NO_CELLS = {};

    private int cols;
    private int used;
    /** Every cell is ASCII or erased and all attributes are default: {@code ascii} holds, else the others do. */
    private boolean plain = true;
    /** The characters of a plain row, 0 where a cell is erased. */
    private byte[] ascii = NO_ASCII;

    /** The cells of a row that is not plain; others than the row only read them. */
    int[] content = NO_CELLS;

    int[] fg = NO_CELLS;
    int[] bg = NO_CELLS;
    private Extended @Nullable [] extended;

    @Nullable
    String @Nullable [] combined;
    /** This row continues the one above it: the text was wrapped, not ended. */
    boolean wrapped;

    Row(int cols) {
        this.cols = cols;
    }

    /** A row of ASCII or erased cells, as {@link #copyPlain} wrote them. */
    static Row ofPlain(int cols, byte[] source, int from, int count) {
        Row row = new Row(cols);
        if (count > 0) {
            row.ascii = new byte[cols];
            System.arraycopy(source, from, row.ascii, 0, count);
            row.used = count;
        }
        return row;
    }

    public int cols() {
        return cols;
    }

    public boolean wrapped() {
        return wrapped;
    }

    boolean plain() {
        return plain;
    }

    /** Cells from here on are erased ones in the default colour; ones before may be. */
    int used() {
        return used;
    }

    /** The first cells of a plain row, one byte each, 0 where a cell is erased. */
    void copyPlain(byte[] target, int at, int count) {
        System.arraycopy(ascii, 0, target, at, count);
    }

    public int content(int x) {
        if (x >= used) {
            return Cells.NULL;
        }
        return plain ? ascii[x] | Cells.NULL : content[x];
    }

    public int fg(int x) {
        return plain || x >= used ? 0 : fg[x];
    }

    public int bg(int x) {
        return plain || x >= used ? 0 : bg[x];
    }

    /** The extended attributes of a cell that has {@link Cells#BG_EXTENDED}. */
    public Extended extended(int x) {
        Extended[] table = extended;
        return table == null || table[x] == null ? Extended.NONE : table[x];
    }

    /** Width of the cell, 0 for the right half of a wide character and outside of the row. */
    public int width(int x) {
        return x < 0 || x >= cols ? 0 : Cells.width(content(x));
    }

    public boolean hasContent(int x) {
        return x >= 0 && (content(x) & Cells.HAS_CONTENT) != 0;
    }

    /** The text of a cell, empty where it is erased or the right half of a wide character. */
    public String text(int x) {
        if (x < 0) {
            return "";
        }
        int cell = content(x);
        if ((cell & Cells.COMBINED) != 0) {
            String[] table = combined;
            return table == null || table[x] == null ? "" : table[x];
        }
        int codePoint = cell & Cells.CODE_POINT;
        return codePoint < ASCII_TEXT.length ? ASCII_TEXT[codePoint] : Character.toString(codePoint);
    }

    /** Width of the character that the text begins with, 0 where marks have no base. */
    public int baseWidth(int x) {
        String text = text(x);
        return text.isEmpty() ? 0 : Widths.of(text.codePointAt(0));
    }

    /** UTF-16 units of the text before its marks: 0 where they have no base. */
    public int baseLength(int x) {
        return baseWidth(x) == 0 ? 0 : Character.charCount(text(x).codePointAt(0));
    }

    /** True where a mark made the cell wider than its character is. */
    public boolean widened(int x) {
        return width(x) == 2 && baseWidth(x) < 2 && hasContent(x);
    }

    /** Sets a cell; writes outside of the row are dropped, as the client's are. */
    void set(int x, int cell, int cellFg, int cellBg, Extended cellExtended) {
        boolean blank = (cellFg | cellBg) == 0 && cell == Cells.NULL;
        if (x < 0 || x >= cols || blank && x >= used) {
            return;
        }
        if (plain && (cellFg | cellBg) == 0 && plainContent(cell)) {
            usePlain(x, x + 1);
            ascii[x] = (byte) cell;
            return;
        }
        useRich(x, x + 1);
        content[x] = cell;
        fg[x] = cellFg;
        bg[x] = cellBg;
        if ((cellBg & Cells.BG_EXTENDED) != 0) {
            setExtended(x, cellExtended);
        }
    }

    /** Printable ASCII {@code bytes[from, from + count)}, which must fit the row. */
    void setAscii(int x, byte[] bytes, int from, int count, Pen pen) {
        if (plain && (pen.fg | pen.bg) == 0) {
            usePlain(x, x + count);
            System.arraycopy(bytes, from, ascii, x, count);
            return;
        }
        int end = x + count;
        useRich(x, end);
        int[] cells = content;
        int[] fgs = fg;
        int[] bgs = bg;
        int penFg = pen.fg;
        int penBg = pen.bg;
        for (int k = 0; k < count; k++) {
            cells[x + k] = bytes[from + k] | Cells.NULL;
            fgs[x + k] = penFg;
            bgs[x + k] = penBg;
        }
        if ((pen.bg & Cells.BG_EXTENDED) != 0) {
            for (int k = x; k < end; k++) {
                setExtended(k, pen.extended);
            }
        }
    }

    /** Makes room in a plain row for cells {@code [from, to)} about to be written. */
    private void usePlain(int from, int to) {
        if (to <= used) {
            return;
        }
        if (ascii.length == 0) {
            ascii = new byte[cols];
        }
        if (from > used) {
            Arrays.fill(ascii, used, from, (byte) 0);
        }
        used = to;
    }

    /** Makes room for any cells {@code [from, to)} about to be written; the row is plain no longer. */
    private void useRich(int from, int to) {
        if (plain) {
            enrich();
        }
        if (from > used) {
            fill(used, from, 0);
        }
        used = Math.max(used, to);
    }

    private void enrich() {
        plain = false;
        if (content.length == 0) {
            content = new int[cols];
            fg = new int[cols];
            bg = new int[cols];
        }
        fill(0, used, 0);
        for (int x = 0; x < used; x++) {
            content[x] |= ascii[x];
        }
    }

    private void fill(int from, int to, int eraseBg) {
        Arrays.fill(content, from, to, Cells.NULL);
        Arrays.fill(fg, from, to, 0);
        Arrays.fill(bg, from, to, eraseBg);
    }

    static boolean plainContent(int cell) {
        return Cells.width(cell) == 1 && (cell & Cells.HAS_CONTENT) < 0x80;
    }

    private void setExtended(int x, Extended value) {
        Extended[] table = extended;
        if (table == null) {
            table = new Extended[cols];
            extended = table;
        }
        table[x] = value;
    }

    void setCombined(int x, @Nullable String text) {
        String[] table = combined;
        if (table == null) {
            table = new String[cols];
            combined = table;
        }
        table[x] = text;
    }

    /** Erases one cell; {@code eraseBg} is a colour without flags. */
    void erase(int x, int eraseBg) {
        set(x, Cells.NULL, 0, eraseBg, Extended.NONE);
    }

    /** Erases {@code [from, to)}, which must be in the row. */
    void erase(int from, int to, int eraseBg) {
        if (from >= to) {
            return;
        }
        if (eraseBg != 0) {
            useRich(from, to);
            fill(from, to, eraseBg);
        } else if (to >= used) {
            used = Math.min(used, from);
        } else if (plain) {
            Arrays.fill(ascii, from, to, (byte) 0);
        } else {
            fill(from, to, 0);
        }
    }

    void copyCell(int to, Row source, int from) {
        int cell = source.content(from);
        if ((cell & Cells.COMBINED) != 0) {
            setCombined(to, source.text(from));
        }
        set(to, cell, source.fg(from), source.bg(from), source.extended(from));
    }

    /** Adds a mark to the text of a cell; a non-zero width replaces the cell's. */
    void addMark(int x, int codePoint, int width) {
        int cell = content(x);
        useRich(x + 1, x + 1);
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

    /** Erases the whole row; {@code eraseBg} is a colour without flags. */
    void clear(int eraseBg) {
        used = 0;
        if (!plain) {
            extended = null;
            combined = null;
            plain = true;
        }
        erase(0, cols, eraseBg);
    }

    /** Erases the cells that are not protected. */
    void clearUnprotected(int eraseBg) {
        for (int x = 0; x < cols; x++) {
            if ((bg(x) & Cells.BG_PROTECTED) == 0) {
                erase(x, eraseBg);
            }
        }
    }

    /** Cells up to the last one with content. */
    int trimmedLength() {
        for (int x = used - 1; x >= 0; x--) {
            int cell = content(x);
            if ((cell & Cells.HAS_CONTENT) != 0) {
                return x + Cells.width(cell);
            }
        }
        return 0;
    }

    /** Cells up to the last one that differs from an erased one in the default colour. */
    public int extent() {
        int x = used;
        if (plain) {
            while (x > 0 && ascii[x - 1] == 0) {
                x--;
            }
            return x;
        }
        while (x > 0 && content[x - 1] == Cells.NULL && (fg[x - 1] | bg[x - 1]) == 0) {
            x--;
        }
        return x;
    }

    /** This row, or a copy without the cells that a narrower screen hides. */
    Row narrowedTo(int width) {
        if (cols <= width) {
            return this;
        }
        Row copy = new Row(width);
        for (int x = 0; x < width; x++) {
            copy.copyCell(x, this, x);
        }
        copy.wrapped = wrapped;
        return copy;
    }

    void resize(int newCols) {
        cols = newCols;
        used = Math.min(used, newCols);
        ascii = plain && used > 0 ? Arrays.copyOf(ascii, newCols) : NO_ASCII;
        content = plain ? NO_CELLS : Arrays.copyOf(content, newCols);
        fg = plain ? NO_CELLS : Arrays.copyOf(fg, newCols);
        bg = plain ? NO_CELLS : Arrays.copyOf(bg, newCols);
        if (extended != null) {
            extended = Arrays.copyOf(extended, newCols);
        }
        if (combined != null) {
            combined = Arrays.copyOf(combined, newCols);
        }
    }
}
