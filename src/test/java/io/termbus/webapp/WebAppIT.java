package io.termbus.webapp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.termbus.support.ToolRun;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The web app in a real Chromium against a hub started from the jar. */
class WebAppIT {
    private static final Path TESTS = Path.of("src", "test", "node").toAbsolutePath();
    private static final Path JAR = Path.of("target", "termbus.jar").toAbsolutePath();
    private static final Path SCREENSHOTS = Path.of("target", "screenshots").toAbsolutePath();
    private static final Path CHROMIUM = Path.of(System.getenv().getOrDefault("TERMBUS_CHROMIUM", "/usr/bin/chromium"));
    private static final Duration LIMIT = Duration.ofMinutes(5);

    @ParameterizedTest
    @ValueSource(
            strings = {
                "browser.mjs",
                "e2e/web-terminal.mjs",
                "e2e/web-windows.mjs",
                "e2e/web-links.mjs",
                "e2e/operator.mjs",
                "e2e/agent-and-person.mjs",
                "e2e/client-in-page.mjs"
            })
    void aUserWorksInTheBrowser(String script, @TempDir Path home) throws IOException, InterruptedException {
        run(script, home);
    }

    @Test
    void linksLeadToThePublicUrl(@TempDir Path home) throws IOException, InterruptedException {
        run("e2e/public-url.mjs", home, "http.publicUrl=https://terminals.example/below");
    }

    /** The origin is that of {@code support/shop.mjs}. */
    @Test
    void thePackedComponentWorksInPagesOfOthers(@TempDir Path home) throws IOException, InterruptedException {
        String origin = "http://localhost:4173";
        run("e2e/component.mjs", home, "http.origins=" + origin, "http.frameAncestors=" + origin);
    }

    @Test
    void copyingWorksOnPlainHttp(@TempDir Path home) throws IOException, InterruptedException {
        run("e2e/plain-http.mjs", home, "http.publicUrl=http://terminals.test");
    }

    private static void run(String script, Path home, String... settings) throws IOException, InterruptedException {
        requireChromium();
        try (HubProcess hub = HubProcess.start(JAR, home, settings)) {
            Map<String, String> environment = Map.of(
                    "TERMBUS_URL", hub.loginUrl(),
                    "TERMBUS_CHROMIUM", CHROMIUM.toString(),
                    "TERMBUS_SCREENSHOTS", SCREENSHOTS.toString());
            ToolRun run = ToolRun.of(TESTS, environment, LIMIT, List.of("node", script));
            assertThat(run.exit()).as(run.output()).isZero();
            assertThat(run.output()).contains(" 0 failed");
        }
    }

    /** A build machine without a browser is an error; on a developer's the test is skipped. */
    private static void requireChromium() {
        boolean found = Files.isExecutable(CHROMIUM);
        String missing = "no browser at " + CHROMIUM + ": install chromium or set TERMBUS_CHROMIUM";
        if ("true".equals(System.getenv("CI"))) {
            assertThat(found).as(missing).isTrue();
        }
        assumeTrue(found, missing);
    }
}
