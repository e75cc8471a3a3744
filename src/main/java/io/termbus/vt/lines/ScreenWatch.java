package io.termbus.vt.lines;

import io.termbus.vt.screen.Row;
import io.termbus.vt.screen.ScreenBuffer;
import io.termbus.vt.screen.Terminal;
import io.termbus.vt.snapshot.Snapshots;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Finds the lines of a terminal that are others than at the look before, those that have scrolled away among them. Rows
 * that were wrapped are one line. A look goes in steps, between which the terminal may not change. Used by the terminal's
 * owner.
 */
public final class ScreenWatch {
    /** Rows of one step: some 50 µs; of wide ones fewer. */
    private static final int STEP_ROWS = 64;

    private static final int STEP_CELLS = 80 * STEP_ROWS;
    /** UTF-16 units of a line; what is longer is told in pieces. */
    public static final int LINE_CHARS = 2048;

    private final Side primary = new Side();
    private final Side alternate = new Side();
    private List<Side> left = List.of();

    /** What is there now is known: the next look finds nothing. */
    public void forget() {
        primary.known = null;
        alternate.known = null;
    }

    /** Begins a look. */
    public void begin(Terminal terminal) {
        primary.begin(terminal.primary());
        if (terminal.alternateScreen()) {
            alternate.begin(terminal.alternate());
            left = List.of(primary, alternate);
        } else {
            alternate.gone();
            left = List.of(primary);
        }
    }

    /**
     * Goes on with the look.
     *
     * @param changed gets the lines that are others than before and not blank
     * @return false when it is over
     */
    public boolean step(Consumer<String> changed) {
        if (left.get(0).step(changed)) {
            left = left.subList(1, left.size());
        }
        return !left.isEmpty();
    }

    /** A whole look. */
    public void look(Terminal terminal, Consumer<String> changed) {
        begin(terminal);
        while (step(changed)) {
            // on
        }
    }

    /** Of one buffer. Rows are numbered from the first one that was ever on its screen. */
    private static final class Side {
        private @Nullable ScreenBuffer buffer;
        /** Hashes of the rows that were on the screen at the look before; null: what is there counts as known. */
        private long @Nullable [] known = {};

        private long knownTop;
        /** Of the look that is under way. */
        private long[] rows = {};

        private long top;
        private long next;
        private final StringBuilder line = new StringBuilder();
        private boolean differs;
        /** With which the last row of the line ends; they count where it goes on. */
        private int blanks;

        void gone() {
            buffer = null;
            known = new long[0];
            knownTop = 0;
        }

        void begin(ScreenBuffer now) {
            top = now.scrolledOut();
            boolean fresh = now != buffer || top < knownTop;
            if (fresh && known != null) {
                known = new long[0];
                knownTop = 0;
            }
            buffer = now;
            rows = new long[now.height()];
            next = known == null ? top : Math.max(knownTop, oldest(now));
            while (known != null && next > oldest(now) && knownTop - next < STEP_ROWS && wrapped(now, next)) {
                next--;
            }
            line.setLength(0);
            blanks = 0;
            differs = false;
        }

        private long oldest(ScreenBuffer now) {
            return top - now.scrollbackSize();
        }

        private boolean wrapped(ScreenBuffer now, long row) {
            return now.lineWrapped((int) (row - oldest(now)));
        }

        /** True when it is done. */
        boolean step(Consumer<String> changed) {
            ScreenBuffer now = buffer;
            if (now == null) {
                return true;
            }
            long end = top + rows.length;
            for (int i = 0, cells = 0; i < STEP_ROWS && cells < STEP_CELLS && next < end; i++) {
                cells += now.line((int) (next - oldest(now))).cols();
                row(now, changed);
            }
            if (next < end) {
                return false;
            }
            tell(changed);
            known = rows;
            knownTop = top;
            return true;
        }

        private void row(ScreenBuffer now, Consumer<String> changed) {
            if (line.length() >= LINE_CHARS || !wrapped(now, next)) {
                tell(changed);
            }
            line.append(" ".repeat(blanks));
            int start = line.length();
            Row row = now.line((int) (next - oldest(now)));
            Snapshots.appendText(line, row);
            blanks = printedBlanks(row);
            long hash = hash(line, start);
            differs |= !isKnown(next, hash);
            if (next >= top) {
                rows[(int) (next - top)] = hash;
            }
            next++;
        }

        /** At its end, up to its last column. */
        private static int printedBlanks(Row row) {
            int x = row.cols();
            while (x > 0 && row.text(x - 1).equals(" ")) {
                x--;
            }
            return row.cols() - x;
        }

        private boolean isKnown(long row, long hash) {
            long[] before = known;
            if (before == null || row < knownTop) {
                return true;
            }
            return row - knownTop < before.length && before[(int) (row - knownTop)] == hash;
        }

        private void tell(Consumer<String> changed) {
            if (differs && line.length() > 0) {
                for (int i = 0; i < line.length(); i += LINE_CHARS) {
                    changed.accept(line.substring(i, Math.min(line.length(), i + LINE_CHARS)));
                }
            }
            line.setLength(0);
            blanks = 0;
            differs = false;
        }

        /** FNV-1a over UTF-16 units. */
        private static long hash(CharSequence text, int from) {
            long hash = 0xcbf29ce484222325L;
            for (int i = from; i < text.length(); i++) {
                hash = (hash ^ text.charAt(i)) * 0x100000001b3L;
            }
            return hash;
        }
    }
}
