package io.termbus.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Timeout(60)
class StopSignalsTest {
    @TempDir
    Path directory;

    /** Says when it has the signals and which came first, and then never ends by itself. */
    static final class NeverEnds {
        private NeverEnds() {}

        public static void main(String[] args) throws InterruptedException {
            StopSignals signals = StopSignals.install();
            System.out.println("installed");
            System.out.println(signals.await());
            new CountDownLatch(1).await();
        }
    }

    @ParameterizedTest
    @CsvSource({"TERM, TERM, 143", "INT, INT, 130", "HUP, TERM, 143", "TERM, INT, 130"})
    void theSecondSignalEndsTheProcessAtOnce(String first, String second, int exitCode) throws Exception {
        try (ForkedJava java = new ForkedJava(directory, Map.of(), NeverEnds.class)) {
            assertThat(java.line()).isEqualTo("installed");
            java.signal(first);
            assertThat(java.line()).isEqualTo("SIG" + first);
            java.signal(second);

            assertThat(java.exitCode()).isEqualTo(exitCode);
            assertThat(java.stderr()).isEmpty();
        }
    }
}
