package io.termbus.spelling;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Timeout(20)
class SpellingTest {
    private static final List<String> COMMANDS =
            List.of("new", "attach", "run", "ls", "info", "screen", "send", "kill");

    @ParameterizedTest
    @CsvSource({"lsx, ls", "list, ls", "atach, attach", "att, attach", "attahc, attach", "KILL, kill", "scren, screen"})
    void aMisspeltOrShortenedCommandIsFound(String written, String meant) {
        assertThat(Spelling.nearest(written, COMMANDS)).contains(meant);
    }

    @Test
    void aPieceThatIsMissingCostsLessThanAsManyWrongLetters() {
        assertThat(Spelling.distance("flow.stall", "flow.stallSeconds"))
                .isLessThan(Spelling.distance("flow.stall", "flow.small.steps"))
                .isLessThan(Spelling.distance("flow.stall", "flow.smell"));
    }

    @Test
    void separatorsAndCaseHardlyCount() {
        assertThat(Spelling.distance("HTTP_PORT", "http.port")).isOne();
        assertThat(Spelling.distance("session.kill.grace.ms", "session.killGraceMs"))
                .isEqualTo(2);
        assertThat(Spelling.distance("http.port", "http.port")).isZero();
    }

    @Test
    void aTextOfAnyLengthIsMeasured() {
        assertThat(Spelling.nearest("x".repeat(1_000_000), COMMANDS)).isPresent();
        assertThat(Spelling.nearest("", List.of())).isEmpty();
    }
}
