package io.termbus.vt.screen;

import io.termbus.vt.screen.TerminalListener.Cut;

/**
 * Keeps what a terminal's state takes in memory below a limit. What goes, in this order and only as far as needed: the oldest
 * scrollback; links on the screens; underline styles and combining marks on the screens; the screens' upper rows.
 *
 * <p>The scrollback counts itself. What the cells on the screens refer to is counted when it may matter: until then whatever
 * was made since counts, also what is gone already.
 */
final class StateLimit {
    /** Title, directory, palette, tab stops, saved cursors, modes at their most; in bytes. */
    private static final int REST_BYTES = 64 * 1024;
    /** After a cut there is room for a 16th, so that not every slice has one. */
    private static final int ROOM_SHARE = 16;

    /** Rows that are added up in a hundredth of a slice's time: a large screen is looked at after some slices only. */
    private static final int ROWS_PER_CHECK = 128;

    private final Terminal terminal;
    private final long limit;
    /** Bytes of texts and attributes made since the screens were counted. */
    private long made;
    /** Bytes that they referred to when they were. */
    private long counted;

    private int slices;

    StateLimit(Terminal terminal, long limit) {
        this.terminal = terminal;
        this.limit = limit;
    }

    /** Something was made that a cell may refer to. */
    void made(int bytes) {
        made += bytes;
    }

    /** Cuts down to less, once. */
    void cutTo(long bytes) {
        cut(Math.min(limit, bytes));
    }

    /** After each slice, and each resize. */
    void check() {
        if (--slices > 0 && made + terminal.pen.made < limit / ROOM_SHARE) {
            return;
        }
        slices = terminal.primary.height() / ROWS_PER_CHECK;
        cut(limit);
    }

    private void cut(long bytes) {
        if (total() <= bytes) {
            return;
        }
        count();
        if (total() <= bytes) {
            return;
        }
        long most = bytes - bytes / ROOM_SHARE;
        terminal.primary.shrinkScrollback(Math.max(0, most - withoutScrollback()));
        if (withoutScrollback() > bytes) {
            cut(Cut.LINKS, most);
        }
        if (withoutScrollback() > bytes) {
            cut(Cut.ATTRIBUTES, most);
        }
        if (withoutScrollback() > bytes) {
            cut(Cut.ROWS, most);
        }
    }

    private void cut(Cut what, long most) {
        cut(what, terminal.primary, most);
        cut(what, terminal.alternate, most);
        count();
        terminal.listener.stateCut(what);
    }

    private void cut(Cut what, ScreenBuffer buffer, long most) {
        long[] over = {withoutScrollback() - most};
        buffer.eachRow(row -> {
            terminal.work.spend(buffer.cols());
            switch (what) {
                case LINKS -> row.dropLinks();
                case ATTRIBUTES -> row.dropTables();
                case ROWS -> {
                    if (over[0] > 0) {
                        over[0] -= row.arrayBytes();
                        row.dropCells();
                        over[0] += row.arrayBytes();
                    }
                }
            }
        });
    }

    long total() {
        return withoutScrollback() + terminal.primary.scrollback.memory();
    }

    private long withoutScrollback() {
        return REST_BYTES
                + terminal.parserBytes()
                + terminal.primary.arrayBytes()
                + terminal.alternate.arrayBytes()
                + counted
                + made
                + terminal.pen.made;
    }

    private void count() {
        Object count = new Object();
        counted = bytes(terminal.primary, count) + bytes(terminal.alternate, count);
        Hyperlink link = terminal.pen.extended.link();
        counted += link == null ? 0 : link.bytesOnce(count);
        made = 0;
        terminal.pen.made = 0;
    }

    private long bytes(ScreenBuffer buffer, Object count) {
        long[] bytes = {0};
        buffer.eachRow(row -> {
            if (row.hasTables()) {
                terminal.work.spend(buffer.cols());
                bytes[0] += row.tableBytes(count);
            }
        });
        return bytes[0];
    }
}
