package io.termbus.vt.screen;

/** Erasing, inserting, deleting, scrolling. Erased cells take the background colour of the pen. */
final class Edits {
    /** What erasing or shifting a row costs beside its cells. */
    private static final int ROW_UNITS = 32;

    private static final int CELLS_PER_UNIT = 2;

    private final Terminal terminal;
    private final CursorMoves cursor;

    Edits(Terminal terminal, CursorMoves cursor) {
        this.terminal = terminal;
        this.cursor = cursor;
    }

    private int bg() {
        return terminal.pen.eraseBg();
    }

    /** ED, DECSED: 0 below, 1 above, 2 the screen, 3 the scrollback. */
    void eraseDisplay(int part, boolean selective) {
        cursor.restrictKeepingWrap();
        ScreenBuffer b = terminal.active;
        switch (part) {
            case 0 -> {
                eraseInRow(b.cursorRow(), b.x, b.cols(), b.x == 0, selective);
                if (b.x == 0 && b.y == 0) {
                    b.cursorRow().marks = null; // the whole screen goes
                }
                eraseRows(b.y + 1, b.height(), selective);
            }
            case 1 -> {
                eraseInRow(b.cursorRow(), 0, b.x + 1, true, selective);
                if (b.x + 1 >= b.cols() && b.y + 1 < b.height()) {
                    b.row(b.y + 1).wrapped = false;
                }
                eraseRows(0, b.y, selective);
            }
            case 2 -> eraseRows(0, b.height(), selective);
            case 3 -> b.clearScrollback();
            default -> {}
        }
    }

    private void eraseRows(int from, int to, boolean selective) {
        terminal.rowWork.begin(from, to, selective ? ROW_UNITS + terminal.active.cols() : ROW_UNITS, y -> {
            Row row = terminal.active.row(y);
            if (selective) {
                row.clearUnprotected(bg());
            } else {
                row.clear(bg());
            }
            row.wrapped = false;
        });
    }

    /** What work in a row that is as wide as the screen costs. */
    private int rowUnits() {
        return ROW_UNITS + terminal.active.cols() / CELLS_PER_UNIT;
    }

    private void eraseInRow(Row row, int from, int to, boolean unwrap, boolean selective) {
        terminal.work.spend(rowUnits());
        if (selective) {
            RowEdits.eraseUnprotected(row, from, to, bg());
        } else {
            RowEdits.erase(row, from, to, bg());
        }
        if (unwrap) {
            row.wrapped = false;
        }
    }

    /** EL, DECSEL: 0 to the right, 1 to the left, 2 the row. */
    void eraseLine(int part, boolean selective) {
        cursor.restrictKeepingWrap();
        ScreenBuffer b = terminal.active;
        Row row = b.cursorRow();
        switch (part) {
            case 0 -> eraseInRow(row, b.x, b.cols(), b.x == 0, selective);
            case 1 -> eraseInRow(row, 0, b.x + 1, false, selective);
            case 2 -> eraseInRow(row, 0, b.cols(), true, selective);
            default -> {}
        }
    }

    /** ECH. */
    void eraseChars(int count) {
        cursor.restrict();
        terminal.work.spend(rowUnits());
        ScreenBuffer b = terminal.active;
        RowEdits.erase(b.cursorRow(), b.x, b.x + Math.min(count, b.cols()), bg());
    }

    /** ICH. */
    void insertChars(int count) {
        cursor.restrict();
        terminal.work.spend(rowUnits());
        ScreenBuffer b = terminal.active;
        RowEdits.insert(b.cursorRow(), b.x, count, 0, bg(), Extended.NONE);
    }

    /** DCH. */
    void deleteChars(int count) {
        cursor.restrict();
        terminal.work.spend(rowUnits());
        ScreenBuffer b = terminal.active;
        RowEdits.delete(b.cursorRow(), b.x, count, bg());
    }

    private boolean outsideMargins() {
        ScreenBuffer b = terminal.active;
        return b.y > b.scrollBottom || b.y < b.scrollTop;
    }

    /** IL. */
    void insertLines(int count) {
        cursor.restrict();
        if (!outsideMargins()) {
            ScreenBuffer b = terminal.active;
            b.rotateDown(b.y, b.scrollBottom, count, bg());
            b.x = 0;
        }
    }

    /** DL. */
    void deleteLines(int count) {
        cursor.restrict();
        if (!outsideMargins()) {
            ScreenBuffer b = terminal.active;
            b.rotateUp(b.y, b.scrollBottom, count, bg());
            b.x = 0;
        }
    }

    /** SU: the rows are lost, they do not go to the scrollback. */
    void scrollUp(int count) {
        ScreenBuffer b = terminal.active;
        b.rotateUp(b.scrollTop, b.scrollBottom, count, bg());
    }

    /** SD: the new rows have the default background. */
    void scrollDown(int count) {
        ScreenBuffer b = terminal.active;
        b.rotateDown(b.scrollTop, b.scrollBottom, count, 0);
    }

    /** SL. */
    void scrollLeft(int count) {
        deleteInMargins(0, count);
    }

    /** SR. */
    void scrollRight(int count) {
        insertInMargins(0, count);
    }

    /** DECIC. */
    void insertColumns(int count) {
        insertInMargins(terminal.active.x, count);
    }

    /** DECDC. */
    void deleteColumns(int count) {
        deleteInMargins(terminal.active.x, count);
    }

    private void insertInMargins(int x, int count) {
        ScreenBuffer b = terminal.active;
        if (outsideMargins()) {
            return;
        }
        terminal.rowWork.begin(b.scrollTop, b.scrollBottom + 1, rowUnits(), y -> {
            RowEdits.insert(b.row(y), x, count, 0, bg(), Extended.NONE);
            b.row(y).wrapped = false;
        });
    }

    private void deleteInMargins(int x, int count) {
        ScreenBuffer b = terminal.active;
        if (outsideMargins()) {
            return;
        }
        terminal.rowWork.begin(b.scrollTop, b.scrollBottom + 1, rowUnits(), y -> {
            RowEdits.delete(b.row(y), x, count, bg());
            b.row(y).wrapped = false;
        });
    }

    /** DECALN: fills the screen with E in default attributes; margins go, the cursor is at home. */
    void alignmentPattern() {
        ScreenBuffer b = terminal.active;
        b.scrollTop = 0;
        b.scrollBottom = b.height() - 1;
        cursor.moveTo(0, 0);
        terminal.rowWork.begin(0, b.height(), ROW_UNITS, y -> fillWithE(b.row(y)));
    }

    private static void fillWithE(Row row) {
        row.fillAll(Cells.content('E', 1), 0, 0);
        row.wrapped = false;
    }
}
