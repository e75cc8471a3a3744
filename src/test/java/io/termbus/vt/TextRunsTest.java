package io.termbus.vt;

import static org.assertj.core.api.Assertions.assertThat;

import io.termbus.vt.screen.Terminal;
import io.termbus.vt.screen.TerminalListener;
import io.termbus.vt.snapshot.Snapshots;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What is decoded and printed in runs leads to the very state that single bytes lead to. */
@Timeout(60)
class TextRunsTest {
    private static final int SCROLLBACK = 30;
    private static final String[] CLUSTERS = {
        "👨\u200d👩\u200d👧",
        "❤\ufe0f",
        "👍🏽",
        "🇩🇪",
        "1\ufe0f\u20e3",
        "e\u0301\u0302",
        "世\u0301",
        "\u200b",
        "\u0308",
        "한\u20dd",
        "\ufeff",
        "\u0085"
    };
    private static final String[] CONTROLS = {
        "\r\n",
        "\r\n",
        "\n",
        "\r",
        "\b",
        "\t",
        "\u001b[4h",
        "\u001b[4l",
        "\u001b[4l",
        "\u001b[?7l",
        "\u001b[?7h",
        "\u001b[?7h",
        "\u001b(0",
        "\u001b(B",
        "\u001b(B",
        "\u001b[5b",
        "\u001b[2D",
        "\u001b[3C",
        "\u001b[K",
        "\u001b[H",
        "\u001b[2P",
        "\u001b[2@",
        "\u001b[1\"q",
        "\u001b[0\"q",
        "\u001b]8;;http://x\u0007",
        "\u001b]8;;\u0007"
    };
    private static final byte[][] MALFORMED = {
        {(byte) 0xE4, (byte) 0xB8},
        {(byte) 0xC1, (byte) 0xA0},
        {(byte) 0xE0, (byte) 0x82, (byte) 0xA9},
        {(byte) 0xED, (byte) 0xA0, (byte) 0x80},
        {(byte) 0xF0, (byte) 0x8F, (byte) 0xBF, (byte) 0xBF},
        {(byte) 0xF0, (byte) 0x9F, (byte) 0x98, 'x'},
        {(byte) 0xF4, (byte) 0x90, (byte) 0x80, (byte) 0x80},
        {(byte) 0xF8, (byte) 0x9F, (byte) 0x98, (byte) 0x80},
        {(byte) 0xFF},
        {(byte) 0x80},
        {(byte) 0xF0, 0x41, (byte) 0x80, (byte) 0x80}
    };

    private static Terminal terminal(int cols, int rows) {
        return new Terminal(cols, rows, SCROLLBACK, TerminalListener.SILENT);
    }

    @RepeatedTest(300)
    void aRunIsPrintedAsItsBytesAre(RepetitionInfo repetition) {
        Random random = new Random(repetition.getCurrentRepetition());
        int cols = 2 + random.nextInt(random.nextBoolean() ? 8 : 150);
        int rows = 1 + random.nextInt(6);
        byte[] stream = stream(random, 60);
        Terminal single = terminal(cols, rows);
        for (int i = 0; i < stream.length; i++) {
            single.feed(stream, i, i + 1);
        }
        Terminal whole = terminal(cols, rows);
        whole.feed(stream, 0, stream.length);
        assertSame(whole, single);
        Terminal sliced = terminal(cols, rows);
        for (int at = 0; at < stream.length || sliced.isBusy(); ) {
            at = sliced.feedSlice(stream, at, at + random.nextInt(stream.length - at + 1));
        }
        assertSame(sliced, single);
    }

    @Test
    void aStreamMayBeCutAtEachByte() {
        byte[] stream = stream(new Random(7), 25);
        Terminal whole = terminal(20, 5);
        whole.feed(stream, 0, stream.length);
        for (int cut = 0; cut <= stream.length; cut++) {
            Terminal terminal = terminal(20, 5);
            terminal.feed(stream, 0, cut);
            terminal.feed(stream, cut, stream.length);
            assertSame(terminal, whole);
        }
    }

    private static void assertSame(Terminal actual, Terminal expected) {
        assertThat(Dump.of(actual)).isEqualTo(Dump.of(expected));
        assertThat(actual.pendingBytes()).isEqualTo(expected.pendingBytes());
        assertThat(Snapshots.ansi(actual, SCROLLBACK)).isEqualTo(Snapshots.ansi(expected, SCROLLBACK));
    }

    private static byte[] stream(Random random, int elements) {
        byte[] out = new byte[0];
        for (int i = 0; i < elements; i++) {
            byte[] next = random.nextInt(12) == 0
                    ? MALFORMED[random.nextInt(MALFORMED.length)]
                    : element(random).getBytes(StandardCharsets.UTF_8);
            out = Arrays.copyOf(out, out.length + next.length);
            System.arraycopy(next, 0, out, out.length - next.length, next.length);
        }
        return out;
    }

    private static String element(Random random) {
        return switch (random.nextInt(9)) {
            case 0 -> characters(random, 0x20, 0x7F);
            case 1, 2 ->
                characters(random, 0xA0, 0x180) + characters(random, 0x20, 0x7F).substring(0, 1);
            case 3, 4 -> characters(random, 0x4E00, 0x9000);
            case 5 -> characters(random, 0x1F300, 0x1F700);
            case 6 -> CLUSTERS[random.nextInt(CLUSTERS.length)].repeat(1 + random.nextInt(4));
            case 7 -> "\u001b[" + sgr(random) + "m";
            default -> CONTROLS[random.nextInt(CONTROLS.length)];
        };
    }

    private static String characters(Random random, int from, int to) {
        StringBuilder out = new StringBuilder();
        for (int i = random.nextInt(random.nextInt(4) == 0 ? 200 : 20); i >= 0; i--) {
            out.appendCodePoint(from + random.nextInt(to - from));
        }
        return out.toString();
    }

    private static String sgr(Random random) {
        String rgb = ";2;" + random.nextInt(300) + ";" + random.nextInt(256) + ";9";
        return switch (random.nextInt(8)) {
            case 0 -> "";
            case 1 -> "38" + rgb + ";48" + rgb;
            case 2 -> "1;" + (38 + 10 * random.nextInt(3)) + rgb + ";4";
            case 3 -> "48;5;" + random.nextInt(300) + ";3";
            case 4 -> "38;2;1;2";
            case 5 -> "38" + rgb + ";4:3";
            case 6 -> "1;".repeat(random.nextInt(40)) + "3" + random.nextInt(8) + ";99999999999";
            default -> random.nextInt(10) + ";" + (30 + random.nextInt(8)) + ";" + (40 + random.nextInt(8));
        };
    }
}
