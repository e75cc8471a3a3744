package io.termbus.vt.screen;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A row is what plain arrays of cells would be, however it keeps them. */
@Timeout(30)
class RowTest {
    private static final Extended CURLY = Extended.NONE.withStyle(3);
    private static final int RED = Cells.MODE_16 | 1;

    /** Every cell in arrays: text, width, foreground, background. */
    private static final class Model {
        String[] text;
        int[] width;
        int[] fg;
        int[] bg;

        Model(int cols) {
            text = new String[cols];
            width = new int[cols];
            fg = new int[cols];
            bg = new int[cols];
            erase(0, cols, 0);
        }

        void set(int x, String value, int cellWidth, int cellFg, int cellBg) {
            text[x] = value;
            width[x] = cellWidth;
            fg[x] = cellFg;
            bg[x] = cellBg;
        }

        void erase(int from, int to, int eraseBg) {
            for (int x = from; x < to; x++) {
                set(x, "", 1, 0, eraseBg);
            }
        }

        void move(int to, int from, int count) {
            System.arraycopy(text, from, text, to, count);
            System.arraycopy(width, from, width, to, count);
            System.arraycopy(fg, from, fg, to, count);
            System.arraycopy(bg, from, bg, to, count);
        }

        void resize(int cols) {
            int old = text.length;
            text = Arrays.copyOf(text, cols);
            width = Arrays.copyOf(width, cols);
            fg = Arrays.copyOf(fg, cols);
            bg = Arrays.copyOf(bg, cols);
            erase(Math.min(old, cols), cols, 0);
        }

        int extent() {
            int x = text.length;
            while (x > 0 && text[x - 1].isEmpty() && width[x - 1] == 1 && (fg[x - 1] | bg[x - 1]) == 0) {
                x--;
            }
            return x;
        }

        int trimmedLength() {
            int x = text.length;
            while (x > 0 && text[x - 1].isEmpty()) {
                x--;
            }
            return x == 0 ? 0 : x - 1 + width[x - 1];
        }
    }

    private final Pen pen = new Pen();
    private Row row = new Row(12);
    private Model model = new Model(12);

    @RepeatedTest(300)
    void editsAndPackingKeepEveryCell(RepetitionInfo repetition) {
        Random random = new Random(repetition.getCurrentRepetition());
        boolean coloured = random.nextBoolean();
        for (int i = 0; i < 60; i++) {
            int x = random.nextInt(row.cols());
            int n = 1 + random.nextInt(row.cols() - x);
            pen.fg = coloured && random.nextInt(3) == 0 ? Cells.FG_BOLD | RED : 0;
            pen.bg = coloured && random.nextInt(3) == 0 ? RED : 0;
            pen.setExtended(coloured && random.nextInt(5) == 0 ? CURLY : Extended.NONE);
            edit(random.nextInt(coloured ? 13 : 7), x, n, random);
            assertSame(row);
        }
    }

    private void edit(int kind, int x, int n, Random random) {
        int eraseBg = pen.eraseBg();
        switch (kind) {
            case 0, 1, 2 -> print(x, n, random);
            case 3 -> {
                row.erase(x, x + n, eraseBg);
                model.erase(x, x + n, eraseBg);
            }
            case 4 -> delete(x, n, eraseBg);
            case 5 -> pack(random);
            case 6 -> {
                if (random.nextInt(4) == 0) {
                    row.clear(eraseBg);
                    model.erase(0, row.cols(), eraseBg);
                }
            }
            case 7 -> insert(x, n);
            case 8 -> resize(8 + random.nextInt(12));
            case 9 -> mark(x);
            case 10 -> {
                row.set(x, Cells.content(0xE9, 1), pen.fg, pen.bg, pen.extended);
                model.set(x, "\u00e9", 1, pen.fg, pen.bg);
            }
            case 11 -> {
                row.set(x, Cells.NULL, pen.fg, pen.bg, pen.extended);
                model.set(x, "", 1, pen.fg, pen.bg);
            }
            default -> copy(x, random.nextInt(row.cols()));
        }
    }

    private void print(int x, int n, Random random) {
        byte[] bytes = new byte[n + 2];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = (byte) (' ' + random.nextInt(95));
        }
        row.setAscii(x, bytes, 1, n, pen);
        for (int i = 0; i < n; i++) {
            model.set(x + i, new String(bytes, 1 + i, 1, StandardCharsets.US_ASCII), 1, pen.fg, pen.bg);
        }
    }

    private void delete(int x, int n, int eraseBg) {
        RowEdits.delete(row, x, n, eraseBg);
        model.move(x, x + n, row.cols() - x - n);
        model.erase(row.cols() - n, row.cols(), eraseBg);
    }

    private void insert(int x, int n) {
        RowEdits.insert(row, x, n, pen.fg, pen.bg, pen.extended);
        model.move(x + n, x, row.cols() - x - n);
        for (int i = x; i < x + n; i++) {
            model.set(i, "", 1, pen.fg, pen.bg);
        }
    }

    private void mark(int x) {
        row.addMark(x, 0x301, 1);
        if (model.text[x].codePointCount(0, model.text[x].length()) < Row.COMBINED_LIMIT) {
            model.text[x] += "\u0301";
        }
    }

    private void copy(int to, int from) {
        row.copyCell(to, row, from);
        model.set(to, model.text[from], 1, model.fg[from], model.bg[from]);
    }

    private void resize(int cols) {
        row.resize(cols);
        model.resize(cols);
    }

    private void pack(Random random) {
        row.wrapped = random.nextBoolean();
        Row unpacked = PackedRow.unpack(PackedRow.pack(row), row.cols());
        assertThat(unpacked.wrapped).isEqualTo(row.wrapped);
        assertSame(unpacked);
        if (random.nextBoolean()) {
            row = unpacked;
        }
    }

    private void assertSame(Row actual) {
        assertThat(actual.cols()).isEqualTo(model.text.length);
        for (int x = 0; x < actual.cols(); x++) {
            assertThat(actual.text(x)).as("text " + x).isEqualTo(model.text[x]);
            assertThat(actual.width(x)).as("width " + x).isEqualTo(model.width[x]);
            assertThat(actual.fg(x)).as("foreground " + x).isEqualTo(model.fg[x]);
            assertThat(actual.bg(x)).as("background " + x).isEqualTo(model.bg[x]);
            assertThat(actual.hasContent(x)).isEqualTo(!model.text[x].isEmpty());
            if ((model.bg[x] & Cells.BG_EXTENDED) != 0) {
                assertThat(actual.extended(x)).isEqualTo(CURLY);
            }
        }
        assertThat(actual.extent()).isEqualTo(model.extent());
        assertThat(actual.trimmedLength()).isEqualTo(model.trimmedLength());
    }

    @Test
    void markBehindTheTextTakesNoAttributesOfWhatWasErased() {
        pen.fg = RED;
        row.setAscii(0, "redred".getBytes(StandardCharsets.US_ASCII), 0, 6, pen);
        row.clear(0);
        row.addMark(4, 0x301, 0);
        assertThat(row.fg(4)).isZero();
        assertThat(row.text(4)).isEqualTo("\u0301");
    }
}
