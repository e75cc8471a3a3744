package io.termbus.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(20)
class SecretsTest {
    private static final String SECRET = "hunter2";

    @TempDir
    Path directory;

    private SettingsFixture settings;

    @BeforeEach
    void setUp() {
        settings = new SettingsFixture(directory);
    }

    @Test
    void noRecordShowsTheToken() throws ConfigException {
        LoadedConfig loaded = settings.load("auth.token=" + SECRET);

        assertThat(loaded.config().auth().token()).contains(SECRET);
        assertThat(loaded.toString()).contains("***").doesNotContain(SECRET);
        assertThat(loaded.warnings()).singleElement().asString().startsWith("auth.token = *** (--set)");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "auth.token=hunter2 x",
                "auth.tokne=hunter2",
                "auth=hunter2",
                "token=hunter2",
                "http.password=hunter2",
                "hunter2"
            })
    void noProblemOfAnAssignmentShowsTheToken(String assignment) {
        assertThat(settings.problems(assignment))
                .singleElement()
                .asString()
                .contains("***")
                .doesNotContain(SECRET);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "auth.token: hunter2 x",
                "auth.token: [hunter2]",
                "auth: hunter2",
                "auth.token: *hunter2",
                "auth.token: &hunter2 [a]",
                "auth.token: !hunter2 a",
                "auth.token: !a!hunter2 a",
                "auth.token: \"hunter2",
                "auth.token: @hunter2",
                "auth.token: %hunter2",
                "%hunter2\n---\nhunter2",
                "auth.token: \"\\hunter2\"",
                "auth.token: hunter2: x",
                "auth.token: |hunter2",
                "auth: {token: hunter2",
                "auth: {tokn: hunter2}",
                "auth.token:\n  hunter2: 5",
                "TERMBUS_AUTH_TOKEN=hunter2"
            })
    void noProblemOfAFileShowsTheToken(String yaml) {
        settings.yaml(yaml);

        assertThat(settings.problems()).isNotEmpty().noneMatch(problem -> problem.contains(SECRET));
    }

    @Test
    void noProblemOfTheEnvironmentShowsTheToken() {
        settings.environment.put("TERMBUS_TOKEN", SECRET);
        settings.environment.put("TERMBUS_AUTH_TOKEN", SECRET + " x");

        assertThat(settings.problems())
                .hasSize(2)
                .allMatch(problem -> problem.contains("***"))
                .noneMatch(problem -> problem.contains(SECRET));
    }
}
