package io.termbus.pty;

import static io.termbus.pty.PtyHarness.utf8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.termbus.pty.PtyHarness.Kind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What both backends do, on real PTYs. */
@Timeout(60)
class PtyTest {
    /** So long a shell may take to run its trap, also on a machine with much else to do. */
    private static final Duration SHELLS_TURN = Duration.ofSeconds(4);

    @ParameterizedTest
    @EnumSource
    void inputIsEchoedAndReadByTheChild(Kind kind) throws Exception {
        try (PtyHarness harness = new PtyHarness(kind)) {
            Recorder recorder = new Recorder();
            Pty pty = harness.follow(recorder, "cat");
            assertThat(pty.write(utf8("grüße €\r"))).isTrue();
            recorder.awaitText("grüße €\r\ngrüße €\r\n");
            assertThat(pty.write(new byte[] {4})).isTrue();
            assertThat(recorder.awaitExit()).isEqualTo(new ExitStatus(0, Optional.empty()));
        }
    }

    @ParameterizedTest
    @EnumSource
    void bulkOutputArrivesByteForByteBeforeTheExit(Kind kind) throws Exception {
        try (PtyHarness harness = new PtyHarness(kind)) {
            Recorder recorder = new Recorder();
            harness.follow(recorder, "sh", "-c", "stty raw; seq 1 200000");
            assertThat(recorder.awaitExit().code()).isZero();
            StringBuilder expected = new StringBuilder();
            for (int i = 1; i <= 200_000; i++) {
                expected.append(i).append('\n');
            }
            assertThat(sha256(recorder.bytes())).isEqualTo(sha256(utf8(expected.toString())));
            assertThat(recorder.largest()).isLessThanOrEqualTo(65_536);
            assertThat(recorder.outputsAfterExit()).isZero();
            assertThat(recorder.exits()).isOne();
        }
    }

    private static String sha256(byte[] bytes) throws Exception {
        return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    }

    @ParameterizedTest
    @EnumSource
    void bulkInputArrivesByteForByte(Kind kind, @TempDir Path directory) throws Exception {
        try (PtyHarness harness = new PtyHarness(kind)) {
            byte[] line = utf8("0123456789".repeat(10) + "\n");
            byte[] input = new byte[line.length * 15_000];
            for (int at = 0; at < input.length; at += line.length) {
                System.arraycopy(line, 0, input, at, line.length);
            }
            Recorder recorder = new Recorder();
            Path file = directory.resolve("input");
            Pty pty = harness.shell(
                    recorder, "stty raw -echo; echo ready; head -c " + input.length + " > " + file + "; echo done");
            recorder.awaitText("ready");
            assertThat(pty.write(input)).isTrue();
            recorder.awaitText("done");
            assertThat(Arrays.equals(Files.readAllBytes(file), input)).isTrue();
        }
    }

