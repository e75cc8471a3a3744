package io.termbus.vt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import io.termbus.vt.parser.VtParser;
import io.termbus.vt.screen.Terminal;
import io.termbus.vt.screen.TerminalListener;
import io.termbus.vt.snapshot.Snapshots;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Whatever a child writes: no exception, no dependence on where it is cut, bounded memory and time. */
@Timeout(60)
class HostileStreamTest {
    private static void feed(Terminal terminal, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        terminal.feed(bytes, 0, bytes.length);
    }

    private static Terminal terminal(int cols, int rows) {
        return new Terminal(cols, rows, 100, TerminalListener.SILENT);
    }

    @RepeatedTest(200)
    void cuttingTheStreamAnywhereChangesNothing(RepetitionInfo repetition) {
        Random random = new Random(repetition.getCurrentRepetition());
        byte[] stream = random.nextBoolean() ? noise(random, 2000) : new Streams(random, 20, 6).next(100);
        Terminal whole = terminal(20, 6);
        whole.feed(stream, 0, stream.length);
        Terminal cut = terminal(20, 6);
        for (int i = 0; i < stream.length; ) {
            int end = Math.min(stream.length, i + 1 + random.nextInt(random.nextBoolean() ? 2 : 40));
            cut.feed(stream, i, end);
            i = end;
        }
        assertThat(Dump.of(cut)).isEqualTo(Dump.of(whole));
        assertThat(Snapshots.ansi(cut, 100)).isEqualTo(Snapshots.ansi(whole, 100));
    }

    /** Bytes with many introducers among them. */
    private static byte[] noise(Random random, int length) {
        byte[] bytes = new byte[length];
        random.nextBytes(bytes);
        String likely = "\u001b\u001b[]P0123456789;:?$ hlmHJKAbqp\r\n\t\b";
        for (int i = 0; i < length; i++) {
            if (random.nextInt(3) > 0) {
                bytes[i] = (byte) likely.charAt(random.nextInt(likely.length()));
            }
        }
        return bytes;
    }

    @RepeatedTest(50)
    void resizingBetweenAnyBytesNeverFails(RepetitionInfo repetition) {
        Random random = new Random(repetition.getCurrentRepetition());
        Terminal terminal = terminal(10, 5);
        for (int i = 0; i < 40; i++) {
            byte[] stream = new Streams(random, 10, 5).next(10);
            terminal.feed(stream, 0, stream.length);
            terminal.resize(1 + random.nextInt(30), 1 + random.nextInt(12));
            assertThatCode(() -> Snapshots.ansi(terminal, 100)).doesNotThrowAnyException();
        }
    }

    @Test
    void hugeCountsEndAtTheScreen() {
        Terminal terminal = terminal(80, 24);
        feed(terminal, "x");
        for (String end : "@ A B C D E F G H I L M P S T X Z ` a b d e f r".split(" ")) {
            feed(terminal, "x\u001b[2147483647;99999999999" + end);
        }
        feed(terminal, "x\u001b[2147483647'}x\u001b[2147483647'~x\u001b[2147483647 @x\u001b[2147483647 A");
        assertThat(terminal.cursorX()).isLessThanOrEqualTo(80);
        assertThat(terminal.cursorY()).isLessThan(24);
    }

    @Test
    void unendedStringsAreKeptUpToTheLimitOnly() {
        Terminal terminal = terminal(80, 24);
        byte[] chunk = "a".repeat(100_000).getBytes(StandardCharsets.US_ASCII);
        feed(terminal, "\u001b]2;");
        for (int i = 0; i < 100; i++) {
            terminal.feed(chunk, 0, chunk.length);
        }
        assertThat(terminal.pendingBytes().length).isLessThan(VtParser.STRING_LIMIT + 100);
        feed(terminal, "\u0007visible");
        assertThat(terminal.title()).isEmpty();
        assertThat(Snapshots.text(terminal, 0)).startsWith("visible\n");
    }

    @Test
    void unendedControlSequencesAreKeptInShortForm() {
        Terminal terminal = terminal(80, 24);
        feed(terminal, "\u001b[" + "0".repeat(100_000) + "5;" + "0".repeat(100_000) + "7");
        assertThat(terminal.pendingBytes()).asString(StandardCharsets.US_ASCII).isEqualTo("\u001b[5;7");
        feed(terminal, "H");
        assertThat(terminal.cursorY()).isEqualTo(4);
        assertThat(terminal.cursorX()).isEqualTo(6);
    }

    @Test
    void marksOfOneCellAreLimited() {
        Terminal terminal = terminal(80, 24);
        feed(terminal, "e" + "\u0301".repeat(100_000));
        assertThat(Snapshots.text(terminal, 0).indexOf('\n')).isLessThan(100);
    }

    @Test
    void titlesAreLimited() {
        Terminal terminal = terminal(80, 24);
        feed(terminal, "\u001b]2;" + "t".repeat(100_000) + "\u0007");
        assertThat(terminal.title()).hasSize(Terminal.TITLE_LIMIT);
    }

    @Test
    void extremeSizesWork() {
        Terminal terminal = new Terminal(1, 1, 1000, TerminalListener.SILENT);
        feed(terminal, "text 世界\r\n".repeat(500));
        terminal.resize(1000, 1000);
        feed(terminal, "text\r\n".repeat(2000));
        terminal.resize(1, 1);
        assertThat(terminal.cols()).isEqualTo(Terminal.MIN_COLS);
        assertThat(terminal.scrollbackSize()).isLessThanOrEqualTo(1000);
    }
}
