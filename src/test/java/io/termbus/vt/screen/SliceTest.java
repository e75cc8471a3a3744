package io.termbus.vt.screen;

import static org.assertj.core.api.Assertions.assertThat;

import io.termbus.vt.parser.Work;
import io.termbus.vt.snapshot.Snapshots;
import java.nio.charset.StandardCharsets;
import java.util.stream.Stream;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Whatever a program prints in a loop: a slice of it does bounded work, and slices lead to the same state. */
@Timeout(120)
class SliceTest {
    /** A step that looks at every cell of the largest screen is the longest there is. */
    private static final int LONGEST_STEP = 1_000_000;
    /** Beside the step the cells may be counted, and be cut down, once on either screen. */
    private static final int COUNTED = 4 * 1_000_000;

    static Stream<Arguments> sequences() {
        return Stream.of(
                        "x\u001b[2147483647b",
                        "世\u001b[2147483647b",
                        "e\u0301\u0302\u0303\u001b[2147483647b",
                        "\u001b[4hx\u001b[2147483647b",
                        "\u001b#8",
                        "\u001b[41m\u001b[2J",
                        "\u001b[1\"qx\u001b[?2J",
                        "\u001b[3J",
                        "\u001b[H\u001b[9999L",
                        "\u001b[H\u001b[9999M",
                        "\u001b[2;900r\u001b[S\u001b[T",
                        "\u001b[9999@",
                        "\u001b[9999P",
                        "\u001b[ @\u001b[ A",
                        "\u001b[1'}\u001b[1'~",
                        "x\u001b[1;1;1000;1000;1;1;1;1$v",
                        "x\u001b[1;1;1000;1000;1;2;2;1$v",
                        "x\u001b[65;1;1;1000;1000$x\u001b[1;1;999;999$z",
                        "\u001b[1\"qx\u001b[1;1;1000;1000${",
                        "x\u001b[1;1;1000;1000;4$r\u001b[1;1;1000;1000;4;1$t",
                        "\u001b[c\u001b[6n\u001b[?1$p",
                        "\u001b]2;" + "t".repeat(60_000) + "\u0007",
                        "\u001b]4;" + "1;?;".repeat(20_000) + "\u0007",
                        "\u001b[?1049h\u001b[?1049l",
                        "\u001bc",
                        "\u001bH\u001b[C\u001b[1000I\u001b[1000Z",
                        "\n",
                        "\u001b[41m\n\u001bM",
                        "\u001b]8;;http://x/" + "u".repeat(60_000) + "\u001b\\x",
                        "\u001b[4;58;2;1;2;3mx\u001b[24;59m",
                        "\uD83D\uDC68\u200D\uD83D\uDC69\u200D\uD83D\uDC67",
                        "世界 éa\u0301",
                        "\u001b[4h世界 éa\u0301",
                        "\u001b[38;2;1;2;3mé")
                .flatMap(text -> Stream.of(Arguments.of(text, 80, 24), Arguments.of(text, 1000, 1000)));
    }

    @ParameterizedTest
    @MethodSource("sequences")
    void aSliceIsBoundedAndMakesNoDifference(String text, int cols, int rows) {
        byte[] bytes = text.repeat(Math.max(1, (cols == 80 ? 1000 : 60) / text.length()))
                .getBytes(StandardCharsets.UTF_8);
        Terminal sliced = new Terminal(cols, rows, 100, 32 << 20, TerminalListener.SILENT);
        for (int at = 0; at < bytes.length || sliced.isBusy(); ) {
            int next = sliced.feedSlice(bytes, at, bytes.length);
            assertThat(next - at).isLessThanOrEqualTo(Work.SLICE_BYTES);
            assertThat(sliced.overrun()).isLessThanOrEqualTo(LONGEST_STEP + COUNTED);
            at = next;
        }
        if (cols == 80) {
            Terminal cut = new Terminal(cols, rows, 100, 32 << 20, TerminalListener.SILENT);
            for (int i = 0; i < bytes.length; i++) {
                cut.feed(bytes, i, i + 1);
            }
            assertThat(Snapshots.ansi(sliced, 100)).isEqualTo(Snapshots.ansi(cut, 100));
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\u001b[1;1;1000;1000;1;1;1;1$v",
                "\u001b[1;1;1000;1000;1;2;2;1$v",
                "\u001b[65;1;1;1000;1000$x",
                "\u001b[1;1;1000;999$z",
                "\u001b[1;1;1000;1000${",
                "\u001b[1;1;1000;1000;4$r",
                "\u001b[2*x\u001b[1;1;1000;1000;4$t",
                "\u001b[?2J",
                "\u001b[1'}",
                "\u001b[1'~",
                "\u001b[ @",
                "\u001b[ A"
            })
    void whatChangesTheWholeScreenGoesNoMoreThanARowBeyondItsShareAndCanBeReadBehindIt(String sequence) {
        byte[] bytes = ("\u001b[1\"qx世\u001b[0\"q" + sequence).repeat(4).getBytes(StandardCharsets.UTF_8);
        Terminal terminal = new Terminal(1000, 1000, 0, 1 << 30, TerminalListener.SILENT);
        int busy = 0;
        int readable = 0;
        for (int at = 0; at < bytes.length || terminal.isBusy(); ) {
            at = terminal.feedSlice(bytes, at, bytes.length);
            assertThat(terminal.overrun()).isLessThanOrEqualTo(20 * 1000);
            busy += terminal.isBusy() ? 1 : 0;
            readable += terminal.isBusy() ? 0 : 1;
        }
        assertThat(busy).isGreaterThanOrEqualTo(4);
        assertThat(readable).isEqualTo(4);
    }

    @ParameterizedTest
    @CsvSource({"世, 2", "é, 2", "a\u0301, 2", "世, 1000", "\u0301, 1000"})
    void aRunOfTextGoesLittleBeyondItsShare(String text, int cols) {
        byte[] bytes = ("\u001b[41;4h" + text.repeat(20_000)).getBytes(StandardCharsets.UTF_8);
        Terminal terminal = new Terminal(cols, 10, 100, TerminalListener.SILENT);
        for (int at = 0; at < bytes.length; ) {
            at = terminal.feedSlice(bytes, at, bytes.length);
            assertThat(terminal.overrun()).isLessThanOrEqualTo(Work.SLICE_UNITS / 2);
        }
    }
}
