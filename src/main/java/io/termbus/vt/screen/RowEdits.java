package io.termbus.vt.screen;

/** Edits within one row, with the client's rules for halves of wide characters. */
final class RowEdits {
    private RowEdits() {}

    /** ICH and insert mode: shifts cells right from {@code at}, fills with erased cells of these attributes. */
    static void insert(Row row, int at, int count, int fg, int bg, Extended extended) {
        int cols = row.cols();
        int pos = at % cols;
        if (pos > 0 && row.width(pos - 1) == 2) {
            row.set(pos - 1, Cells.NULL, fg, bg, extended);
        }
        int n = Math.min(count, cols - pos);
        row.shiftRight(pos, n);
        for (int x = pos; x < pos + n; x++) {
            row.set(x, Cells.NULL, fg, bg, extended);
        }
        if (row.width(cols - 1) == 2) {
            row.set(cols - 1, Cells.NULL, fg, bg, extended);
        }
    }

    /** DCH: shifts cells left to {@code at}. */
    static void delete(Row row, int at, int count, int eraseBg) {
        int cols = row.cols();
        int pos = at % cols;
        int n = Math.min(count, cols - pos);
        row.shiftLeft(pos, n);
        row.erase(cols - n, cols, eraseBg);
        if (pos > 0 && row.width(pos - 1) == 2) {
            row.erase(pos - 1, eraseBg);
        }
        if (row.width(pos) == 0 && !row.hasContent(pos)) {
            row.erase(pos, eraseBg);
        }
    }

    /** Erases {@code [start, end)}; {@code end} may lie outside of the row. */
    static void erase(Row row, int start, int end, int eraseBg) {
        int cols = row.cols();
        if (start > 0 && row.width(start - 1) == 2) {
            row.erase(start - 1, eraseBg);
        }
        if (end < cols && row.width(end - 1) == 2) {
            row.erase(end, eraseBg);
        }
        row.erase(start, Math.min(end, cols), eraseBg);
    }

    /** The same for the cells that are not protected. */
    static void eraseUnprotected(Row row, int start, int end, int eraseBg) {
        int cols = row.cols();
        if (start > 0 && row.width(start - 1) == 2 && !isProtected(row, start - 1)) {
            row.erase(start - 1, eraseBg);
        }
        if (end < cols && row.width(end - 1) == 2 && !isProtected(row, end)) {
            row.erase(end, eraseBg);
        }
        for (int x = start; x < Math.min(end, cols); x++) {
            if (!isProtected(row, x)) {
                row.erase(x, eraseBg);
            }
        }
    }

    private static boolean isProtected(Row row, int x) {
        return (row.bg(x) & Cells.BG_PROTECTED) != 0;
    }

    /**
     * Copies cells between rows while text is reflowed. Texts of combined cells right of the copied
     * ones are taken along too, as the client does.
     */
    static void copy(Row to, Row from, int fromCol, int toCol, int count, boolean backwards) {
        String[] texts = from.combined == null ? null : from.combined.clone(); // tells which there were before
        for (int i = 0; i < count; i++) {
            int k = backwards ? count - 1 - i : i;
            copyCell(to, toCol + k, from, fromCol + k);
        }
        if (texts == null) {
            return;
        }
        for (int x = fromCol; x < texts.length; x++) {
            int target = x - fromCol + toCol;
            if (texts[x] != null && target < to.cols()) {
                to.setCombined(target, from.combined[x]);
            }
        }
    }

    /** As in the client, what lies beyond a row reads as nothing and is not written. */
    private static void copyCell(Row to, int toCol, Row from, int fromCol) {
        if (toCol >= to.cols()) {
            return;
        }
        if (fromCol >= from.cols()) {
            to.set(toCol, 0, 0, 0, Extended.NONE);
        } else {
            to.set(toCol, from.content(fromCol), from.fg(fromCol), from.bg(fromCol), from.extended(fromCol));
        }
    }
}
