package io.termbus.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** {@code conf/termbus.yaml} of the repository, and the table of settings in {@code docs/protocol.md}. */
@Timeout(20)
class SampleFileTest {
    private static final Path SAMPLE = Path.of("conf/termbus.yaml");

    @TempDir
    Path directory;

    @Test
    void everyKeyIsThereOnceCommentedOutWithItsDefault() throws IOException {
        List<String> lines = Files.readAllLines(SAMPLE);

        assertThat(lines).allMatch(line -> line.isEmpty() || line.startsWith("#"));
        for (Setting<?> setting : Settings.ALL) {
            String text = setting.defaultText().isEmpty() ? "\"\"" : setting.defaultText();
            assertThat(lines.stream().filter(line -> line.startsWith("# " + setting.key() + ":")))
                    .containsExactly("# " + setting.key() + ": " + text);
        }
    }

    @Test
    void uncommentedItStillSaysTheDefaults() throws IOException, ConfigException {
        SettingsFixture settings = new SettingsFixture(directory);
        HubConfig defaults = settings.config();
        settings.yaml(Files.readString(SAMPLE).replaceAll("(?m)^# (?=[a-zA-Z.]+: [^ ]+$)", ""));

        assertThat(settings.config()).isEqualTo(defaults);
        assertThat(Files.readString(directory.resolve("conf/termbus.yaml"))).contains("\nflow.stallSeconds: 60");
    }

    @Test
    void theProtocolNamesEveryKeyWithItsDefault() throws IOException {
        List<String[]> rows = Files.readAllLines(Path.of("docs/protocol.md")).stream()
                .filter(line -> line.startsWith("| `"))
                .map(line -> line.split("\\|"))
                .toList();

        for (Setting<?> setting : Settings.ALL) {
            String key = "`" + setting.key() + "`";
            List<String[]> named =
                    rows.stream().filter(row -> row[1].contains(key)).toList();
            assertThat(named).as(key).hasSize(1);
            int place = List.of(named.get(0)[1].replace("**ext**", "").strip().split(", "))
                    .indexOf(key);
            String[] defaults = named.get(0)[2].replace("`", "").strip().split(", ");
            assertThat(defaults[Math.min(place, defaults.length - 1)])
                    .as(key)
                    .isIn(
                            setting.defaultText().isEmpty()
                                    ? List.of("none", "generated")
                                    : List.of(setting.defaultText()));
        }
    }
}
