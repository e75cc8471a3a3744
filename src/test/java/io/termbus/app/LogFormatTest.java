package io.termbus.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** {@code conf/logback.xml}, as it is at the root of the class path. */
@Timeout(60)
class LogFormatTest {
    @TempDir
    Path directory;

    /** Logs what could break a line. */
    static final class Chatty {
        private Chatty() {}

        public static void main(String[] args) {
            Logger log = LoggerFactory.getLogger(Chatty.class);
            log.warn("name {}", "a\r\nb\u001b[31m\u0085\u2028c");
            log.error("failed", new IllegalStateException("two\nlines"));
            log.debug("a detail");
            LoggerFactory.getLogger("io.netty.Thing").info("of a library");
        }
    }

    @Test
    void eachEventIsOneLineOnStderr() throws Exception {
        try (ForkedJava java = new ForkedJava(directory, Map.of(), Chatty.class)) {
            assertThat(java.exitCode()).isZero();
            assertThat(java.rest()).isEmpty();

            assertThat(java.stderr().lines()).hasSize(2);
            assertThat(java.stderr())
                    .containsPattern("(?m)^[0-9-]+T[0-9:.]+\\S* WARN  LogFormatTest\\$Chatty name a b \\[31m c$")
                    .contains(" ERROR LogFormatTest$Chatty failed: java.lang.IllegalStateException: two lines at ")
                    .doesNotContain("\u001b", "\u0085", "\u2028");
        }
    }

    @Test
    void theEnvironmentChoosesTheLevelOfTheHubsOwnLoggers() throws Exception {
        try (ForkedJava java = new ForkedJava(directory, Map.of("TERMBUS_LOG_LEVEL", "DEBUG"), Chatty.class)) {
            assertThat(java.exitCode()).isZero();

            assertThat(java.stderr()).contains("a detail").doesNotContain("of a library");
        }
    }
}
