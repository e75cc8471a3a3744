package io.termbus.vt;

import static org.assertj.core.api.Assertions.assertThat;

import io.termbus.vt.screen.Terminal;
import io.termbus.vt.screen.TerminalListener;
import io.termbus.vt.snapshot.Snapshots;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(30)
class TerminalTest {
    private final List<String> replies = new ArrayList<>();
    private final List<String> titles = new ArrayList<>();
    private int bells;

    private final Terminal terminal = new Terminal(20, 5, 10, new TerminalListener() {
        @Override
        public void reply(byte[] bytes) {
            replies.add(new String(bytes, StandardCharsets.UTF_8).replace("\u001b", "ESC "));
        }

        @Override
        public void titleChanged(String title) {
            titles.add(title);
        }

        @Override
        public void bell() {
            bells++;
        }
    });

    private void feed(String text) {
        byte[] bytes = text.replace("ESC ", "\u001b").getBytes(StandardCharsets.UTF_8);
        terminal.feed(bytes, 0, bytes.length);
    }

    private String line(int row) {
        return Snapshots.text(terminal, 0).lines().toList().get(row);
    }

    private String snapshot() {
        return new String(Snapshots.ansi(terminal, 10), StandardCharsets.UTF_8).replace("\u001b", "ESC ");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '~',
            quoteCharacter = '`',
            value = {
                "ESC [c~ESC [?1;2c",
                "ESC [0c~ESC [?1;2c",
                "ESC [>c~ESC [>0;276;0c",
                "ESC [=c~ESC P!|00000000ESC \\",
                "ESC [5n~ESC [0n",
                "ESC [3;7HESC [6n~ESC [3;7R",
                "ESC [3;7HESC [?6n~ESC [?3;7R",
                "ESC [2;4rESC [?6hESC [2;7HESC [6n~ESC [2;7R",
                "ESC [2;4rESC [?6hESC [2;7HESC [?6n~ESC [?2;7R",
                "ESC [1;20HxESC [6n~ESC [1;20R",
                "ESC Z~ESC [?1;2c",
                "\u009a~ESC [?1;2c",
                "ESC [?15n~ESC [?13n",
                "ESC [?26n~ESC [?27;1n",
                "ESC [?55n~ESC [?50n",
                "ESC [?63;9n~`ESC P9!~0000ESC \\`",
                "ESC [x~ESC [2;1;1;128;128;1;0x",
                "ESC [1x~ESC [3;1;1;128;128;1;0x",
                "ESC [11t~ESC [1t",
                "ESC [13t~ESC [3;0;0t",
                "ESC [19t~ESC [9;5;20t",
                "ESC [18t~ESC [8;5;20t",
                "ESC [14t~ESC [4;80;160t",
                "ESC [16t~ESC [6;16;8t",
                "ESC [4$p~ESC [4;2$y",
                "ESC [4hESC [4$p~ESC [4;1$y",
                "ESC [?2004hESC [?2004$p~ESC [?2004;1$y",
                "ESC [?2026$p~ESC [?2026;2$y",
                "ESC [?4711$p~ESC [?4711;0$y",
                "ESC P$qrESC \\~ESC P1$r1;5rESC \\",
                "ESC [1;4:3;31mESC P$qmESC \\~ESC P1$r0;1;4:3;31mESC \\",
                "ESC [4 qESC P$q qESC \\~ESC P1$r4 qESC \\",
                "ESC P$q*xESC \\~ESC P1$r0*xESC \\",
                "ESC [2*xESC P$q*xESC \\~ESC P1$r2*xESC \\",
                "ESC P$qzESC \\~ESC P0$rESC \\",
                "ESC ]4;1;?ESC \\~ESC ]4;1;rgb:cccc/0000/0000ESC \\",
                "ESC ]4;1;#102030ESC \\ESC ]4;1;?ESC \\~ESC ]4;1;rgb:1010/2020/3030ESC \\",
                "ESC ]10;?ESC \\~ESC ]10;rgb:ffff/ffff/ffffESC \\",
                "ESC ]11;?ESC \\~ESC ]11;rgb:0000/0000/0000ESC \\",
                "ESC ]11;rgb:f/0/8ESC \\ESC ]11;?ESC \\~ESC ]11;rgb:ffff/0000/8888ESC \\"
            })
    void queryIsAnsweredOnce(String query, String answer) {
        feed(query);
        assertThat(replies).containsExactly(answer);
    }

