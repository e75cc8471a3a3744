package io.termbus.vt.snapshot;

import io.termbus.vt.screen.Cells;
import io.termbus.vt.screen.Extended;
import io.termbus.vt.screen.Pen;
import io.termbus.vt.screen.Row;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Writes one row into a blank row of the client, from column 0 on. Besides text and plain erased cells
 * there are cells that only certain edits leave behind: erased ones with a full pen, and right halves of
 * wide characters without a left one. These are made by the same kind of edits.
 */
final class RowWriter {
    private static final String WIDE = "\u4E00";

    private final Output out;
    private final PenWriter pen;
    /** The client's column; the width of the row while a wrap is pending. */
    private int x;
    /** The pen that must be left, where what it prints looks the same; null while rows are written. */
    private @Nullable Pen last;

    private UnaryOperator<String> encoding = UnaryOperator.identity();
    /** The cells right of those still to be written must not be printed over. */
    private boolean blocked;

    RowWriter(Output out, PenWriter pen) {
        this.out = out;
        this.pen = pen;
    }

    /** From here on cells are printed again for the cursor: with this pen last, and through a character set. */
    void printAgain(Pen target, UnaryOperator<String> charset) {
        last = target;
        encoding = charset;
    }

    /** Writes the cells; returns the column where the client's cursor then is. */
    int write(Row row, int end) {
        x = 0;
        boolean severed = severed(row);
        int last = severed ? row.cols() : Math.min(end, row.extent());
        int written = last == row.cols() && !severed ? writeErasedEnd(row) : last;
        blocked = written < last;
        for (int i = 0; i < written; ) {
            i = cell(row, i, written);
        }
        return x;
    }

    private int cell(Row row, int i, int end) {
        int content = row.content(i);
        if (i == row.cols() - 2 && severed(row)) {
            moveTo(i);
            return severedEnd(row);
        }
        if ((content & Cells.HAS_CONTENT) != 0) {
            return text(row, i);
        }
        if (content == 0) {
            orphan(row, i);
            return i + 1;
        }
        if (plainErased(row, i)) {
            return erased(row, i, end);
        }
        if (i + 1 == end && blocked) {
            moveTo(i);
            pen.setCell(row, i);
            out.text(" "); // nothing else is left to overwrite: looks the same
            x = i + 1;
        } else {
            eraseWithPen(row, i);
        }
        return i + 1;
    }

    /** The whole row is erased with one background. */
    static boolean uniformlyErased(Row row) {
        for (int i = 0; i < row.cols(); i++) {
            if (!plainErased(row, i) || row.bg(i) != row.bg(0)) {
                return false;
            }
        }
        return true;
    }

    /** True where the last cell must be made before the others. */
    static boolean startsAtEnd(Row row) {
        int last = row.cols() - 1;
        return erasedWithPen(row, last) || row.content(last) == 0 && row.width(last - 1) != 2;
    }

    static boolean erasedWithPen(Row row, int i) {
        return row.content(i) == Cells.NULL && !plainErased(row, i);
    }

    /** Erased, with nothing but a background colour. */
    static boolean plainErased(Row row, int i) {
        return row.content(i) == Cells.NULL && row.fg(i) == 0 && (row.bg(i) & ~Cells.COLOR) == 0;
    }

    private void moveTo(int column) {
        if (column > x) {
            out.csi(column - x, "C");
        } else if (column < x) {
            out.csi(column + 1, "G");
        }
        x = column;
    }

    private int text(Row row, int i) {
        moveTo(i);
        pen.setCell(row, i);
        String text = row.text(i);
        int width = Cells.width(row.content(i));
        int base = row.baseWidth(i);
        if (base == 0) {
            out.escape("\\"); // no base for the mark
        }
        if (width == 2 && i == row.cols() - 1) {
            return i + 1; // cut in half by a resize: nothing can print it
        }
        out.text(text);
        x = i + Math.max(1, base);
        return i + (base == 2 ? 2 : 1);
    }

    /** True where the wide character at the right margin has lost its right half, which happens without autowrap. */
    static boolean severed(Row row) {
        int last = row.cols() - 1;
        return row.width(last - 1) == 2 && row.content(last) != 0;
    }

    private int severedEnd(Row row) {
        out.csi("?7l");
        writeSevered(row, true);
        widen(row, true);
        out.csi("?7h");
        return row.cols();
    }

