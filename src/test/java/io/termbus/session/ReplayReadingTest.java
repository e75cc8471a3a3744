package io.termbus.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.termbus.protocol.HubException;
import io.termbus.protocol.Payload;
import io.termbus.protocol.SessionMessage;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class ReplayReadingTest {
    /** Of two: 200 KB for each, but most is there. */
    private static final long MOST = 400_000;

    private final StatePool states = new StatePool(MOST);

    private ReplayReading reading(String output, int cols, int rows) {
        return reading(output, cols, rows, states);
    }

    private static ReplayReading reading(String output, int cols, int rows, StatePool states) {
        byte[] bytes = output.replace('!', '\u001b').getBytes(StandardCharsets.UTF_8);
        return new ReplayReading(new SessionMessage.Held(7, Payload.of(bytes)), cols, rows, 10_000, 32 << 20, states);
    }

    private static int steps(ReplayReading reading) {
        int steps = 1;
        while (reading.step()) {
            steps++;
        }
        return steps;
    }

    @Test
    void itsTerminalCountsForTheMemoryOfAllWhileItIsThere() {
        ReplayReading reading = reading("some\r\nlines", 80, 24);
        steps(reading);

        assertThat(states.held()).isPositive();
        assertThat(reading.result().from()).isEqualTo(7);
        assertThat(reading.result().lines()).containsExactly("some", "lines");

        reading.close();
        assertThat(states.held()).isZero();
    }

    @Test
    void itTakesNoMoreThanItsOwnLimit() {
        String line = "![31mred![0m text ".replace('!', '\u001b').repeat(20) + "\r\n";
        StatePool enough = new StatePool(Long.MAX_VALUE);
        ReplayReading reading = reading(line.repeat(10_000), 500, 50, enough);
        long most = 0;
        while (reading.step()) {
            most = Math.max(most, enough.held());
        }
        assertThat(most).isPositive().isLessThanOrEqualTo(ReplayReading.MAX_STATE_BYTES);
    }

    @Test
    void whereTheMemoryOfAllIsShortItIsCutDown() {
        ReplayReading reading = reading("line\r\n".repeat(100_000), 80, 24);
        StatePool.Member session = states.enter(bytes -> {});
        for (int i = 0; i < 20; i++) {
            reading.step();
        }
        long before = states.held();
        assertThat(before).isGreaterThan(200_000);

        session.holds(MOST);
        reading.step();

        assertThat(states.held() - MOST).isLessThan(before);
    }

    @Test
    void fourMebibytesOfTextAreWithinItsWork() {
        assertThat(steps(reading("y\n".repeat(2 << 20), 80, 24))).isLessThan(ReplayReading.MAX_STEPS / 2);
        assertThat(steps(reading("![31mred![0m text\r\n".repeat(200_000), 200, 50)))
                .isLessThan(ReplayReading.MAX_STEPS / 2);
    }

    @Test
    void whatIsMadeToTakeLongEndsWithALimit() {
        ReplayReading reading = reading("x" + "![2J".repeat(1 << 18), 1000, 1000);
        assertThatThrownBy(() -> steps(reading))
                .isInstanceOf(HubException.class)
                .hasMessageContaining("since");
    }
}
