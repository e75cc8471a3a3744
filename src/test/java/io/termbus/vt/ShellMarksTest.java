package io.termbus.vt;

import static org.assertj.core.api.Assertions.assertThat;

import io.termbus.vt.screen.Row;
import io.termbus.vt.screen.ScreenBuffer;
import io.termbus.vt.screen.ShellMark;
import io.termbus.vt.screen.ShellMark.Kind;
import io.termbus.vt.screen.Terminal;
import io.termbus.vt.screen.TerminalListener;
import io.termbus.vt.snapshot.Snapshots;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(30)
class ShellMarksTest {
    private static final String A = "\u001b]133;A\u0007";
    private static final String B = "\u001b]133;B\u0007";
    private static final String C = "\u001b]133;C\u0007";
    private static final String D = "\u001b]133;D;1\u0007";

    private final Ears ears = new Ears();
    private final Terminal terminal = new Terminal(10, 4, 2000, ears);

    /** Keeps the marks. */
    private static final class Ears implements TerminalListener {
        private final List<ShellMark> heard = new ArrayList<>();
        private boolean keeps = true;

        @Override
        public void reply(byte[] bytes) {
            // not asked
        }

        @Override
        public void titleChanged(String title) {
            // not told
        }

        @Override
        public void bell() {
            throw new AssertionError("the end of a mark is no bell");
        }

        @Override
        public long marked(ShellMark mark) {
            heard.add(mark);
            return keeps ? 0 : NOT_KEPT;
        }
    }

    private void feed(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        terminal.feed(bytes, 0, bytes.length);
    }

