package io.termbus.pty;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The parts that decide without a PTY. */
class PtyPartsTest {
    private static final long MS = 1_000_000;

    @Test
    void signalNamesAreAcceptedWithAndWithoutPrefixInAnyCase() {
        assertThat(Signals.number("INT")).isEqualTo(2);
        assertThat(Signals.number("sigint")).isEqualTo(2);
        assertThat(Signals.number("Kill")).isEqualTo(9);
        assertThat(Signals.name(Signals.number("WINCH"))).isEqualTo("SIGWINCH");
        assertThat(Signals.name(40)).isEqualTo("SIG40");
        for (String wrong : new String[] {"", "SIG", "0", "9", "INT "}) {
            assertThatIllegalArgumentException().isThrownBy(() -> Signals.number(wrong));
        }
    }

    @Test
    void aProgramIsTheFirstOfThePathThatCanBeExecuted(@TempDir Path directory) throws IOException {
        Path none = Files.createDirectory(directory.resolve("none"));
        Path plain = Files.writeString(
                Files.createDirectory(directory.resolve("plain")).resolve("tool"), "");
        Path tool = Files.copy(
                plain, Files.createDirectory(directory.resolve("tools")).resolve("tool"));
        assertThat(tool.toFile().setExecutable(true)).isTrue();

        assertThat(ProgramLookup.find(named("tool", none, plain.getParent(), tool.getParent(), none)))
                .isEqualTo(tool.toString());
        assertThatThrownBy(() -> ProgramLookup.find(named("tool", plain.getParent(), none)))
                .isInstanceOf(CommandException.class)
                .hasMessage("program is not executable: tool");
        assertThatThrownBy(() -> ProgramLookup.find(named("tool", none)))
                .isInstanceOf(CommandException.class)
                .hasMessage("program not found in PATH: tool");
    }

    private static PtySpec named(String program, Path... path) {
        String searched = Arrays.stream(path).map(Path::toString).collect(Collectors.joining(":"));
        return new PtySpec(List.of(program), Map.of("PATH", searched), Path.of("/"), 80, 24);
    }

    @Test
    void theQueueGivesPiecesBackInOrder() {
        InputQueue queue = new InputQueue(20_000);
        queue.add(new byte[10_000], 1_000);
        assertThat(queue.hasRoomFor(11_000)).isTrue();
        assertThat(queue.hasRoomFor(11_001)).isFalse();
        queue.add(new byte[] {7, 8}, 0);
        assertThat(queue.peek()).hasSize(8192);
        queue.remove(8192);
        assertThat(queue.peek()).hasSize(808);
        assertThat(queue.copy()).hasSize(810).endsWith(7, 8);
        queue.remove(808);
        assertThat(queue.peek()).containsExactly(7, 8);
        queue.remove(1);
        assertThat(queue.peek()).containsExactly(8);
        queue.remove(1);
        assertThat(queue.isEmpty()).isTrue();
        assertThat(queue.peek()).isEmpty();
    }

    @Test
    void theGraceEndsAfterSilenceOrAtItsCap() {
        ExitGrace grace = new ExitGrace(Duration.ofMillis(100));
        grace.resume(0);
        assertThat(grace.running()).isFalse();
        grace.childExited(0);
        assertThat(grace.left(0)).isEqualTo(100 * MS);
        for (int ms = 50; ms <= 450; ms += 50) {
            grace.output(ms * MS);
        }
        assertThat(grace.left(450 * MS)).isEqualTo(50 * MS);
    }

    @Test
    void theGraceStandsStillWithoutCredit() {
        ExitGrace grace = new ExitGrace(Duration.ofMillis(100));
        grace.childExited(0);
        assertThat(grace.running()).isFalse();
        grace.resume(1000 * MS);
        assertThat(grace.left(1000 * MS)).isEqualTo(100 * MS);
        grace.output(1090 * MS);
        grace.pause(1090 * MS);
        grace.resume(5000 * MS);
        assertThat(grace.left(5000 * MS)).isEqualTo(100 * MS);
        grace.output(5400 * MS);
        assertThat(grace.left(5400 * MS)).isEqualTo(10 * MS);
    }

    @Test
    void whoFloodsWaitsForWhoSaysLittleUntilItWasSilentForAWhile() {
        ReadPriority turn = new ReadPriority();
        assertThat(turn.isPrompt(0)).isTrue();
        for (long at = 0; at < 1_000_000; at += 1000) {
            turn.read(100);
            assertThat(turn.isPrompt(at)).as("at %d", at).isEqualTo(at < 163_000);
        }
        assertThat(turn.isPrompt(100_000_000)).isTrue();
    }

    @Test
    void keysAndScreenfulsArePrompt() {
        ReadPriority turn = new ReadPriority();
        long second = 1_000_000_000;
        for (int i = 1; i < 100; i++) {
            turn.read(8000);
            assertThat(turn.isPrompt(i * second / 30)).isTrue();
        }
    }
}