    /**
     * The last two cells of a severed row, but what {@link #widen} adds. Needs autowrap off.
     *
     * @param rightLast the right one was printed after the left one got its width
     */
    void writeSevered(Row row, boolean rightLast) {
        int right = row.cols() - 1;
        int left = right - 1;
        boolean overwritten = row.baseWidth(right) > 0;
        x = left;
        if (row.widened(left)) {
            narrow(row, left);
            if (!overwritten) {
                blocked = true;
                cell(row, right, row.cols());
            } else if (!rightLast) {
                setRight(row);
                out.text(encoding.apply(row.text(right)));
            }
            moveTo(right);
            if (overwritten) {
                setRight(row);
            }
            return;
        }
        pen.setCell(row, left);
        out.text(row.text(left));
        setRight(row);
        out.text(overwritten ? encoding.apply(row.text(right)) : WIDE); // one without room erases the half
        x = overwritten ? row.cols() : right;
    }

    private void setRight(Row row) {
        int right = row.cols() - 1;
        if (last != null && PenWriter.prints(last, row, right)) {
            pen.set(last.fg(), last.bg(), last.extended());
        } else {
            pen.setCell(row, right);
        }
    }

    private void narrow(Row row, int i) {
        int base = row.baseLength(i);
        if (base == 0) {
            eraseWithPen(row, i);
            return;
        }
        pen.setCell(row, i);
        out.text(encoding.apply(row.text(i).substring(0, base)));
        x = i + 1;
    }

    /** Marks after a wide character without room join the cell before it, and make it wide. */
    void widen(Row row, boolean rightLast) {
        int left = row.cols() - 2;
        boolean overwritten = row.baseWidth(left + 1) > 0;
        if (row.widened(left)) {
            out.text(WIDE).text(row.text(left).substring(row.baseLength(left)));
            if (rightLast && overwritten) {
                out.text(encoding.apply(row.text(left + 1)));
            }
        } else if (!rightLast && overwritten) {
            out.text(WIDE);
        }
        x = rightLast && overwritten ? row.cols() : row.cols() - 1;
    }

    private int erased(Row row, int from, int end) {
        int to = from + 1;
        while (to < end && plainErased(row, to) && row.bg(to) == row.bg(from)) {
            to++;
        }
        if (row.bg(from) != 0) {
            moveTo(from);
            pen.setErase(row.bg(from));
            out.csi(to - from, "X");
        }
        return to;
    }

    /** Prints over the right half of a wide character: that leaves the left half erased with the pen. */
    private void eraseWithPen(Row row, int i) {
        moveTo(i);
        out.text(WIDE);
        moveToColumn(i + 1);
        pen.setCell(row, i);
        out.text("x");
        moveToColumn(i + 1);
        eraseOne();
    }

    private void moveToColumn(int column) {
        out.csi(column + 1, "G");
        x = column;
    }

    private void eraseOne() {
        pen.setDefault();
        out.csi("X");
    }

    /** Such cells at the right margin are made first, from the right, by printing over left halves. */
    private int writeErasedEnd(Row row) {
        int i = row.cols() - 1;
        if (i > 1 && row.content(i) == 0 && row.width(i - 1) != 2) {
            return lastOrphan(row, i);
        }
        while (i > 0 && erasedWithPen(row, i)) {
            moveToColumn(i - 1);
            out.text(WIDE);
            moveToColumn(i - 1);
            pen.setCell(row, i);
            out.text("x");
            moveToColumn(i - 1);
            eraseOne();
            i--;
        }
        if (i < row.cols() - 1) {
            moveToColumn(0);
        }
        return i + 1;
    }

    private int lastOrphan(Row row, int last) {
        moveToColumn(last - 2);
        pen.setCell(row, last);
        out.text(WIDE);
        pen.setDefault();
        moveToColumn(last - 1);
        out.csi("@");
        moveToColumn(0);
        return last;
    }

    /** A right half alone: made by inserting before it, then deleting what was inserted. */
    private void orphan(Row row, int i) {
        if (i == 0 || i + 1 >= row.cols()) {
            return;
        }
        moveTo(i - 1);
        int left = row.bg(i - 1) & Cells.COLOR;
        pen.set(row.fg(i), row.bg(i), row.extended(i));
        out.text(WIDE);
        moveToColumn(i);
        pen.set(0, left, Extended.NONE);
        out.csi("@");
        pen.setDefault();
        moveToColumn(i - 1);
        out.csi("P");
    }
}
