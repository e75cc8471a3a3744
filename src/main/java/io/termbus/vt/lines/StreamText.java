package io.termbus.vt.lines;

import io.termbus.vt.parser.ControlHandler;
import io.termbus.vt.parser.Params;
import io.termbus.vt.parser.VtParser;
import io.termbus.vt.parser.Work;
import java.util.Arrays;
import java.util.function.Consumer;

/**
 * The text of a stream of output, without a screen: escape sequences are gone, and a line is as it was when it ended:
 * what CR, BS and erasing replaced in it is not told. A move to another row begins a line. Not thread safe.
 */
public final class StreamText {
    /** Moves go no further beyond the text, as in the widest terminal. */
    private static final int MAX_COLUMN = 1000;

    private static final int MAX_COUNT = 1 << 20;
    private static final int TAB = 8;

    private final Consumer<String> lines;
    private int[] line = new int[128];
    private int length;
    private int at;

    private StreamText(Consumer<String> lines) {
        this.lines = lines;
    }

    /** @param lines gets each line, but for the last one with its LF */
    public static void of(byte[] bytes, Consumer<String> lines) {
        StreamText text = new StreamText(lines);
        Work work = new Work();
        VtParser parser = new VtParser(text.new Handler(), work);
        for (int i = 0; i < bytes.length; ) {
            work.begin();
            i = parser.feed(bytes, i, bytes.length);
        }
        lines.accept(text.current());
    }

    private String current() {
        return new String(line, 0, length);
    }

    private void endLine() {
        lines.accept(current() + "\n");
        length = 0;
        at = 0;
    }

    /** The cursor goes to another row. */
    private void leaveLine(int column) {
        if (length > 0) {
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
        fillTo(at);
        ensure(at + 1);
        line[at++] = codePoint;
        length = Math.max(length, at);
    }

    private void fillTo(int end) {
        ensure(end);
        if (end > length) {
            Arrays.fill(line, length, end, ' ');
            length = end;
        }
    }

    private void erase(int how) {
        if (how == 0) {
            length = Math.min(length, at);
        } else if (how == 1) {
            Arrays.fill(line, 0, Math.min(length, at + 1), ' ');
        } else if (how == 2) {
            length = 0;
        }
    }

    private void delete(int count) {
        if (at < length) {
            int end = Math.min(length, at + count);
            System.arraycopy(line, end, line, at, length - end);
            length -= end - at;
        }
    }

    private void insert(int count) {
        if (at < length) {
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
                case 'X' -> Arrays.fill(line, Math.min(at, length), Math.min(length, at + count), ' ');
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
