package io.termbus.vt;

import static org.assertj.core.api.Assertions.assertThatCode;

import io.termbus.vt.screen.Terminal;
import io.termbus.vt.screen.TerminalListener;
import io.termbus.vt.snapshot.Snapshots;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Sizes change at any place of text that is hard to reflow: wide characters, marks, colours, sequences. */
@Timeout(120)
class ResizeFuzzTest {
    /** More with {@code -Dtermbus.resizes=N}. */
    private static final int STREAMS = Integer.getInteger("termbus.resizes", 4000);

    private static final String[] HARD = {
        "日本語",
        "😀",
        "é",
        "a\u0301\u0302",
        "abc",
        " ",
        "\t",
        "\r\n",
        "\u001b[31m",
        "\u001b[0m",
        "\u001b[4:3m",
        "\u001b[?7l",
        "\u001b[?7h",
        "\u001b[2;3H",
        "\u001b[K",
        "\u001b[5P",
        "\u001b[3@",
        "\u001b[?1049h",
        "\u001b[?1049l",
        "\u001b[2;4r",
        "\u001b[L",
        "\u001b[2M",
        "\u001b7",
        "\u001b8",
        "\u001b[9b",
        "\u001b[44m"
    };

    @Test
    void noTextFailsOnANewSize() {
        for (int seed = 0; seed < STREAMS; seed++) {
            int each = seed;
            assertThatCode(() -> resizeAlong(new Random(each)))
                    .as("seed %d", seed)
                    .doesNotThrowAnyException();
        }
    }

    private static void resizeAlong(Random random) {
        Terminal terminal = new Terminal(
                1 + random.nextInt(40), 1 + random.nextInt(12), random.nextInt(3) * 20, TerminalListener.SILENT);
        for (int i = 0; i < 12; i++) {
            StringBuilder text = new StringBuilder();
            for (int k = random.nextInt(60); k > 0; k--) {
                text.append(HARD[random.nextInt(HARD.length)]);
            }
            byte[] bytes = text.toString().getBytes(StandardCharsets.UTF_8);
            terminal.feed(bytes, 0, bytes.length);
            terminal.resize(1 + random.nextInt(40), 1 + random.nextInt(12));
        }
        Snapshots.ansi(terminal, Integer.MAX_VALUE);
        Snapshots.text(terminal, Integer.MAX_VALUE);
    }
}
