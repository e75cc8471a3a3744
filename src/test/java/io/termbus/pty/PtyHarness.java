package io.termbus.pty;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.assertj.core.api.Assumptions;

/** A backend of each kind, and short ways to start children on it. */
final class PtyHarness implements AutoCloseable {
    enum Kind {
        /** On Linux, by whatever watches descriptors there. */
        LINUX,
        /** On Linux, without Netty's native transport. */
        LINUX_PLAIN,
        PORTABLE;

        PtyBackend open(PtySettings settings) throws IOException {
            return switch (this) {
                case LINUX, PORTABLE -> PtyBackends.open(settings);
                case LINUX_PLAIN -> LoopBackend.open(settings, PlainEpoll.newFactory());
            };
        }
    }

    static final int INPUT_QUEUE_BYTES = 2_000_000;
    static final Map<String, String> ENVIRONMENT = Map.of("PATH", "/usr/bin:/bin", "TERM", "xterm", "LANG", "C.UTF-8");

    final PtyBackend backend;

    PtyHarness(Kind kind) throws IOException {
        this(kind, Duration.ofMillis(500), Duration.ofSeconds(1));
    }

    PtyHarness(Kind kind, Duration killGrace, Duration exitGrace) throws IOException {
        Assumptions.assumeThat(System.getProperty("os.name"))
                .as("these tests need Linux")
                .isEqualTo("Linux");
        backend = kind.open(new PtySettings(INPUT_QUEUE_BYTES, killGrace, exitGrace, kind == Kind.PORTABLE));
    }

    static PtySpec spec(String... command) {
        return new PtySpec(List.of(command), ENVIRONMENT, Path.of("/"), 80, 24);
    }

    /** Starts a child without credit. */
    Pty start(Recorder recorder, String... command) throws IOException {
        return backend.start(spec(command), recorder, Runnable::run);
    }

    /** Starts a shell script with endless credit. */
    Pty shell(Recorder recorder, String script) throws IOException {
        return follow(recorder, "sh", "-c", script);
    }

    Pty follow(Recorder recorder, String... command) throws IOException {
        Pty pty = start(recorder, command);
        recorder.follow(pty);
        return pty;
    }

    /** All output of a shell script, with its line ends as the child wrote them. */
    String outputOf(String script) throws IOException {
        Recorder recorder = new Recorder();
        shell(recorder, script);
        recorder.awaitExit();
        return recorder.text().replace("\r\n", "\n");
    }

    static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    @Override
    public void close() {
        backend.close();
    }
}
