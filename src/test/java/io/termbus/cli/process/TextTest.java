package io.termbus.cli.process;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TextTest {
    @Test
    void namesOfOthersCannotDriveTheTerminal() {
        assertThat(Text.printable("a\033[2Jb\u009bc\nd\u202ee 漢")).isEqualTo("a?[2Jb?c?d?e 漢");
    }

    @Test
    void namesInJsonCannotDriveTheTerminalAndStayWhatTheyAre() {
        String name = "a\033[2Jb\u009b5i\u007f\u0085\u0000\u2028\u202e\udb40\udc01 grüße 漢😀";
        JsonObject session = new JsonObject().put("name", name);

        assertThat(Text.json(session))
                .isEqualToIgnoringCase(
                        "{\"name\":\"a\\u001b[2Jb\\u009b5i\\u007f\\u0085\\u0000\\u2028\\u202e\\udb40\\udc01"
                                + " grüße 漢😀\"}");
        assertThat(new JsonObject(Text.json(session))).isEqualTo(session);
        assertThat(Text.json(new JsonArray(List.of("\u009b", "\ud800")))).isEqualTo("[\"\\u009b\",\"\\ud800\"]");
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
}
