package io.termbus.vt;

import static org.assertj.core.api.Assertions.assertThat;

import io.termbus.vt.screen.Terminal;
import io.termbus.vt.screen.TerminalListener;
import io.termbus.vt.snapshot.Snapshots;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The escape sequence recordings of xterm.js, read from beside the project or from {@code -Dtermbus.conformance}. */
@Timeout(60)
class ConformanceTest {
    private static final int COLS = 80;
    private static final int ROWS = 25;

    /** Recordings whose expected text is not what xterm.js shows; it is the client, so its screen counts. */
    private static final Map<String, String> DIFFERENT = Map.of(
            "t0055-EL", "xterm.js keeps a pending wrap over EL, so that the next character goes to the next row",
            "t0084-CBT", "xterm.js does nothing for CBT while a wrap is pending",
            "t0103-reverse_wrap", "xterm.js goes back over soft wraps only",
            "t0504-vim", "the text is scrolled by some rows against what xterm.js shows");

    static Stream<Path> recordings() throws IOException {
        Path directory = directory();
        if (!Files.isDirectory(directory)) {
            return Stream.empty();
        }
        try (Stream<Path> files = Files.list(directory)) {
            return files.filter(file -> file.toString().endsWith(".in")).sorted().toList().stream();
        }
    }

    private static Path directory() {
        return Path.of(System.getProperty("termbus.conformance", "../shared/conformance/xterm"));
    }

    private static String name(Path recording) {
        return recording.getFileName().toString().replace(".in", "");
    }

    private static byte[] stream(Path recording) throws IOException {
        String text = Files.readString(recording, StandardCharsets.ISO_8859_1).replace("\n", "\r\n");
        return ("\u001bc\u001b[H" + text).getBytes(StandardCharsets.ISO_8859_1);
    }

    @ParameterizedTest(allowZeroInvocations = true)
    @MethodSource("recordings")
    void recordingShowsTheExpectedText(Path recording) throws IOException {
        Assumptions.assumeFalse(DIFFERENT.containsKey(name(recording)), () -> DIFFERENT.get(name(recording)));
        Terminal terminal = new Terminal(COLS, ROWS, 1000, TerminalListener.SILENT);
        byte[] stream = stream(recording);
        terminal.feed(stream, 0, stream.length);
        Path expected = recording.resolveSibling(name(recording) + ".text");
        assertThat(Snapshots.text(terminal, 0).lines())
                .containsExactlyElementsOf(Files.readAllLines(expected).stream()
                        .map(line -> line.replaceAll(" +$", ""))
                        .limit(ROWS)
                        .toList());
    }

    @Test
    void recordingsArePresentOrTheReasonIsShown() throws IOException {
        Assumptions.assumeTrue(
                Files.isDirectory(directory()),
                "skipped: no recordings in " + directory() + " (set -Dtermbus.conformance)");
        assertThat(recordings()).hasSizeGreaterThan(70);
    }

    @Test
    void xtermJsShowsTheSameForEveryRecordingAtAnyCut() throws Exception {
        Assumptions.assumeTrue(Files.isDirectory(directory()), "skipped: no recordings in " + directory());
        try (Judge judge = new Judge()) {
            for (Path recording : recordings().toList()) {
                byte[] stream = stream(recording);
                for (int part = 1; part <= 4; part++) {
                    judge.submit(Differential.cut(name(recording), COLS, ROWS, stream, stream.length * part / 4));
                }
            }
            assertThat(judge.finish()).as("judged " + judge.judged()).isEmpty();
            assertThat(judge.skipped()).isLessThanOrEqualTo(5);
        }
    }
}
