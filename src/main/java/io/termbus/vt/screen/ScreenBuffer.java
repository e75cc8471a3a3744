package io.termbus.vt.screen;

import io.termbus.vt.parser.Work;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One of the two buffers: rows, scrollback (empty for the alternate buffer), cursor, margins, tab stops,
 * saved cursor. Rows scroll by moving references; row {@code y} is {@code rows[(top + y) % height]}.
 * Lines are counted from the oldest row of the scrollback.
 */
public final class ScreenBuffer {
    /** A row at work takes some 50 ns, one of colours that goes to the scrollback that for 20 cells. */
    private static final int ROW_UNITS = 32;

    private static final int PLAIN_CELLS_PER_UNIT = 16;

    /** Marks of a shell that are kept, the newest. */
    public static final int MAX_MARKS = 1000;

    final Scrollback scrollback;
    final SavedCursor saved = new SavedCursor();
    final TabStops tabs;

    /** Only the primary buffer reflows its lines when it is resized. */
    final boolean primary;

    private final Work work;
    private int cols;
    private int height;
    private @Nullable Row[] rows;
    private int top;

    /** The column of the cursor; {@code cols} or more while a wrap is pending. */
    int x;

    int y;
    int scrollTop;
    int scrollBottom;
    /** How many marks of a shell ever came. */
    private long marks;

    ScreenBuffer(boolean primary, int cols, int height, int scrollbackLines, Work work) {
        this.work = work;
        this.primary = primary;
        this.cols = cols;
        this.height = height;
        scrollback = new Scrollback(scrollbackLines);
        tabs = new TabStops(cols);
        rows = new Row[0];
        scrollBottom = height - 1;
    }

    /** False for an alternate buffer that is not shown: it has no rows. */
    boolean filled() {
        return rows.length != 0;
    }

    void fill(int eraseBg) {
        if (filled()) {
            return;
        }
        work.spend(height * ROW_UNITS);
        rows = new Row[height];
        top = 0;
        for (int i = 0; i < height; i++) {
            rows[i] = blank(eraseBg);
        }
    }

    private Row blank(int eraseBg) {
        Row row = new Row(cols);
        if (eraseBg != 0) {
            row.clear(eraseBg);
        }
        return row;
    }

    /** What leaving the alternate buffer does: all gone but the saved cursor. */
    void drop() {
        rows = new Row[0];
        x = 0;
        y = 0;
        scrollTop = 0;
        scrollBottom = height - 1;
        tabs.reset();
    }

    public boolean primary() {
        return primary;
    }

    public int cols() {
        return cols;
    }

    public int height() {
        return height;
    }

    public int x() {
        return x;
    }

    public int y() {
        return y;
    }

    public int scrollTop() {
        return scrollTop;
    }

    public int scrollBottom() {
        return scrollBottom;
    }

    public TabStops tabs() {
        return tabs;
    }

    public SavedCursor saved() {
        return saved;
    }

    public int scrollbackSize() {
        return scrollback.size();
    }

    /** How many rows have ever left the top of the screen; a resize does not count. */
    public long scrolledOut() {
        return scrollback.pushed();
    }

    private int slot(int row) {
        int i = top + row;
        return i >= height ? i - height : i;
    }

    /** The row on the screen, 0 at the top. Owned by the buffer; read only outside of this package. */
    public Row row(int row) {
        Row found = rows[slot(row)];
        if (found == null) {
            throw new IllegalStateException("no row " + row);
        }
        return found;
    }

    /** A line of scrollback or screen, 0 the oldest. A line of the scrollback is a copy. Exactly as wide as the screen. */
    public Row line(int line) {
        int size = scrollback.size();
        return line < size
                ? PackedRow.unpack(scrollback.packed(line), cols)
                : row(line - size).narrowedTo(cols);
    }

    public boolean lineWrapped(int line) {
        int size = scrollback.size();
        return line < size ? PackedRow.wrapped(scrollback.packed(line)) : row(line - size).wrapped;
    }

    /** Puts a shell's mark on the cursor's row. */
    void mark(ShellMark mark, long command) {
        Row row = cursorRow();
        row.marks = RowMarks.join(row.marks, RowMarks.of(mark, ++marks, command));
    }

    /** Whether a row has a shell's mark of that kind, as one of the rows that have the newest {@link #MAX_MARKS}. */
    public boolean marked(Row row, ShellMark.Kind kind) {
        return row.marks != null && row.marks.number() > marks - MAX_MARKS && row.marks.has(kind);
    }