    @ParameterizedTest
    @EnumSource
    void exitCodesAreReported(Kind kind) throws Exception {
        try (PtyHarness harness = new PtyHarness(kind)) {
            for (int code : new int[] {0, 3, 255}) {
                Recorder recorder = new Recorder();
                harness.shell(recorder, "echo bye; exit " + code);
                assertThat(recorder.awaitExit()).isEqualTo(new ExitStatus(code, Optional.empty()));
                assertThat(recorder.text()).isEqualTo("bye\r\n");
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void withoutCreditNothingIsReadAndTheChildIsHeldBack(Kind kind, @TempDir Path directory) throws Exception {
        try (PtyHarness harness = new PtyHarness(kind)) {
            Recorder recorder = new Recorder();
            Path marker = directory.resolve("marker");
            Pty pty = harness.start(recorder, "sh", "-c", "echo first; seq 1 100000; touch " + marker);
            pty.request(1);
            recorder.awaitOutputs(1);

            Recorder other = new Recorder();
            harness.shell(other, "seq 1 100000");
            other.awaitExit();
            assertThat(recorder.outputs()).isOne();
            assertThat(marker).doesNotExist();
            assertThat(recorder.exits()).isZero();

            pty.request(2);
            recorder.awaitOutputs(3);
            recorder.follow(pty);
            assertThat(recorder.awaitExit().code()).isZero();
            assertThat(recorder.text()).endsWith("100000\r\n");
            assertThat(marker).exists();
        }
    }

    @ParameterizedTest
    @EnumSource
    void aChildThatNeverReadsFillsItsQueueAndDelaysNobody(Kind kind) throws Exception {
        try (PtyHarness harness = new PtyHarness(kind)) {
            Recorder recorder = new Recorder();
            Pty pty = harness.shell(recorder, "stty raw -echo; echo ready; exec sleep 1000");
            recorder.awaitText("ready");
            byte[] piece = new byte[100_000];
            int accepted = 0;
            while (accepted <= 10_000_000 && pty.write(piece)) {
                accepted += piece.length;
            }
            assertThat(accepted)
                    .isBetween(PtyHarness.INPUT_QUEUE_BYTES - piece.length, PtyHarness.INPUT_QUEUE_BYTES + 300_000);
            assertThat(pty.write(new byte[PtyHarness.INPUT_QUEUE_BYTES + 1])).isFalse();

            Recorder other = new Recorder();
            Pty echo = harness.follow(other, "cat");
            echo.write(utf8("alive\r"));
            other.awaitText("alive\r\nalive");
            pty.close();
            recorder.awaitExit();
            assertThat(pty.write(utf8("x"))).isFalse();
        }
    }

    @ParameterizedTest
    @EnumSource
    void theChildSeesItsSizeAndEachResize(Kind kind) throws Exception {
        try (PtyHarness harness = new PtyHarness(kind)) {
            Recorder recorder = new Recorder();
            Pty pty = harness.follow(
                    recorder,
                    "bash",
                    "-c",
                    "stty size; trap 'stty size' WINCH; echo ready; while :; do sleep 0.05; done");
            recorder.awaitText("24 80\r\nready");
            pty.resize(132, 50);
            recorder.awaitText("50 132");
            assertThatIllegalArgumentException().isThrownBy(() -> pty.resize(0, 10));
            assertThatIllegalArgumentException().isThrownBy(() -> pty.resize(10, 1001));
        }
    }

    @ParameterizedTest
    @EnumSource
    void signalsGoToTheForegroundGroup(Kind kind) throws Exception {
        try (PtyHarness harness = new PtyHarness(kind)) {
            Recorder recorder = new Recorder();
            Pty pty = harness.follow(
                    recorder,
                    "bash",
                    "-c",
                    "set -m; trap 'echo shell hit' USR1; sh -c 'echo ready; exec sleep 1000'; echo code $?");
            recorder.awaitText("ready");
            pty.signal("usr1");
            recorder.awaitText("code 138");
            recorder.awaitExit();
            assertThat(recorder.text()).doesNotContain("shell hit");
            assertThatIllegalArgumentException().isThrownBy(() -> pty.signal("NOSUCH"));
        }
    }

    @ParameterizedTest
    @EnumSource
    void killHangsUpAndThenKills(Kind kind) throws Exception {
        try (PtyHarness harness = new PtyHarness(kind, SHELLS_TURN, Duration.ofSeconds(1))) {
            Recorder recorder = new Recorder();
            Pty pty = harness.shell(recorder, "trap 'echo got hup' HUP; echo ready; while :; do sleep 0.05; done");
            recorder.awaitText("ready");
            pty.kill();
            pty.kill();
            recorder.awaitText("got hup");
            assertThat(recorder.awaitExit().code()).isNotZero();
            assertThat(ProcessHandle.of(pty.pid()).map(ProcessHandle::isAlive).orElse(false))
                    .isFalse();
        }
    }

    @ParameterizedTest
    @EnumSource
    void closingTheBackendKillsEveryChild(Kind kind) throws Exception {
        PtyHarness harness = new PtyHarness(kind);
        Recorder recorder = new Recorder();
        Pty pty = harness.shell(recorder, "trap '' HUP TERM; echo ready; while :; do sleep 1; done");
        Recorder silent = new Recorder();
        harness.start(silent, "sleep", "1000");
        recorder.awaitText("ready");
        harness.close();
        harness.close();
        assertThat(recorder.exits()).isOne();
        assertThat(silent.exits()).isOne();
        assertThat(ProcessHandle.of(pty.pid()).map(ProcessHandle::isAlive).orElse(false))
                .isFalse();
        assertThatThrownBy(() -> harness.start(new Recorder(), "true")).isInstanceOf(IOException.class);
    }

    @ParameterizedTest
    @EnumSource
    void aListenerThatThrowsLosesOnlyItsOwnPty(Kind kind) throws Exception {
        try (PtyHarness harness = new PtyHarness(kind)) {
            Recorder exits = new Recorder();
            PtyListener broken = new PtyListener() {
                @Override
                public void output(byte[] bytes) {
                    throw new IllegalStateException("on purpose");
                }

                @Override
                public void exited(ExitStatus status) {
                    exits.exited(status);
                    throw new IllegalStateException("on purpose");
                }
            };
            harness.backend
                    .start(PtyHarness.spec("sh", "-c", "echo x; sleep 1000"), broken, Runnable::run)
                    .request(1);
            exits.awaitExit();
            assertThat(harness.outputOf("echo alive")).isEqualTo("alive\n");
        }
    }

    @ParameterizedTest
    @EnumSource
    void theChildHasOnlyItsTerminalOpen(Kind kind) throws Exception {
        try (PtyHarness harness = new PtyHarness(kind)) {
            harness.follow(new Recorder(), "cat");
            harness.follow(new Recorder(), "cat");
            List<String> open = harness.outputOf("ls -l /proc/self/fd | sed -n 's/.* -> //p'")
                    .lines()
                    .toList();
            assertThat(open).noneMatch(target -> target.contains("ptmx") || target.contains("eventpoll"));
            assertThat(open)
                    .filteredOn(target -> target.contains("socket") || target.contains("anon"))
                    .isEmpty();
        }
    }

    @ParameterizedTest
    @EnumSource
    void theTerminalControlsTheChild(Kind kind) throws Exception {
        try (PtyHarness harness = new PtyHarness(kind)) {
            Recorder recorder = new Recorder();
            Pty pty = harness.shell(recorder, "tty; echo direct > /dev/tty; ps -o pid=,pgid=,sid= -p $$");
            recorder.awaitExit();
            List<String> lines = recorder.text().lines().map(String::strip).toList();
            assertThat(lines.subList(0, 2)).containsExactly(pty.device(), "direct");
            assertThat(lines.get(2).split(" +")).containsOnly(String.valueOf(pty.pid()));

            Recorder bash = new Recorder();
            Pty interactive = harness.follow(bash, "bash", "--norc", "-i");
            interactive.write(utf8("jobs; echo o''k; exit\r"));
            ExitStatus status = bash.awaitExit();
            assertThat(bash.text()).as("%s", status).contains("ok\r\n").doesNotContain("no job control");
        }
    }

    @ParameterizedTest
    @EnumSource
    void whatCannotBeStartedIsNamed(Kind kind, @TempDir Path directory) throws Exception {
        Path plain = Files.writeString(directory.resolve("plain"), "#!/bin/sh\n");
        try (PtyHarness harness = new PtyHarness(kind)) {
            assertFails(harness, PtyHarness.spec("no-such-program"), "program not found in PATH: no-such-program");
            assertFails(harness, PtyHarness.spec("/no/such"), "program does not exist: /no/such");
            assertFails(harness, PtyHarness.spec(plain.toString()), "program is not executable: " + plain);
            assertFails(harness, PtyHarness.spec("/tmp"), "program is not executable: /tmp");
            PtySpec lost = new PtySpec(List.of("true"), PtyHarness.ENVIRONMENT, directory.resolve("gone"), 80, 24);
            assertFails(harness, lost, "working directory does not exist: " + directory.resolve("gone"));
            PtySpec file = new PtySpec(List.of("true"), PtyHarness.ENVIRONMENT, plain, 80, 24);
            assertFails(harness, file, "working directory is not a directory: " + plain);
        }
    }

    @ParameterizedTest
    @EnumSource
    void aProgramWithoutAFirstLineForTheKernelIsRunByTheShell(Kind kind, @TempDir Path directory) throws Exception {
        Path script = Files.writeString(directory.resolve("job"), "echo \"script $1\"\n");
        assertThat(script.toFile().setExecutable(true)).isTrue();
        try (PtyHarness harness = new PtyHarness(kind)) {
            Recorder recorder = new Recorder();
            harness.follow(recorder, script.toString(), "a b");
            assertThat(recorder.awaitExit().code()).isZero();
            assertThat(recorder.text()).isEqualTo("script a b\r\n");
        }
    }

    @ParameterizedTest
    @EnumSource
    void theLimitOfOpenFilesIsTheOneThatWasAskedFor(Kind kind) throws Exception {
        PtySettings settings = new PtySettings(
                1000, Duration.ofSeconds(1), Duration.ofSeconds(1), kind == Kind.PORTABLE, OptionalLong.of(777), 0);
        try (PtyBackend backend = kind.open(settings)) {
            Recorder recorder = new Recorder();
            recorder.follow(backend.start(PtyHarness.spec("sh", "-c", "ulimit -Sn"), recorder, Runnable::run));
            recorder.awaitExit();
            assertThat(recorder.text()).isEqualTo("777\r\n");
        }
    }

    private static void assertFails(PtyHarness harness, PtySpec spec, String message) {
        assertThatThrownBy(() -> harness.backend.start(spec, new Recorder(), Runnable::run))
                .isInstanceOf(IOException.class)
                .hasMessage(message);
    }

    @ParameterizedTest
    @EnumSource
    void theEnvironmentAndTheDirectoryAreTheGivenOnes(Kind kind, @TempDir Path directory) throws Exception {
        try (PtyHarness harness = new PtyHarness(kind)) {
            Recorder recorder = new Recorder();
            PtySpec spec = new PtySpec(
                    List.of("/bin/sh", "-c", "pwd; env; echo \"$0\" \"$1\"", "a b", "ü"),
                    Map.of("ONLY", "thïs"),
                    directory.toRealPath(),
                    80,
                    24);
            recorder.follow(harness.backend.start(spec, recorder, Runnable::run));
            recorder.awaitExit();
            assertThat(recorder.text().lines())
                    .startsWith(directory.toRealPath().toString())
                    .contains("ONLY=thïs", "a b ü")
                    .noneMatch(line -> line.startsWith("HOME=") || line.startsWith("JAVA"));
        }
    }

    @ParameterizedTest
    @EnumSource
    void rawOutputPassesAsItIsWrittenFromTheFirstByteOn(Kind kind) throws Exception {
        try (PtyHarness harness = new PtyHarness(kind)) {
            Recorder recorder = new Recorder();
            PtySpec spec = in(new PtyModes(true, true), "sh", "-c", "printf 'a\\nb\\r\\nc\\t'; exit 7");
            recorder.follow(harness.backend.start(spec, recorder, Runnable::run));
            assertThat(recorder.awaitExit().code()).isEqualTo(7);
            assertThat(recorder.text()).isEqualTo("a\nb\r\nc\t");
        }
    }

    @ParameterizedTest
    @EnumSource
    void withoutEchoInputIsNotPartOfTheOutput(Kind kind) throws Exception {
        try (PtyHarness harness = new PtyHarness(kind)) {
            Recorder recorder = new Recorder();
            PtySpec spec = in(new PtyModes(false, false), "sh", "-c", "echo ready; read line; echo \"got $line\"");
            Pty pty = harness.backend.start(spec, recorder, Runnable::run);
            recorder.follow(pty);
            if (kind == Kind.PORTABLE) {
                recorder.awaitText("ready");
            }
            assertThat(pty.write(utf8("secret\n"))).isTrue();
            recorder.awaitExit();
            assertThat(recorder.text()).isEqualTo("ready\r\ngot secret\r\n");
        }
    }

    private static PtySpec in(PtyModes modes, String... command) {
        return new PtySpec(List.of(command), PtyHarness.ENVIRONMENT, Path.of("/"), 80, 24, modes);
    }
}
