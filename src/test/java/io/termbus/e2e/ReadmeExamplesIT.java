package io.termbus.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.termbus.support.Programs;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The clients in README.md, as they stand there but for the ports: they print what {@code ls -l} prints. */
@Timeout(120)
class ReadmeExamplesIT {
    private static final int LIMIT_SECONDS = 60;
    /** Plain names in plain English, whoever runs the tests. */
    private static final Map<String, String> LOCALE = Map.of("LC_ALL", "C.UTF-8", "TZ", "UTC");

    /** What is listed; nothing in it changes meanwhile. */
    @TempDir
    Path home;

    @TempDir
    Path work;

    @BeforeEach
    void someFiles() throws IOException {
        Files.writeString(home.resolve("notes"), "a few words");
        Files.createDirectory(home.resolve("project"));
    }

    @Test
    void thePythonClientPrintsTheListing() throws Exception {
        Programs.require("python3");
        run("python", "ls.py", Map.of(), "python3");
    }

    @Test
    void theJavaScriptClientPrintsTheListing() throws Exception {
        Path modules = Path.of("webroot", "node_modules").toAbsolutePath();
        run("js", "ls.cjs", Map.of("NODE_PATH", modules.toString()), "node");
    }

    /** More than once: the listing has ended before the client attaches, or has not. */
    private void run(String language, String name, Map<String, String> environment, String interpreter)
            throws Exception {
        List<String> hubEnvironment = new ArrayList<>(List.of("env", "HOME=" + home));
        LOCALE.forEach((variable, value) -> hubEnvironment.add(variable + "=" + value));
        try (HubProcess hub = HubProcess.start(work, hubEnvironment, List.of(), "home=" + home.resolve(".termbus"))) {
            Path script = work.resolve(name);
            Files.writeString(
                    script,
                    example(language)
                            .replace("7000", Integer.toString(hub.tcpPort()))
                            .replace("8080", Integer.toString(hub.httpPort())));
            String listing = output(home, Map.of(), "ls", "-l").replace("\n", "\r\n");
            for (int round = 0; round < 3; round++) {
                assertThat(output(work, environment, interpreter, script.toString()))
                        .isEqualTo(listing);
            }
        }
    }

    /** The first block of code in that language. */
    private static String example(String language) throws IOException {
        Matcher block = Pattern.compile("^```" + language + "\\n(.*?)^```$", Pattern.DOTALL | Pattern.MULTILINE)
                .matcher(Files.readString(Path.of("README.md")));
        assertThat(block.find()).as("README.md has an example in " + language).isTrue();
        return block.group(1);
    }

    /** What the command prints; it must end well and say nothing on standard error. */
    private String output(Path directory, Map<String, String> environment, String... command) throws Exception {
        Path out = Files.createTempFile(work, "out", "");
        Path err = Files.createTempFile(work, "err", "");
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(directory.toFile())
                .redirectOutput(out.toFile())
                .redirectError(err.toFile());
        builder.environment().put("HOME", home.toString());
        builder.environment().putAll(LOCALE);
        builder.environment().putAll(environment);
        Process process = builder.start();
        try {
            assertThat(process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS)).isTrue();
        } finally {
            process.destroyForcibly();
        }
        assertThat(Files.readString(err)).isEmpty();
        assertThat(process.exitValue()).isZero();
        return Files.readString(out, StandardCharsets.UTF_8);
    }
}