    Row cursorRow() {
        return row(y);
    }

    /** Scrolls the margins by one row; with the top margin at the top the row goes to the scrollback. */
    void scroll(int eraseBg, boolean wrapped) {
        if (scrollTop != 0) {
            rotateUp(scrollTop, scrollBottom, 1, eraseBg);
            row(scrollBottom).wrapped = wrapped;
            return;
        }
        Row row = row(0);
        work.spend(ROW_UNITS + (row.plain() ? cols / PLAIN_CELLS_PER_UNIT : cols));
        scrollback.push(row);
        row = erased(row, eraseBg);
        row.wrapped = wrapped;
        if (scrollBottom == height - 1) {
            rows[top] = row;
            top = slot(1);
            return;
        }
        move(1, 0, scrollBottom);
        rows[slot(scrollBottom)] = row;
    }

    /** Moves references to rows; where they wrap around the end of the array, one after the other. */
    private void move(int from, int to, int count) {
        work.spend(count / 4);
        if (slot(from) + count <= height && slot(to) + count <= height) {
            System.arraycopy(rows, slot(from), rows, slot(to), count);
        } else if (from > to) {
            for (int i = 0; i < count; i++) {
                rows[slot(to + i)] = rows[slot(from + i)];
            }
        } else {
            for (int i = count - 1; i >= 0; i--) {
                rows[slot(to + i)] = rows[slot(from + i)];
            }
        }
    }

    /** Moves rows {@code [first, last]} up; what falls out is erased and comes in at the bottom. */
    void rotateUp(int first, int last, int count, int eraseBg) {
        int n = Math.min(count, last - first + 1);
        Row[] moved = take(first, n, eraseBg);
        move(first + n, first, last - first + 1 - n);
        for (int i = 0; i < n; i++) {
            rows[slot(last - n + 1 + i)] = moved[i];
        }
    }

    /** Moves rows {@code [first, last]} down. */
    void rotateDown(int first, int last, int count, int eraseBg) {
        int n = Math.min(count, last - first + 1);
        Row[] moved = take(last - n + 1, n, eraseBg);
        move(first, first + n, last - first + 1 - n);
        for (int i = 0; i < n; i++) {
            rows[slot(first + i)] = moved[i];
        }
    }

    private Row[] take(int first, int count, int eraseBg) {
        work.spend((count + 1) * ROW_UNITS);
        Row[] taken = new Row[count];
        for (int i = 0; i < count; i++) {
            taken[i] = erased(row(first + i), eraseBg);
            taken[i].wrapped = false;
        }
        return taken;
    }

    /** The row to use as a new one. */
    private Row erased(Row row, int eraseBg) {
        if (row.cols() != cols) {
            return blank(eraseBg);
        }
        row.clear(eraseBg);
        return row;
    }

    /** Bytes of the rows on the screen, without what their tables refer to. */
    int arrayBytes() {
        int bytes = 0;
        for (int y = 0; y < rows.length; y++) {
            bytes += row(y).arrayBytes();
        }
        return bytes;
    }

    /** Drops the oldest lines of the scrollback until it takes no more than that. */
    void shrinkScrollback(long bytes) {
        int dropped = scrollback.shrinkTo(bytes);
        work.spend(dropped);
        saved.line = Math.max(saved.line - dropped, 0);
    }

    /** Each row on the screen. */
    void eachRow(Consumer<Row> visitor) {
        for (int y = 0; y < rows.length; y++) {
            visitor.accept(row(y));
        }
    }

    void clearScrollback() {
        scrollback.clear();
    }

    void resize(int newCols, int newHeight) {
        if (filled()) {
            List<Object> all = new ArrayList<>(scrollback.size() + height);
            for (int i = 0; i < scrollback.size(); i++) {
                all.add(scrollback.packed(i));
            }
            for (int i = 0; i < height; i++) {
                all.add(row(i));
            }
            new Resize(this, all).apply(newCols, newHeight);
        }
        cols = newCols;
        height = newHeight;
        scrollBottom = newHeight - 1;
        tabs.resize(newCols);
    }

    /** Takes the outcome of a resize: {@code lines} with the screen at its end, from line {@code base} on. */
    void replace(List<Object> scrolled, Row[] screen) {
        scrollback.replace(scrolled);
        rows = screen;
        top = 0;
    }
}
