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
    void clipboardAndKeyboardQueriesAreIgnored() {
        feed("ESC ]52;c;?ESC \\ESC [?uESC [>1uESC P+q544eESC \\");
        assertThat(replies).isEmpty();
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
        Terminal copy = new Terminal(20, 5, 10, Differential.SILENT);
        byte[] first = Snapshots.ansi(terminal, 10);
        copy.feed(first, 0, first.length);
        assertThat(Snapshots.ansi(copy, 10)).isEqualTo(first);
    }
}
