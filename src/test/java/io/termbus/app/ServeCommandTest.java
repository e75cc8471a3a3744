package io.termbus.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.termbus.config.ConfigLoader;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** What ends before a hub is started. */
@Timeout(20)
class ServeCommandTest {
    @TempDir
    Path directory;

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @Test
    void wrongSettingsAreListedTogetherOnStderrWithStatus78() {
        assertThat(run("--set", "http.port=x", "--set", "auth.tokne=hunter2")).isEqualTo(78);

        assertThat(err.toString().lines())
                .startsWith("termbus: 2 errors in the settings:")
                .containsExactlyInAnyOrder(
                        "termbus: 2 errors in the settings:",
                        "  http.port = x (--set): allowed is a whole number from 0 to 65535",
                        "  auth.tokne = *** (--set): unknown key, the nearest known is auth.token");
        assertThat(out.toString()).isEmpty();
    }

    @Test
    void aNamedFileThatIsAbsentIsAWrongSetting() {
        assertThat(run("--conf", "absent.yaml")).isEqualTo(78);

        assertThat(err.toString()).contains("absent.yaml: no such file");
    }

    @Test
    void aHomeThatCannotBeUsedIsAWrongSetting() throws IOException {
        Path file = Files.writeString(directory.resolve("file"), "");

        assertThat(run("--set", "home=" + file)).isEqualTo(78);

        assertThat(err.toString()).contains("home = " + file + ": cannot be used: not a directory");
    }

    @Test
    void aClusterFileThatCannotBeReadIsAWrongSetting() {
        Path absent = directory.resolve("absent.xml");

        assertThat(run("--cluster", "--set", "home=" + directory, "--set", "cluster.config=" + absent))
                .isEqualTo(78);

        assertThat(err.toString()).contains("termbus: cannot join a cluster").contains(absent.toString());
    }

    @Test
    void helpNamesEveryOption() {
        assertThat(run("--help")).isZero();

        assertThat(out.toString()).contains("[serve]", "--conf", "--set", "--cluster", "--version");
    }

    @Test
    void theVersionIsThatOfTheBuild() {
        assertThat(run("--version")).isZero();

        assertThat(out.toString()).matches("Termbus [0-9]+\\.[0-9]+\\.[0-9]+\\S*\\R");
    }

    @Test
    void wrongOptionsTakeOneLineThatRepeatsNoValue() {
        assertThat(run("--token=hunter2")).isEqualTo(64);
        assertThat(run("--set", "auth.token=a", "hunter2")).isEqualTo(64);
        assertThat(run("--set")).isEqualTo(64);

        assertThat(err.toString().lines())
                .hasSize(3)
                .allMatch(line -> line.startsWith("termbus: ") && line.endsWith("; see --help"))
                .noneMatch(line -> line.contains("hunter2"))
                .first()
                .isEqualTo("termbus: unknown option --token, the nearest is --set;"
                        + " settings are given by --set key=value; see --help");
    }

    private int run(String... args) {
        CommandLine line = new ServeCommand(new ConfigLoader(directory, directory, Map.of())).commandLine();
        return line.setOut(new PrintWriter(out)).setErr(new PrintWriter(err)).execute(args);
    }
}
