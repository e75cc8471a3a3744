package io.termbus.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TextTest {
    @Test
    void namesOfOthersCannotDriveTheTerminal() {
        assertThat(Text.printable("a\033[2Jb\u009bc\nd\u202ee 漢")).isEqualTo("a?[2Jb?c?d?e 漢");
    }

    @Test
    void columnsAreAsWideAsTheirWidestCell() {
        assertThat(Text.table(List.of(List.of("ID", "NAME", "X"), List.of("a", "grüße", ""))))
                .isEqualTo("ID  NAME   X\na   grüße\n");
    }

    @Test
    void aCommandIsShownAsOneWouldTypeIt() {
        JsonObject session = new JsonObject().put("command", new JsonArray(List.of("sh", "-c", "echo 'hi'; ls", "")));

        assertThat(Text.command(session)).isEqualTo("sh -c 'echo '\\''hi'\\''; ls' ''");
    }

    @ParameterizedTest
    @CsvSource({"59,59s", "60,1m", "3599,59m", "3600,1h0m", "86399,23h59m", "90000,1d1h", "-5,0s"})
    void agesAreRough(long seconds, String text) {
        assertThat(Text.roughly(Duration.ofSeconds(seconds))).isEqualTo(text);
    }

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
        assertThat(ScreenCommand.lines("12")).isEqualTo(12);
        assertThat(ScreenCommand.lines("all")).isEqualTo(Integer.MAX_VALUE);
        assertThatThrownBy(() -> ScreenCommand.lines("-1")).hasMessageContaining("give a number of lines, or all");
    }
}
