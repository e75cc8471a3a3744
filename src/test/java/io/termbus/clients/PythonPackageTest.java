package io.termbus.clients;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.termbus.support.Programs;
import io.termbus.support.ToolRun;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The Python package: its tests, and its wheel. */
class PythonPackageTest {
    private static final Path PACKAGE = Path.of("clients", "python").toAbsolutePath();
    private static final Duration LIMIT = Duration.ofSeconds(120);
    private static final Map<String, String> NO_TRACES = Map.of("PYTHONDONTWRITEBYTECODE", "1");

    @TempDir
    Path work;

    @BeforeEach
    void python() {
        Programs.require("python3");
    }

    @Test
    void theClientPassesItsTests() {
        ToolRun run = python(PACKAGE, NO_TRACES, "-W", "error", "-m", "unittest", "discover", "-s", "tests");
        assertThat(run.exit()).as(run.output()).isZero();
        assertThat(run.output()).contains("\nOK").doesNotContain("Ran 0 tests");
    }

    /** In a copy, as setuptools writes beside the sources. */
    @Test
    void theWheelHoldsThePackageAndItsTypes() throws Exception {
        assumeTrue(
                python(work, NO_TRACES, "-c", "import setuptools, wheel, pip").exit() == 0,
                "no pip, setuptools and wheel to build the wheel of clients/python with");
        Path source = work.resolve("source");
        copy(PACKAGE, source);
        ToolRun built = python(
                work,
                Map.of("PIP_NO_INDEX", "1", "PIP_DISABLE_PIP_VERSION_CHECK", "1"),
                List.of("-m", "pip", "wheel", "--no-build-isolation", "--no-deps", "-w", "wheels", "./source")
                        .toArray(String[]::new));
        assertThat(built.exit()).as(built.output()).isZero();
        Path wheel = work.resolve("wheels").resolve("termbus-0.1.0-py3-none-any.whl");
        ToolRun used = python(
                work,
                Map.of("PYTHONPATH", wheel.toString()),
                "-c",
                "import importlib.resources, termbus; print(termbus.__file__, termbus.connect.__doc__ is not None,"
                        + " importlib.resources.files('termbus').joinpath('py.typed').is_file())");
        assertThat(used.output()).contains(".whl/termbus/__init__.py True True");
    }

    private static ToolRun python(Path directory, Map<String, String> environment, String... arguments) {
        return ToolRun.of(
                directory,
                environment,
                LIMIT,
                Stream.concat(Stream.of("python3"), Stream.of(arguments)).toList());
    }

    private static void copy(Path from, Path to) throws IOException {
        try (Stream<Path> files = Files.walk(from)) {
            for (Path each : files.toList()) {
                Files.copy(each, to.resolve(from.relativize(each).toString()));
            }
        }
    }
}
