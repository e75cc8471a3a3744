package io.termbus.webapp;

import static org.assertj.core.api.Assertions.assertThat;

import io.termbus.support.ToolRun;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The unit tests of the web app's classes, run by Node's own test runner. */
class NodeUnitTest {
    private static final Path TESTS = Path.of("src", "test", "node").toAbsolutePath();
    private static final Duration LIMIT = Duration.ofSeconds(90);

    @Test
    void classesOfTheWebAppPassTheirTests() throws IOException {
        List<String> command = new ArrayList<>(List.of("node", "--test", "--test-reporter=tap"));
        command.addAll(testFiles());
        ToolRun run = ToolRun.of(TESTS, Map.of(), LIMIT, command);
        assertThat(run.exit()).as(run.output()).isZero();
        assertThat(run.output()).contains("# fail 0").doesNotContain("# pass 0\n");
    }

    private static List<String> testFiles() throws IOException {
        try (Stream<Path> files = Files.list(TESTS)) {
            List<String> names = files.map(file -> file.getFileName().toString())
                    .filter(name -> name.endsWith(".test.mjs"))
                    .sorted()
                    .toList();
            assertThat(names).isNotEmpty();
            return names;
        }
    }
}
