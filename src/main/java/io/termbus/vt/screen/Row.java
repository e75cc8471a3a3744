package io.termbus.vt.screen;

import java.util.Arrays;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * One row of cells, with side tables that exist only where they are needed. Cells from {@link #used} on are all alike,
 * whatever the arrays hold there: so a row is erased, or filled, without touching its cells. Arrays are as wide as the
 * row, or empty before something is written.
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

    /** Bytes of a row without its arrays. */
    private static final int ROW_BYTES = 80;

    private static final int CELL_BYTES = 12;
    private static final int REFERENCE_BYTES = 4;
    private int cols;
    private int used;
    /** The cells from {@link #used} on; never with extended attributes. */
    private int restContent = Cells.NULL;

    private int restFg;
    private int restBg;
    /** Every cell is ASCII or erased and all attributes are default: {@code ascii} holds, else the others do, if any are used. */
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
    /** Of a shell. */
    @Nullable
    RowMarks marks;

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

    /** The command whose output begins in this row, as the {@link TerminalListener} numbers them; 0: none is known. */
    public long command() {
        return marks == null ? 0 : marks.command();
    }

    /** The status of the command that ended in this row, as its shell told by a mark; -1: it told none. */
    public int endStatus() {
        return marks == null ? -1 : marks.status();
    }

    boolean plain() {
        return plain;
    }

    /** The first cells of a plain row, one byte each, 0 where a cell is erased. */
    void copyPlain(byte[] target, int at, int count) {
        System.arraycopy(ascii, 0, target, at, count);
    }

    public int content(int x) {
        if (x >= used) {
            return restContent;
        }
        return plain ? ascii[x] | Cells.NULL : content[x];
    }

    public int fg(int x) {
        return x >= used ? restFg : plain ? 0 : fg[x];
    }

    public int bg(int x) {
        return x >= used ? restBg : plain ? 0 : bg[x];
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
        if (x < 0 || x >= cols || x >= used && isRest(cell, cellFg, cellBg)) {
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
        } else if (extended != null) {
            extended[x] = null;
        }
    }

    private boolean isRest(int cell, int cellFg, int cellBg) {
        return cell == restContent && cellFg == restFg && cellBg == restBg && (cellBg & Cells.BG_EXTENDED) == 0;
    }

    private boolean restIsBlank() {
        return restContent == Cells.NULL && (restFg | restBg) == 0;
    }

    /** Printable ASCII {@code bytes[from, from + count)}, which must fit the row. */
    void setAscii(int x, byte[] bytes, int from, int count, Pen pen) {
        if (plain && (pen.fg | pen.bg) == 0) {
            usePlain(x, x + count);
            System.arraycopy(bytes, from, ascii, x, count);
            return;
        }
        useRich(x, x + count);
        int[] cells = content;
        for (int k = 0; k < count; k++) {
            cells[x + k] = bytes[from + k] | Cells.NULL;
        }
        paint(x, x + count, pen);
    }

    /** The first {@code count} of these cells, which must fit the row. */
    void setCells(int x, int[] cells, int count, Pen pen) {
        useRich(x, x + count);
        System.arraycopy(cells, 0, content, x, count);
        paint(x, x + count, pen);
    }

    /** Fills cells {@code [from, to)} with one and the same. */
    void fill(int from, int to, int cell, Pen pen) {
        if (plain && (pen.fg | pen.bg) == 0 && plainContent(cell)) {
            usePlain(from, to);
            Arrays.fill(ascii, from, to, (byte) cell);
            return;
        }
        useRich(from, to);
        Arrays.fill(content, from, to, cell);
        paint(from, to, pen);
    }

    /** Gives the attributes of the pen to cells {@code [from, to)} of a row that is not plain. */
    private void paint(int from, int to, Pen pen) {
        Arrays.fill(fg, from, to, pen.fg);
        Arrays.fill(bg, from, to, pen.bg);
        boolean flagged = (pen.bg & Cells.BG_EXTENDED) != 0;
        if (flagged) {
            setExtended(from, pen.extended);
        }
        if (extended != null) {
            Arrays.fill(extended, from, to, flagged ? pen.extended : null);
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
            Arrays.fill(ascii, used, from, (byte) restContent);
        }
        used = to;
    }

    /** Makes room for any cells {@code [from, to)} about to be written; the row is plain no longer. */
    private void useRich(int from, int to) {
        if (plain || content.length == 0) {
            enrich();
        }
        if (from > used) {
            fillWithRest(used, from);
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
        Arrays.fill(content, 0, used, Cells.NULL);
        Arrays.fill(fg, 0, used, 0);
        Arrays.fill(bg, 0, used, 0);
        for (int x = 0; x < used; x++) {
            content[x] |= ascii[x];
        }
    }

    private void fillWithRest(int from, int to) {
        Arrays.fill(content, from, to, restContent);
        Arrays.fill(fg, from, to, restFg);
        Arrays.fill(bg, from, to, restBg);
        if (extended != null) {
            Arrays.fill(extended, from, to, null);
        }
    }

    /** Writes down the cells that are all alike, so that the arrays hold {@link #extent} cells. */
    void settle() {
        if (restIsBlank()) {
            return;
        }
        if (plain) {
            usePlain(cols, cols);
        } else {
            useRich(cols, cols);
        }
        restContent = Cells.NULL;
        restFg = 0;
        restBg = 0;
    }

    static boolean plainContent(int cell) {
        return (cell & ~0x7F) == Cells.NULL;
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
        if (to == cols) {
            eraseRest(from, eraseBg);
            return;
        }
        if (from >= used && isRest(Cells.NULL, 0, eraseBg)) {
            return;
        }
        if (plain && eraseBg == 0) {
            usePlain(from, to);
            Arrays.fill(ascii, from, to, (byte) 0);
            return;
        }
        useRich(from, to);
        Arrays.fill(content, from, to, Cells.NULL);
        Arrays.fill(fg, from, to, 0);
        Arrays.fill(bg, from, to, eraseBg);
        if (extended != null) {
            Arrays.fill(extended, from, to, null);
        }
    }

    private void eraseRest(int from, int eraseBg) {
        if (from > used && !isRest(Cells.NULL, 0, eraseBg)) {
            if (plain) {
                usePlain(from, from);
            } else {
                useRich(from, from);
            }
        }
        if (extended != null && from < used) {
            Arrays.fill(extended, from, used, null);
        }
        used = Math.min(used, from);
        if (plain && eraseBg != 0) {
            if (used > 0) {
                enrich();
            }
            plain = false;
        }
        restContent = Cells.NULL;
        restFg = 0;
        restBg = eraseBg;
    }

    /** Moves cells {@code [from, cols - count)} right by so many; those that they leave are for the caller to set. */
    void shiftRight(int from, int count) {
        int moved = Math.min(used, cols - count) - from;
        if (moved > 0) {
            move(from, from + count, moved);
        }
    }

    /** Moves cells {@code [to + count, cols)} left by so many; those that come in are like the rest. */
    void shiftLeft(int to, int count) {
        int moved = Math.max(0, used - to - count);
        if (moved > 0) {
            move(to + count, to, moved);
        }
        int end = Math.min(used, to + moved);
        if (extended != null) {
            Arrays.fill(extended, end, used, null);
        }
        used = end;
    }

    private void move(int from, int to, int count) {
        if (plain) {
            usePlain(to, to + count);
            System.arraycopy(ascii, from, ascii, to, count);
            return;
        }
        useRich(to, to + count);
        moveTexts(from, to, count);
        System.arraycopy(content, from, content, to, count);
        System.arraycopy(fg, from, fg, to, count);
        System.arraycopy(bg, from, bg, to, count);
        if (extended != null) {
            System.arraycopy(extended, from, extended, to, count);
        }
    }

    /** Texts go along with the cells that have one; others stay where they are, as the client's do. */
    private void moveTexts(int from, int to, int count) {
        String[] table = combined;
        for (int i = 0; table != null && i < count; i++) {
            int k = from < to ? count - 1 - i : i;
            if ((content[from + k] & Cells.COMBINED) != 0) {
                table[to + k] = table[from + k];
            }
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
        marks = null;
        fillAll(Cells.NULL, 0, eraseBg);
    }

    /** Makes all cells alike; the background without extended attributes. */
    void fillAll(int cell, int cellFg, int cellBg) {
        used = 0;
        if (hasTables()) {
            extended = null;
            combined = null;
        }
        plain = (cellFg | cellBg) == 0;
        restContent = cell;
        restFg = cellFg;
        restBg = cellBg;
    }

    /** Erases the cells that are not protected. */
    void clearUnprotected(int eraseBg) {
        if (!anyProtected()) {
            clear(eraseBg);
            return;
        }
        for (int x = 0; x < cols; x++) {
            if ((bg(x) & Cells.BG_PROTECTED) == 0) {
                erase(x, eraseBg);
            }
        }
    }

    private boolean anyProtected() {
        int all = restBg;
        for (int x = 0; !plain && x < used; x++) {
            all |= bg[x];
        }
        return (all & Cells.BG_PROTECTED) != 0;
    }

    /** Cells up to the last one with content. */
    int trimmedLength() {
        if (used < cols && (restContent & Cells.HAS_CONTENT) != 0) {
            return cols;
        }
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
        if (used < cols && !restIsBlank()) {
            return cols;
        }
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
        copy.marks = marks;
        return copy;
    }

    void resize(int newCols) {
        settle();
        cols = newCols;
        used = Math.min(used, newCols);
        ascii = plain && used > 0 ? Arrays.copyOf(ascii, newCols) : NO_ASCII;
        boolean cells = !plain && content.length != 0;
        content = cells ? Arrays.copyOf(content, newCols) : NO_CELLS;
        fg = cells ? Arrays.copyOf(fg, newCols) : NO_CELLS;
        bg = cells ? Arrays.copyOf(bg, newCols) : NO_CELLS;
        if (extended != null) {
            extended = Arrays.copyOf(extended, newCols);
        }
        if (combined != null) {
            combined = Arrays.copyOf(combined, newCols);
        }
    }

    /** The row without the targets of links; a copy where it has some. */
    public Row withoutLinks() {
        if (extended == null) {
            return this;
        }
        Row copy = copy();
        copy.dropLinks();
        return copy;
    }

    /** The characters of the row alone; a copy where it has attributes or marks. */
    public Row withoutAttributes() {
        if (plain) {
            return this;
        }
        Row copy = copy();
        copy.dropTables();
        copy.fg = new int[copy.content.length];
        copy.bg = new int[copy.content.length];
        return copy;
    }

    private Row copy() {
        Row copy = new Row(cols);
        copy.wrapped = wrapped;
        copy.marks = marks;
        copy.used = used;
        copy.restContent = restContent;
        copy.restFg = restFg;
        copy.restBg = restBg;
        copy.plain = plain;
        copy.ascii = ascii.clone();
        copy.content = content.clone();
        copy.fg = fg.clone();
        copy.bg = bg.clone();
        copy.extended = extended == null ? null : extended.clone();
        copy.combined = combined == null ? null : combined.clone();
        copy.settle();
        return copy;
    }

    /** Bytes of the row and its arrays, without what the tables refer to. */
    int arrayBytes() {
        int tables = (extended == null ? 0 : extended.length) + (combined == null ? 0 : combined.length);
        return ROW_BYTES + ascii.length + CELL_BYTES * content.length + REFERENCE_BYTES * tables;
    }

    /** Bytes of what the tables refer to; each link once for each {@code count}. */
    long tableBytes(Object count) {
        long bytes = 0;
        for (int x = 0; extended != null && x < extended.length; x++) {
            Extended value = extended[x];
            if (value != null && (x == 0 || extended[x - 1] != value)) {
                bytes += Extended.BYTES
                        + (value.link() == null ? 0 : value.link().bytesOnce(count));
            }
        }
        for (int x = 0; combined != null && x < combined.length; x++) {
            bytes += combined[x] == null ? 0 : Hyperlink.bytes(combined[x]);
        }
        return bytes;
    }

    boolean hasTables() {
        return extended != null || combined != null;
    }

    void dropLinks() {
        for (int x = 0; extended != null && x < used; x++) {
            if (extended[x] != null && extended[x].link() != null) {
                extended[x] = extended[x].withLink(null);
                if (extended[x].empty()) {
                    bg[x] &= ~Cells.BG_EXTENDED;
                }
            }
        }
    }

    /** Drops what the tables hold: underline styles and colours, links, marks. */
    void dropTables() {
        for (int x = 0; hasTables() && x < used; x++) {
            bg[x] &= ~Cells.BG_EXTENDED;
            if ((content[x] & Cells.COMBINED) != 0) {
                String text = text(x);
                int base = text.isEmpty() ? 0 : text.codePointAt(0);
                content[x] = content[x] & ~Cells.HAS_CONTENT | base;
            }
        }
        extended = null;
        combined = null;
    }

    /** Erases the row and frees its arrays. */
    void dropCells() {
        clear(0);
        ascii = NO_ASCII;
        content = NO_CELLS;
        fg = NO_CELLS;
        bg = NO_CELLS;
    }
}
