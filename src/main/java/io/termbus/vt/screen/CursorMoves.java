package io.termbus.vt.screen;

import io.termbus.vt.parser.Params;

/** Cursor movement, tabs, margins, save and restore. A movement beyond the screen ends at its edge. */
final class CursorMoves {
    /** Counts are cut here: beyond any screen, and small enough to add. */
    private static final int FAR = 1 << 20;

    private final Terminal terminal;

    CursorMoves(Terminal terminal) {
        this.terminal = terminal;
    }

    private ScreenBuffer buffer() {
        return terminal.active;
    }

    /** Moves the cursor into the screen, into the margins with origin mode; a pending wrap ends. */
    void restrict() {
        restrict(buffer().cols() - 1);
    }

    /** The same, but a pending wrap stays. */
    void restrictKeepingWrap() {
        restrict(buffer().cols());
    }

    private void restrict(int lastColumn) {
        ScreenBuffer b = buffer();
        b.x = Math.min(lastColumn, Math.max(0, b.x));
        int first = terminal.modes.origin ? b.scrollTop : 0;
        int last = terminal.modes.origin ? b.scrollBottom : b.height() - 1;
        b.y = Math.min(last, Math.max(first, b.y));
    }

    /** {@code y} counts from the top margin with origin mode. */
    void moveTo(int x, int y) {
        ScreenBuffer b = buffer();
        b.x = Math.min(x, FAR);
        b.y = Math.min(y, FAR) + (terminal.modes.origin ? b.scrollTop : 0);
        restrict();
    }

    /** Also within the margins of origin mode: what is relative does not count from the top one. */
    private void moveBy(int dx, int dy) {
        restrict();
        buffer().x += dx;
        buffer().y += dy;
        restrict();
    }

    /** CUU: stops at the top margin if it starts below it. */
    void up(int count) {
        int room = buffer().y - buffer().scrollTop;
        moveBy(0, -Math.min(room >= 0 ? room : FAR, count));
    }

    /** CUD: stops at the bottom margin if it starts above it. */
    void down(int count) {
        int room = buffer().scrollBottom - buffer().y;
        moveBy(0, Math.min(room >= 0 ? room : FAR, count));
    }

    void forward(int count) {
        moveBy(Math.min(FAR, count), 0);
    }

    void backward(int count) {
        moveBy(-Math.min(FAR, count), 0);
    }

    /** CNL. */
    void nextLines(int count) {
        down(count);
        buffer().x = 0;
    }

    /** CPL. */
    void previousLines(int count) {
        up(count);
        buffer().x = 0;
    }

    /** CHA, HPA. */
    void column(int column) {
        buffer().x = Math.min(column - 1, FAR);
        restrict();
    }

    /** VPA. */
    void line(int line) {
        moveTo(buffer().x, line - 1);
    }

    /** VPR. */
    void verticalRelative(int count) {
        moveBy(0, Math.min(FAR, count));
    }

    /** CUP, HVP. */
    void position(Params p) {
        moveTo(Math.max(1, p.get(1)) - 1, p.count() - 1);
    }

    void carriageReturn() {
        buffer().x = 0;
    }

    /** LF, VT, FF. The row moved into no longer continues the one above. */
    void lineFeed() {
        ScreenBuffer b = buffer();
        if (terminal.modes.newLine) {
            b.x = 0;
        }
        b.y++;
        if (b.y == b.scrollBottom + 1) {
            b.y--;
            b.scroll(terminal.pen.eraseBg(), false);
        } else if (b.y >= b.height()) {
            b.y = b.height() - 1;
        } else {
            b.cursorRow().wrapped = false;
        }
        if (b.x >= b.cols()) {
            b.x--;
        }
    }

    /** IND. */
    void index() {
        restrict();
        ScreenBuffer b = buffer();
        b.y++;
        if (b.y == b.scrollBottom + 1) {
            b.y--;
            b.scroll(terminal.pen.eraseBg(), false);
        } else if (b.y >= b.height()) {
            b.y = b.height() - 1;
        }
        restrict();
    }

    /** NEL. */
    void nextLine() {
        buffer().x = 0;
        index();
    }

    /** RI. */
    void reverseIndex() {
        restrict();
        ScreenBuffer b = buffer();
        if (b.y == b.scrollTop) {
            b.rotateDown(b.scrollTop, b.scrollBottom, 1, terminal.pen.eraseBg());
        } else {
            b.y--;
            restrict();
        }
    }

    /** BS; with reverse wraparound it goes up along soft-wrapped rows. */
    void backspace() {
        ScreenBuffer b = buffer();
        if (!terminal.modes.reverseWraparound) {
            restrict();
            b.x = Math.max(0, b.x - 1);
            return;
        }
        restrictKeepingWrap();
        if (b.x > 0) {
            b.x--;
        } else if (b.y > b.scrollTop && b.y <= b.scrollBottom && b.cursorRow().wrapped) {
            b.cursorRow().wrapped = false;
            b.y--;
            b.x = b.cols() - 1;
            Row row = b.cursorRow();
            if (row.width(b.x) != 0 && !row.hasContent(b.x)) {
                b.x--;
            }
        }
        restrict();
    }

    void tab() {
        forwardTabs(1);
    }

    /** CHT. */
    void forwardTabs(int count) {
        ScreenBuffer b = buffer();
        for (int i = 0; i < count && b.x < b.cols() - 1; i++) {
            terminal.work.spend(1);
            b.x = b.tabs.next(b.x);
        }
    }

    /** CBT. Does nothing while a wrap is pending. */
    void backwardTabs(int count) {
        ScreenBuffer b = buffer();
        if (b.x >= b.cols()) {
            return;
        }
        for (int i = 0; i < count && b.x > 0; i++) {
            terminal.work.spend(1);
            b.x = b.tabs.previous(b.x);
        }
    }

    /** HTS. */
    void setTab() {
        buffer().tabs.set(buffer().x);
    }

    /** TBC. */
    void clearTabs(int which) {
        if (which == 0) {
            buffer().tabs.clear(buffer().x);
        } else if (which == 3) {
            buffer().tabs.clearAll();
        }
    }

    /** DECSTBM. */
    void margins(Params p) {
        ScreenBuffer b = buffer();
        int first = p.count();
        int last = p.get(1) == 0 || p.get(1) > b.height() ? b.height() : p.get(1);
        if (last > first) {
            b.scrollTop = first - 1;
            b.scrollBottom = last - 1;
            moveTo(0, 0);
        }
    }

    /** DECSC, SCOSC. */
    void save() {
        ScreenBuffer b = buffer();
        b.saved.x = Math.min(b.x, b.cols());
        b.saved.line = b.scrollbackSize() + b.y;
        b.saved.origin = terminal.modes.origin;
        b.saved.pen.set(terminal.pen);
        b.saved.charsets.set(terminal.charsets);
    }

    /**
     * DECRC, SCORC: what {@link #save} kept; the start of things where nothing was saved. A wrap is pending again unless
     * there is no character any more behind which it would be.
     */
    void restore() {
        ScreenBuffer b = buffer();
        b.x = b.saved.x;
        b.y = Math.max(b.saved.line - b.scrollbackSize(), 0);
        terminal.modes.origin = b.saved.origin;
        terminal.pen.set(b.saved.pen);
        terminal.charsets.set(b.saved.charsets);
        restrictKeepingWrap();
        if (b.cursorRow().content(b.cols() - 1) == Cells.NULL) {
            restrict();
        }
    }
}