    /** Each row that has marks: its text, the letters of the marks, the status. */
    private static List<String> marked(Terminal terminal) {
        ScreenBuffer primary = terminal.primary();
        List<String> marked = new ArrayList<>();
        for (int line = 0; line < primary.scrollbackSize() + primary.height(); line++) {
            Row row = primary.line(line);
            StringBuilder text = new StringBuilder();
            Snapshots.appendText(text, row);
            int before = text.append(' ').length();
            Arrays.stream(Kind.values())
                    .filter(kind -> primary.marked(row, kind))
                    .forEach(kind -> text.append(kind.letter()));
            if (text.length() > before) {
                marked.add(text + (primary.marked(row, Kind.END) ? "" + row.endStatus() : ""));
            }
        }
        return marked;
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "133;A|PROMPT|",
                "133;A;cl=m;aid=1|PROMPT|cl=m;aid=1",
                "133;P;k=i|PROMPT|k=i",
                "133;N|PROMPT|",
                "133;B|INPUT|",
                "133;I|INPUT|",
                "133;C;cmdline=x|OUTPUT|cmdline=x",
                "133;D|END|",
                "133;D;130;err=x|END|130;err=x",
                "633;A|PROMPT|",
                "633;B|INPUT|",
                "633;C|OUTPUT|",
                "633;D;0|END|0",
                "633;E;ls\\x3b;n|LINE|ls\\x3b;n",
                "633;P;Cwd=/tmp|PROPERTY|Cwd=/tmp",
            })
    void marksAreUnderstoodAndNotPrinted(String sequence, Kind kind, String data) {
        for (String end : List.of("\u0007", "\u001b\\", "\u009c")) {
            ears.heard.clear();
            feed("\u001b]" + sequence + end);
            assertThat(ears.heard).hasSize(1);
            assertThat(ears.heard.get(0).kind()).isEqualTo(kind);
            assertThat(ears.heard.get(0).data()).isEqualTo(data == null ? "" : data);
            int ending = end.equals("\u009c") ? 2 : 1; // in UTF-8; of ESC \ the ESC
            assertThat(ears.heard.get(0).length()).isEqualTo(("\u001b]" + sequence).length() + ending);
        }
        assertThat(Snapshots.text(terminal, 0)).isBlank();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "133",
                "133;",
                "133;X",
                "133;AB",
                "133;E;ls",
                "133;A;k=s",
                "133;P;k=r",
                "133;A;x=1;k=c",
                "633;N",
                "633;I",
                "1337;A",
                "633;Z;1"
            })
    void othersAreNone(String sequence) {
        feed("\u001b]" + sequence + "\u001b\\");
        assertThat(ears.heard).isEmpty();
        assertThat(Snapshots.text(terminal, 0)).isBlank();
    }

    @ParameterizedTest
    @CsvSource({"0,0", "'',-1", "130,130", "-1,-1", "1x,-1", "9999999999,-1", "' 1',-1"})
    void theStatusIsANumberOrNone(String told, int status) {
        feed("\u001b]133;D;" + told + ";x=1\u0007");
        assertThat(ears.heard.get(0).status()).isEqualTo(status);
    }

    @Test
    void aMarkMovesWithItsRowIntoTheScrollback() {
        feed(A + "$ " + B + "ls\r\n" + C + "a\r\nb\r\n" + D + A + "$ " + B);
        assertThat(marked(terminal)).containsExactly("$ ls AB", "a C", "$ ABD1");
        feed("x\r\n\r\n\r\n\r\n\r\n");
        assertThat(marked(terminal)).containsExactly("$ ls AB", "a C", "$ x ABD1");
    }

    @Test
    void itGoesWhereItsTextGoesWhenRowsAreWrappedAnew() {
        feed(A + "0123456789" + B + "abcdefghij" + C + "ABC\r\n" + A + "end\r\n.\r\n.\r\n.\r\n");
        assertThat(marked(terminal)).containsExactly("0123456789 AB", "abcdefghij C", "end A");
        terminal.resize(5, 4);
        assertThat(marked(terminal)).containsExactly("01234 AB", "abcde C", "end A");
        terminal.resize(30, 4);
        assertThat(marked(terminal)).containsExactly("0123456789abcdefghijABC ABC", "end A");
        terminal.resize(10, 4);
        assertThat(marked(terminal)).containsExactly("0123456789 ABC", "end A");
    }

    @Test
    void aMarkOfASnapshotTellsItsCommand() {
        for (String told :
                List.of("command=7", "command=007;x", "command=", "command=x", "command=" + "9".repeat(19), "")) {
            feed("\u001b]133;C;" + told + "\u0007");
        }
        assertThat(ears.heard).extracting(ShellMark::command).containsExactly(7L, 7L, 0L, 0L, 0L, 0L);
    }

    @Test
    void aSnapshotHasTheMarksOnTheirRows() {
        feed(A + "$ " + B + "ls\r\n" + C + "0123456789abc\r\n\u001b[31mred\u001b[0m\r\n" + D + A + "0123456789" + B);
        feed("\u001b]133;D\u0007x\r\n\r\n\r\n\r\n\r\n" + A + "last");
        List<String> before = marked(terminal);
        assertThat(before).hasSize(4).contains("0123456789 ABD-1");
        byte[] snapshot = Snapshots.ansi(terminal, 2000);
        Terminal other = new Terminal(10, 4, 2000, new Ears());
        other.feed(snapshot, 0, snapshot.length);
        assertThat(marked(other)).isEqualTo(before);
        assertThat(Dump.of(other)).isEqualTo(Dump.of(terminal));
        assertThat(Snapshots.ansi(other, 2000)).isEqualTo(snapshot);
    }

    @Test
    void aMarkedRowThatWasWrappedIntoIsToldAsItIs() {
        feed("0123456789" + A + "abc 字\r\n012345678" + "字" + A + "\r\n");
        byte[] snapshot = Snapshots.ansi(terminal, 2000);
        Terminal other = new Terminal(10, 4, 2000, new Ears());
        other.feed(snapshot, 0, snapshot.length);
        assertThat(marked(other)).isEqualTo(marked(terminal)).hasSize(2);
        assertThat(Dump.of(other)).isEqualTo(Dump.of(terminal));
    }

    @Test
    void theyAreTheSameWhereverTheStreamIsCut() {
        String stream = A + "$ \u001b]133;B\u001b\\ls\r\n\u001b]633;C\u009cé\r\n" + D + "\u001b]633;E;ä;n\u0007" + A;
        byte[] bytes = stream.getBytes(StandardCharsets.UTF_8);
        terminal.feed(bytes, 0, bytes.length);
        for (int cut = 0; cut <= bytes.length; cut++) {
            Ears others = new Ears();
            Terminal other = new Terminal(10, 4, 2000, others);
            other.feed(bytes, 0, cut);
            other.feed(bytes, cut, bytes.length);
            assertThat(others.heard).isEqualTo(ears.heard).hasSize(6);
            assertThat(marked(other)).isEqualTo(marked(terminal));
        }
        Terminal single = new Terminal(10, 4, 2000, new Ears());
        for (int i = 0; i < bytes.length; i++) {
            single.feed(bytes, i, i + 1);
        }
        assertThat(marked(single)).isEqualTo(marked(terminal));
    }

    @Test
    void aSliceEndsBehindEachMark() {
        byte[] bytes = ("abc" + A + "def\u001b]133;B\u001b\\ghi").getBytes(StandardCharsets.UTF_8);
        assertThat(terminal.feedSlice(bytes, 0, bytes.length)).isEqualTo(3 + A.length());
        assertThat(ears.heard).hasSize(1);
        assertThat(terminal.feedSlice(bytes, 3 + A.length(), bytes.length))
                .as("with the ESC of ESC \\")
                .isEqualTo(bytes.length - 4);
        assertThat(terminal.pendingBytes()).containsExactly(0x1B);
    }

    @Test
    void theNewestThousandAreKept() {
        for (int i = 0; i < 1500; i++) {
            feed(A + i + "\r\n");
        }
        assertThat(marked(terminal)).hasSize(1000).startsWith("500 A").endsWith("1499 A");
        terminal.resize(11, 4);
        assertThat(marked(terminal)).hasSize(1000).startsWith("500 A");
        byte[] snapshot = Snapshots.ansi(terminal, 2000);
        Terminal other = new Terminal(11, 4, 2000, new Ears());
        other.feed(snapshot, 0, snapshot.length);
        assertThat(marked(other)).isEqualTo(marked(terminal));
    }

    @Test
    void aMillionOnOneRowTakeNoMemory() {
        long before = terminal.stateBytes();
        feed((A + B + C + D).repeat(250_000));
        assertThat(terminal.stateBytes()).isLessThan(before + 1000);
        assertThat(marked(terminal)).containsExactly(" ABCD1");
    }

    @Test
    void theAlternateScreenHasNone() {
        feed("x\u001b[?1049h" + A + "y" + "\u001b[?1049l");
        assertThat(ears.heard).hasSize(1);
        assertThat(marked(terminal)).isEmpty();
    }

    @Test
    void whoDoesNotWantOneDoesNotHaveItKept() {
        ears.keeps = false;
        feed(A + "x");
        assertThat(marked(terminal)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"\u001b[2J", "\u001b[H\u001b[J", "\u001bc", "\u001b[M", "\u001b[1;1H\u001b[2M\r\n"})
    void aRowThatIsClearedHasNone(String clear) {
        feed(A + "x\r\n" + A + "\u001b[H" + clear + "\u001b[H" + "\u001b[M");
        assertThat(marked(terminal)).hasSizeLessThanOrEqualTo(1);
        feed("\u001b[2J");
        assertThat(marked(terminal)).isEmpty();
    }

    @Test
    void erasingALineLeavesItsMarks() {
        feed(A + "x\r\u001b[J\u001b[K\u001b[2Ky");
        feed("\r\n" + A + "z\r\u001b[J");
        assertThat(marked(terminal)).contains(" A");
    }

    @Test
    void aPromptOf100kBIsShownAsItIs() {
        feed(A + "p".repeat(100_000) + B + "\r\n" + "\u001b]133;A;" + "x".repeat(100_000) + "\u0007");
        assertThat(ears.heard).hasSize(3);
        assertThat(ears.heard.get(2).data()).hasSize(100_000);
        feed("\u001b]133;A;" + "x".repeat(300_000) + "\u0007ok");
        assertThat(ears.heard).as("too long for any string").hasSize(3);
        assertThat(Snapshots.text(terminal, 0)).endsWith("ok\n");
    }
}
