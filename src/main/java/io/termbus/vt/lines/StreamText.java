package io.termbus.vt.lines;

import io.termbus.vt.parser.ControlHandler;
import io.termbus.vt.parser.Params;
import io.termbus.vt.parser.VtParser;
import io.termbus.vt.parser.Work;
import java.util.Arrays;
import java.util.function.Consumer;

/**
 * The text of a stream of output, without a screen: escape sequences are gone, and a line is as it was when it ended:
 * what CR, BS and erasing replaced in it is not told. A move to another row begins a line. A long line is told in pieces
 * before it ends. Goes in steps, each by one thread.
 */
public final class StreamText {
    /** Moves go no further beyond the text, as in the widest terminal. */
    private static final int MAX_COLUMN = 1000;

    private static final int MAX_COUNT = 1 << 20;
    private static final int TAB = 8;
    /** Characters of a line that can still be edited, at the most: what an edit moves is bounded by it. */
    static final int MAX_EDITED = 8192;
    /** Characters that are moved or told in the time of a unit. */
    private static final int CHARACTERS_PER_UNIT = 8;

    private final Consumer<String> lines;
    private final byte[] bytes;
    private final Work work = new Work();
    private final VtParser parser = new VtParser(new Handler(), work);
    private int fed;
    /** The beginning of the line has been told. */
    private boolean told;

    private int[] line = new int[128];
    private int length;
    private int at;

    /** @param lines gets each line, but for the last one with its LF; of long ones one piece after the other */
    public StreamText(byte[] bytes, Consumer<String> lines) {
        this.bytes = bytes;
        this.lines = lines;
    }

    /**
     * Takes as much as is done in a fraction of a millisecond.
     *
     * @return false when everything has been told; not called again then
     */
    public boolean step() {
        work.begin();
        fed = parser.feed(bytes, fed, bytes.length);
        if (fed < bytes.length) {
            return true;
        }
        lines.accept(current());
        return false;
    }

    private String current() {
        return new String(line, 0, length);
    }

    private void endLine() {
        moves(length);
        lines.accept(current() + "\n");
        length = 0;
        at = 0;
        told = false;
    }

    private void moves(int characters) {
        work.spend(1 + characters / CHARACTERS_PER_UNIT);
    }

    /** Tells the first half of the line. */
    private void tellBeginning() {
        int half = MAX_EDITED / 2;
        moves(length);
        lines.accept(new String(line, 0, half));
        System.arraycopy(line, half, line, 0, length - half);
        length -= half;
        at -= half;
        told = true;
    }

    /** The cursor goes to another row. */
    private void leaveLine(int column) {
        if (length > 0 || told) {
            endLine();
        }
        move(column);
    }

    private void move(int column) {
        at = Math.max(0, Math.min(column, Math.max(length, MAX_COLUMN)));
    }

    private void ensure(int size) {
        if (size > line.length) {
            line = Arrays.copyOf(line, Math.max(size, 2 * line.length));
        }
    }

    private void put(int codePoint) {
        if (at >= MAX_EDITED) {
            tellBeginning();
        }
        fillTo(at);
        ensure(at + 1);
        line[at++] = codePoint;
        length = Math.max(length, at);
    }

    private void fillTo(int end) {
        ensure(end);
        if (end > length) {
            moves(end - length);
            Arrays.fill(line, length, end, ' ');
            length = end;
        }
    }

    private void erase(int how) {
        moves(at);
        if (how == 0) {
            length = Math.min(length, at);
        } else if (how == 1) {
            Arrays.fill(line, 0, Math.min(length, at + 1), ' ');
        } else if (how == 2) {
            length = 0;
        }
    }

    private void blank(int count) {
        int end = Math.min(length, at + count);
        if (at < end) {
            moves(end - at);
            Arrays.fill(line, at, end, ' ');
        }
    }

    private void delete(int count) {
        if (at < length) {
            moves(length - at);
            int end = Math.min(length, at + count);
            System.arraycopy(line, end, line, at, length - end);
            length -= end - at;
        }
    }

    private void insert(int count) {
        if (at < length) {
            moves(length - at);
            int blanks = Math.min(count, MAX_COLUMN);
            ensure(length + blanks);
            System.arraycopy(line, at, line, at + blanks, length - at);
            Arrays.fill(line, at, at + blanks, ' ');
            length = Math.max(at, Math.min(length + blanks, Math.max(length, MAX_COLUMN)));
        }
    }

    private final class Handler implements ControlHandler {
        @Override
        public void printAscii(byte[] bytes, int from, int to) {
            for (int i = from; i < to; i++) {
                put(bytes[i]);
            }
        }

        @Override
        public void print(int[] codePoints, int count) {
            for (int i = 0; i < count; i++) {
                put(codePoints[i]);
            }
        }

        @Override
        public void execute(int code) {
            switch (code) {
                case '\b' -> move(at - 1);
                case '\t' -> move((at / TAB + 1) * TAB);
                case '\r' -> at = 0;
                case '\n', 0x0B, '\f', 0x84, 0x85 -> endLine();
                default -> {
                    // says nothing
                }
            }
        }

        @Override
        public void escape(int identifier) {
            if (identifier == 'D' || identifier == 'E') {
                endLine();
            } else if (identifier == 'M') {
                leaveLine(at);
            }
        }

        @Override
        public void csi(int identifier, Params params) {
            int count = Math.min(params.count(), MAX_COUNT);
            switch (identifier) {
                case 'C', 'a' -> move(at + count);
                case 'D' -> move(at - count);
                case 'G', '`' -> move(count - 1);
                case 'K' -> erase(params.get(0));
                case 'P' -> delete(count);
                case '@' -> insert(count);
                case 'X' -> blank(count);
                case 'H', 'f' -> leaveLine(Math.max(1, params.get(1)) - 1);
                case 'A', 'B', 'd', 'e' -> leaveLine(at);
                case 'E', 'F' -> leaveLine(0);
                default -> {
                    // changes no text
                }
            }
        }

        @Override
        public void osc(int id, String data) {
            // no text
        }

        @Override
        public void dcs(int identifier, String data) {
            // no text
        }

        @Override
        public void controlEnded() {
            // marks are characters of their own here
        }
    }
}