    @Test
    void checksumsAreAnsweredOnlyWhereThatIsAllowed() {
        feed("ESC [2;3HabESC [1mcESC [1;1;2;3;2;3*y");
        assertThat(replies).isEmpty();
        terminal.answerChecksums(true);
        feed("ESC [1;1;2;3;2;3*yESC [2;1;1;1;9;999*yESC [3;1;4;4;4;4*yESC [4;1;3;1;2;1*y");
        assertThat(replies)
                .containsExactly(
                        "ESC P1!~FF9FESC \\",
                        "ESC P2!~" + String.format("%04X", 0x10000 - ('a' + 'b' + 'c' + 0x80 + 2 * ' ' + ' '))
                                + "ESC \\",
                        "ESC P3!~FFE0ESC \\",
                        "ESC P4!~0000ESC \\");
    }

    @Test
    void checksumsFollowOriginMode() {
        terminal.answerChecksums(true);
        feed("ESC [2;1HxESC [2;4rESC [?6hESC [1;1;1;1;1;1*y");
        assertThat(replies).containsExactly("ESC P1!~FF88ESC \\");
    }

    @Test
    void subParametersAfterAWholeColourAreIgnored() {
        feed("ESC [38;2;1;2;3:4mESC P$qmESC \\");
        assertThat(terminal.pen().fg()).isEqualTo(0x3010203);
    }

    @Test
    void versionQueryNamesTheHub() {
        feed("ESC [>q");
        assertThat(replies)
                .singleElement()
                .asString()
                .startsWith("ESC P>")
                .contains("termbus")
                .endsWith("ESC \\");
    }

    @Test
    void clipboardKeyboardAndTitleQueriesAreIgnored() {
        feed("ESC ]52;c;?ESC \\ESC [?uESC [>1uESC [<uESC [=1uESC [?4mESC P+q544eESC \\ESC [20tESC [21t");
        assertThat(replies).isEmpty();
        assertThat(terminal.cursorX()).isZero();
    }

    /** Mode, then what sets it; the answer says 1 after DECSET and 2 after DECRST. */
    @ParameterizedTest
    @ValueSource(ints = {1, 6, 7, 9, 12, 25, 45, 47, 66, 1000, 1002, 1003, 1004, 1006, 1016, 1047, 1049, 2004, 2026})
    void everyKeptPrivateModeIsReported(int mode) {
        feed("ESC [?" + mode + "hESC [?" + mode + "$pESC [?" + mode + "lESC [?" + mode + "$p");
        assertThat(replies).containsExactly("ESC [?" + mode + ";1$y", "ESC [?" + mode + ";2$y");
    }

    @Test
    void malformedUtf8IsDroppedAndTheRestIsShown() {
        byte[] bytes = {
            'a',
            (byte) 0xC0,
            (byte) 0x80,
            'b',
            (byte) 0xE4,
            (byte) 0xB8,
            'c',
            (byte) 0xED,
            (byte) 0xA0,
            (byte) 0x80,
            'd',
            (byte) 0xFF,
            'e',
            (byte) 0xF4,
            (byte) 0x90,
            (byte) 0x80,
            (byte) 0x80,
            'f',
            0,
            0x7F,
            'g'
        };
        terminal.feed(bytes, 0, bytes.length);
        assertThat(line(0)).isEqualTo("abcdefg");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '~',
            quoteCharacter = '`',
            value = {
                "abESC [1\u0018cd~abcd",
                "abESC [1\u001acd~abcd",
                "abESC ]2;t\u0018cd~abcd",
                "abESC P$q\u001acd~abcd",
                "abESC [1ESC [Dcd~acd",
                "abESC [\u00082Ccd~ab cd",
                "ab\u009b2Dcd~cd",
                "abESC [2\u007fDcd~cd"
            })
    void controlInsideASequenceCancelsOrIsExecuted(String stream, String shown) {
        feed(stream);
        assertThat(line(0)).isEqualTo(shown);
        assertThat(replies).isEmpty();
    }

    @Test
    void saveOnTheAlternateScreenIsThereWhenItIsShownAgain() {
        feed("ESC [?1049hESC [3;4HESC [31mESC 7ESC [?1049l");
        byte[] snapshot = Snapshots.ansi(terminal, 10);
        Terminal client = new Terminal(20, 5, 10, TerminalListener.SILENT);
        client.feed(snapshot, 0, snapshot.length);
        assertThat(Dump.of(client)).isEqualTo(Dump.of(terminal));
        assertThat(client.alternate().saved().x()).isEqualTo(3);
    }

    @Test
    void titleAndBellReachTheListener() {
        feed("ESC ]0;one\u0007ESC ]2;twoESC \\\u0007");
        assertThat(titles).containsExactly("one", "two");
        assertThat(terminal.title()).isEqualTo("two");
        assertThat(bells).isEqualTo(1);
    }

    @ParameterizedTest
    @CsvSource({
        "file://host/home/me, /home/me",
        "file:///a%20b/%C3%A9, /a b/é",
        "/plain, /plain",
        "file://host, ''",
        "nonsense, ''"
    })
    void workingDirectoryIsThePathOfOsc7(String payload, String path) {
        feed("ESC ]7;" + payload + "ESC \\");
        assertThat(terminal.cwd()).isEqualTo(path);
    }

