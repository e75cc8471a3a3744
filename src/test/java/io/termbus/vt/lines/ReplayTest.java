package io.termbus.vt.lines;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class ReplayTest {
    private static Replay replay(String output, int cols, int rows) {
        byte[] bytes = output.replace('!', '\u001b').getBytes(StandardCharsets.UTF_8);
        return new Replay(bytes, cols, rows, 100_000, 8 << 20);
    }

    private static int steps(Replay replay) {
        int steps = 1;
        while (replay.step()) {
            steps++;
        }
        return steps;
    }

    @Test
    void aBlankTerminalShowsWhatCameSince() {
        Replay replay = replay("a![3;1Hb\rc", 10, 4);
        steps(replay);
        assertThat(replay.lines()).containsExactly("a", "c");
    }

    @Test
    void outputThatChangesMuchOfTheScreenGoesInManySteps() {
        assertThat(steps(replay("x" + "![2J".repeat(100), 1000, 1000))).isGreaterThanOrEqualTo(50);
    }

    @Test
    void whatIsTrimmedOnTheWayLosesItsOldestLines() {
        Replay replay = replay("line\r\n".repeat(50_000) + "last", 80, 24);
        for (int i = 0; i < 10; i++) {
            replay.step();
        }
        long before = replay.stateBytes();
        replay.trim(before / 2);
        assertThat(replay.stateBytes()).isLessThan(before);
        steps(replay);
        assertThat(replay.lines()).endsWith("last").hasSizeLessThan(50_001);
    }
}
