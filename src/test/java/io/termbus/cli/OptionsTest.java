package io.termbus.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.termbus.cli.attach.AttachOptions;
import io.termbus.cli.process.CliException;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class OptionsTest {
    @Test
    void periodsHaveAUnit() throws CliException {
        assertThat(ShareCommand.period("90s")).isEqualTo(Duration.ofSeconds(90));
        assertThat(ShareCommand.period("7d")).isEqualTo(Duration.ofDays(7));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "7", "d", "-1d", "1w", "999999999d"})
    void otherPeriodsAreRefused(String text) {
        assertThatThrownBy(() -> ShareCommand.period(text)).hasMessageContaining("give a number and s, m, h or d");
    }

    @Test
    void linesOfScrollbackAreANumberOrAll() throws CliException {
        assertThat(AttachOptions.lines("12")).isEqualTo(12);
        assertThat(AttachOptions.lines("all")).isEqualTo(Integer.MAX_VALUE);
        assertThatThrownBy(() -> AttachOptions.lines("-1")).hasMessageContaining("give a number of lines, or all");
    }
}
