package io.termbus.vt.snapshot;

import static org.assertj.core.api.Assertions.assertThat;

import io.termbus.vt.screen.Terminal;
import io.termbus.vt.screen.TerminalListener;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class BoundedSnapshotTest {
    private final Terminal terminal = new Terminal(100, 24, 1000, TerminalListener.SILENT);

    private void lines(int count) {
        for (int i = 0; i < count; i++) {
            byte[] line = ("line " + i + " " + "x".repeat(80) + "\r\n").getBytes(StandardCharsets.US_ASCII);
            terminal.feed(line, 0, line.length);
        }
    }

    @Test
    void whatFitsIsWhole() {
        lines(500);

        assertThat(new String(BoundedSnapshot.ansi(terminal, 1000, 1 << 20).bytes(), StandardCharsets.UTF_8))
                .contains("line 0 ", "line 499 ");
    }

    @Test
    void theOldestScrollbackIsLeftOutWhereItWouldBeTooLarge() {
        lines(500);

        byte[] bytes = BoundedSnapshot.ansi(terminal, 1000, 20_000).bytes();

        assertThat(bytes.length).isBetween(10_000, 20_000);
        assertThat(new String(bytes, StandardCharsets.UTF_8))
                .contains("line 499 ")
                .doesNotContain("line 0 ");
        assertThat(BoundedSnapshot.text(terminal, 1000, 20_000).length()).isBetween(10_000, 20_000);
    }

    @Test
    void theScreenIsAlwaysThere() {
        lines(500);

        assertThat(new String(BoundedSnapshot.ansi(terminal, 1000, 10).bytes(), StandardCharsets.UTF_8))
                .contains("line 499 ")
                .doesNotContain("line 400 ");
    }

    private void feed(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        terminal.feed(bytes, 0, bytes.length);
    }

    @Test
    void aScreenOfLongLinksIsToldWithoutThem() {
        for (int i = 0; i < 20; i++) {
            feed("\u001b]8;;http://x/" + i + "u".repeat(5000) + "\u001b\\link" + i + "\u001b]8;;\u001b\\\r\n");
        }

        BoundedSnapshot.Result written = BoundedSnapshot.ansi(terminal, 1000, 20_000);

        assertThat(written.detail()).isEqualTo(Detail.NO_LINKS);
        assertThat(written.bytes().length).isLessThan(20_000);
        assertThat(new String(written.bytes(), StandardCharsets.UTF_8)).contains("link0", "link19");
    }

    @Test
    void aScreenOfManyColoursIsToldWithoutThem() {
        for (int i = 0; i < 2400; i++) {
            feed("\u001b[38;2;" + i % 256 + ";" + i / 256 + ";7mx\u0301");
        }

        BoundedSnapshot.Result written = BoundedSnapshot.ansi(terminal, 1000, 10_000);

        assertThat(written.detail()).isEqualTo(Detail.PLAIN);
        assertThat(written.bytes().length).isLessThan(10_000);
        assertThat(BoundedSnapshot.text(terminal, 1000, 3000)).hasSize(24 * 101).doesNotContain("\u0301");
    }
}
