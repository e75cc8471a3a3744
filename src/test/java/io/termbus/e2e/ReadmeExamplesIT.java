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

/**
 * The clients in README.md and the quick starts of docs/embedding.md, as they stand there but for the ports. {@code
 * WebAppIT} runs the one of the web component, in a browser.
 */
@Timeout(120)
class ReadmeExamplesIT {
    private static final int LIMIT_SECONDS = 60;
    private static final Path README = Path.of("README.md");
    private static final Path EMBEDDING = Path.of("docs", "embedding.md");
    private static final int MOST_LINES_OF_A_QUICK_START = 20;
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
        run(README, "python", "ls.py", Map.of(), "python3", listing());
    }

    @Test
    void theJavaScriptClientPrintsTheListing() throws Exception {
        Path modules = Path.of("webroot", "node_modules").toAbsolutePath();
        run(README, "js", "ls.cjs", Map.of("NODE_PATH", modules.toString()), "node", listing());
    }

    @Test
    void thePythonQuickStartRunsAndFollowsPrograms() throws Exception {
        Programs.require("python3");
        Path modules = Path.of("clients", "python", "src").toAbsolutePath();
        Map<String, String> environment = Map.of("PYTHONPATH", modules.toString(), "PYTHONDONTWRITEBYTECODE", "1");
        assertThat(example(EMBEDDING, "python").lines().count()).isLessThanOrEqualTo(MOST_LINES_OF_A_QUICK_START);
        run(EMBEDDING, "python", "start.py", environment, "python3", "3 2\nhello world\r\nexit 0\n");
    }

    @Test
    void theJavaScriptQuickStartFollowsAProgram() throws Exception {
        Path scope = Files.createDirectories(work.resolve("node_modules").resolve("@termbus"));
        Files.createSymbolicLink(
                scope.resolve("client"), Path.of("clients", "js").toAbsolutePath());
        assertThat(example(EMBEDDING, "js").lines().count()).isLessThanOrEqualTo(MOST_LINES_OF_A_QUICK_START);
        run(EMBEDDING, "js", "start.mjs", NodeScript.WEB_SOCKET, "node", "hello world\r\nexit 3\n");
    }

    private String listing() throws Exception {
        return output(home, Map.of(), "ls", "-l").replace("\n", "\r\n");
    }

    /** More than once: the program has ended before the client attaches, or has not. */
    private void run(
            Path file,
            String language,
            String name,
            Map<String, String> environment,
            String interpreter,
            String expected)
            throws Exception {
        List<String> hubEnvironment = new ArrayList<>(List.of("env", "HOME=" + home));
        LOCALE.forEach((variable, value) -> hubEnvironment.add(variable + "=" + value));
        try (HubProcess hub = HubProcess.start(work, hubEnvironment, List.of(), "home=" + home.resolve(".termbus"))) {
            Path script = work.resolve(name);
            Files.writeString(
                    script,
                    example(file, language)
                            .replace("7000", Integer.toString(hub.tcpPort()))
                            .replace("8080", Integer.toString(hub.httpPort())));
            for (int round = 0; round < 3; round++) {
                assertThat(output(work, environment, interpreter, script.toString()))
                        .isEqualTo(expected);
            }
        }
    }

    /** The first block of code in that language. */
    private static String example(Path file, String language) throws IOException {
        Matcher block = Pattern.compile("^```" + language + "\\n(.*?)^```$", Pattern.DOTALL | Pattern.MULTILINE)
                .matcher(Files.readString(file));
        assertThat(block.find()).as("%s has an example in %s", file, language).isTrue();
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
