package io.termbus.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** {@code conf/termbus.yaml} of the repository. */
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
}
