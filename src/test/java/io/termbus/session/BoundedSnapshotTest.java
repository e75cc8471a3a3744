package io.termbus.session;

import static org.assertj.core.api.Assertions.assertThat;

import io.termbus.vt.screen.Terminal;
import io.termbus.vt.screen.TerminalListener;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class BoundedSnapshotTest {
    private final Terminal terminal = new Terminal(100, 24, 1000, new TerminalListener() {
        @Override
        public void reply(byte[] bytes) {}

        @Override
        public void titleChanged(String title) {}

        @Override
        public void bell() {}
    });

    private void lines(int count) {
        for (int i = 0; i < count; i++) {
            byte[] line = ("line " + i + " " + "x".repeat(80) + "\r\n").getBytes(StandardCharsets.US_ASCII);
            terminal.feed(line, 0, line.length);
        }
    }

    @Test
    void whatFitsIsWhole() {
        lines(500);

        assertThat(new String(BoundedSnapshot.ansi(terminal, 1000, 1 << 20), StandardCharsets.UTF_8))
                .contains("line 0 ", "line 499 ");
    }

    @Test
    void theOldestScrollbackIsLeftOutWhereItWouldBeTooLarge() {
        lines(500);

        byte[] bytes = BoundedSnapshot.ansi(terminal, 1000, 20_000);

        assertThat(bytes.length).isBetween(10_000, 20_000);
        assertThat(new String(bytes, StandardCharsets.UTF_8))
                .contains("line 499 ")
                .doesNotContain("line 0 ");
        assertThat(BoundedSnapshot.text(terminal, 1000, 20_000).length()).isBetween(10_000, 20_000);
    }

    @Test
    void theScreenIsAlwaysThere() {
        lines(500);

        assertThat(new String(BoundedSnapshot.ansi(terminal, 1000, 10), StandardCharsets.UTF_8))
                .contains("line 499 ")
                .doesNotContain("line 400 ");
    }
}