    @Test
    void clearedScrollbackLeavesTheScreen() {
        feed("1\r\n2\r\n3\r\n4\r\n5\r\n6\r\n7");
        assertThat(terminal.scrollbackSize()).isEqualTo(2);
        terminal.clearScrollback();
        assertThat(terminal.scrollbackSize()).isZero();
        assertThat(Snapshots.text(terminal, 10)).isEqualTo("3\n4\n5\n6\n7\n");
    }

    @Test
    void scrollbackDropsTheOldestLines() {
        for (int i = 0; i < 100; i++) {
            feed(i + "\r\n");
        }
        assertThat(terminal.scrollbackSize()).isEqualTo(10);
        assertThat(Snapshots.text(terminal, 2).lines()).startsWith("94", "95", "96");
        assertThat(Snapshots.text(terminal, 10).lines()).startsWith("86", "87");
    }

    @Test
    void pendingWrapShowsAsTheColumnBehindTheLast() {
        feed("x".repeat(20));
        assertThat(terminal.cursorX()).isEqualTo(20);
        feed("y");
        assertThat(terminal.cursorX()).isEqualTo(1);
        assertThat(terminal.cursorY()).isEqualTo(1);
    }

    @Test
    void alternateScreenIsTextOfItsOwn() {
        feed("primaryESC [?1049halternate");
        assertThat(terminal.alternateScreen()).isTrue();
        assertThat(line(0)).isEqualTo("       alternate");
        feed("ESC [?1049l");
        assertThat(line(0)).isEqualTo("primary");
    }

    @Test
    void wideCharactersAndMarksTakeTheirColumns() {
        feed("世e\u0301x");
        assertThat(terminal.cursorX()).isEqualTo(4);
        assertThat(line(0)).isEqualTo("世e\u0301x");
    }

    @Test
    void softWrappedLinesAreReflowed() {
        feed("abcdefghijklmnopqrstuvwxyz\r\n");
        terminal.resize(10, 5);
        assertThat(Snapshots.text(terminal, 10).lines()).startsWith("abcdefghij", "klmnopqrst", "uvwxyz");
        terminal.resize(30, 5);
        assertThat(Snapshots.text(terminal, 10).lines()).startsWith("abcdefghijklmnopqrstuvwxyz");
    }

    @Test
    void snapshotNeverHoldsAQuery() {
        feed("ESC [cESC [6nESC ]10;?ESC \\ESC [?1$pESC P$qmESC \\text");
        String snapshot = snapshot();
        assertThat(snapshot).doesNotContain("[c", "6n", "?ESC", "$p", "$q");
        Terminal client = new Terminal(20, 5, 10, new TerminalListener() {
            @Override
            public void reply(byte[] bytes) {
                throw new AssertionError("answered: " + new String(bytes, StandardCharsets.UTF_8));
            }

            @Override
            public void titleChanged(String title) {}

            @Override
            public void bell() {}
        });
        byte[] bytes = Snapshots.ansi(terminal, 10);
        client.feed(bytes, 0, bytes.length);
        assertThat(Dump.of(client)).isEqualTo(Dump.of(terminal));
    }

    @Test
    void snapshotCarriesColoursLinksTitleAndDirectory() {
        feed(
                "ESC ]4;3;#010203ESC \\ESC ]11;#0a0b0cESC \\ESC ]0;tESC \\ESC ]7;file://h/dESC \\ESC ]8;id=q;http://x/ESC \\l");
        assertThat(snapshot())
                .contains("ESC ]4;3;rgb:0101/0202/0303ESC \\")
                .contains("ESC ]11;rgb:0a0a/0b0b/0c0cESC \\")
                .contains("ESC ]2;tESC \\")
                .contains("ESC ]7;file://h/dESC \\")
                .contains("ESC ]8;id=q;http://x/ESC \\");
    }

    @Test
    void snapshotEndsWithTheUnfinishedSequence() {
        feed("aESC [3;");
        assertThat(snapshot()).endsWith("aESC [3;");
        feed("4HESC ]2;ti");
        assertThat(snapshot()).endsWith("ESC ]2;ti");
        feed("tleESC \\");
        assertThat(terminal.title()).isEqualTo("title");
    }

    @Test
    void snapshotOfASnapshotIsTheSame() {
        feed("ESC [31mred\r\nESC [4:3;58;5;9mcurly 世界ESC [?1000hESC [2;4rESC [?6hx");
        Terminal copy = new Terminal(20, 5, 10, TerminalListener.SILENT);
        byte[] first = Snapshots.ansi(terminal, 10);
        copy.feed(first, 0, first.length);
        assertThat(Snapshots.ansi(copy, 10)).isEqualTo(first);
    }
}
