package io.termbus.pty;

import static io.termbus.pty.PtyHarness.utf8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.termbus.pty.PtyHarness.Kind;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Scanner;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What only the Linux backend promises. */
@Timeout(60)
class LoopBackendTest {
    private PtyHarness harness;

    Kind kind() {
        return Kind.LINUX;
    }

    @BeforeEach
    void open() throws Exception {
        harness = new PtyHarness(kind());
        assertThat(harness.backend).isInstanceOf(LoopBackend.class);
    }

    @AfterEach
    void close() {
        harness.close();
    }

    @Test
    void theSignalThatEndedTheChildIsNamed() throws Exception {
        Recorder recorder = new Recorder();
        harness.shell(recorder, "echo last; kill -9 $$");
        assertThat(recorder.awaitExit()).isEqualTo(new ExitStatus(137, Optional.of("SIGKILL")));
        assertThat(recorder.text()).isEqualTo("last\r\n");
    }

    @Test
    void anInterruptEndsTheForegroundChild() throws Exception {
        Recorder recorder = new Recorder();
        Pty pty = harness.shell(recorder, "echo ready; exec sleep 1000");
        recorder.awaitText("ready");
        pty.signal("SIGINT");
        assertThat(recorder.awaitExit()).isEqualTo(new ExitStatus(130, Optional.of("SIGINT")));
    }

    @Test
    void lateOutputOfAGrandchildIsKept() throws Exception {
        Recorder recorder = new Recorder();
        harness.shell(recorder, "trap '' HUP; (sleep 0.3; echo late) & exit 5");
        assertThat(recorder.awaitExit().code()).isEqualTo(5);
        assertThat(recorder.text()).isEqualTo("late\r\n");
    }

    @Test
    void aSilentGrandchildHoldsThePtyForTheGracePeriodOnly() throws Exception {
        Recorder recorder = new Recorder();
        Pty pty = harness.shell(recorder, "trap '' HUP; (echo here; sleep 7.31) & exit 0");
        assertThat(recorder.awaitExit().code()).isZero();
        assertThat(recorder.text()).isEqualTo("here\r\n");
        assertThat(pty.write(utf8("x"))).isFalse();
    }

    @Test
    void aNoisyGrandchildIsCutOff() throws Exception {
        try (PtyHarness quick = new PtyHarness(kind(), Duration.ofMillis(500), Duration.ofMillis(100))) {
            Recorder recorder = new Recorder();
            quick.shell(recorder, "trap '' HUP; yes & exit 0");
            assertThat(recorder.awaitExit().code()).isZero();
            assertThat(recorder.outputsAfterExit()).isZero();
        }
    }

    @Test
    void theGracePeriodWaitsForCredit() throws Exception {
        try (PtyHarness quick = new PtyHarness(kind(), Duration.ofMillis(500), Duration.ofMillis(20))) {
            Recorder recorder = new Recorder();
            Pty pty = quick.start(recorder, "sh", "-c", "trap '' HUP; seq 1 500; sleep 7.32 & exit 0");
            Awaitility.await().until(() -> !Files.exists(Path.of("/proc/" + pty.pid())));
            assertThat(quick.outputOf("sleep 0.5; echo other")).isEqualTo("other\n");
            assertThat(recorder.exits()).isZero();
            recorder.follow(pty);
            recorder.awaitExit();
            assertThat(recorder.text()).endsWith("500\r\n");
        }
    }

    @Test
    void aChildThatClosedItsTerminalMayOpenItAgain() throws Exception {
        assertThat(harness.outputOf("echo one; exec <&- >&- 2>&-; sleep 0.2; seq 1 20000 > /dev/tty; exit 0"))
                .startsWith("one\n1\n2\n")
                .endsWith("\n20000\n");
    }

    @Test
    void aHungUpPtyWithoutCreditCostsNoProcessorTime() throws Exception {
        Recorder recorder = new Recorder();
        Pty pty = harness.start(recorder, "true");
        Awaitility.await().until(() -> !Files.exists(Path.of("/proc/" + pty.pid())));
        long before = reactorCpuNanos();
        harness.outputOf("sleep 0.5");
        assertThat(Duration.ofNanos(reactorCpuNanos() - before)).isLessThan(Duration.ofMillis(100));
        recorder.follow(pty);
        assertThat(recorder.awaitExit().code()).isZero();
    }

    private static long reactorCpuNanos() {
        ThreadMXBean threads = ManagementFactory.getThreadMXBean();
        return Stream.of(threads.dumpAllThreads(false, false))
                .filter(thread -> thread.getThreadName().equals("termbus-pty"))
                .mapToLong(thread -> threads.getThreadCpuTime(thread.getThreadId()))
                .sum();
    }

    @Test
    void aFloodDoesNotStarveAnEcho() throws Exception {
        Recorder flood = new Recorder();
        PtyListener counting = new PtyListener() {
            @Override
            public void output(byte[] bytes) {}

            @Override
            public void exited(ExitStatus status) {
                flood.exited(status);
            }
        };
        harness.backend.start(PtyHarness.spec("yes"), counting, Runnable::run).request(Integer.MAX_VALUE);
        Recorder recorder = new Recorder();
        Pty pty = harness.follow(recorder, "cat");
        for (int i = 0; i < 50; i++) {
            String key = "key" + i + "\r";
            assertThat(pty.write(utf8(key))).isTrue();
            recorder.awaitText(key + "\n" + key + "\n");
        }
        assertThat(flood.exits()).isZero();
    }

    @Test
    void signalsOfTheChildHaveTheirDefaults() throws Exception {
        assertThat(harness.outputOf("grep -E 'Sig(Ign|Blk)' /proc/self/status").lines())
                .allMatch(line -> line.matches("Sig...:\\s0000000000000000"))
                .hasSize(2);
    }

    @Test
    void theChildHasThreeDescriptors() throws Exception {
        Pty[] others = {harness.follow(new Recorder(), "cat"), harness.follow(new Recorder(), "cat")};
        assertThat(others).hasSize(2);
        // the last one is the folder that the shell itself reads
        assertThat(harness.outputOf("cd /proc/$$/fd; echo *").strip()).isEqualTo("0 1 2 3");
    }

    private Pty piped(Recorder recorder, String script) throws Exception {
        PtySpec spec = new PtySpec(
                List.of("sh", "-c", script), PtyHarness.ENVIRONMENT, Path.of("/"), 80, 24, PtyModes.USUAL, true);
        Pty pty = harness.backend.start(spec, recorder, Runnable::run);
        recorder.follow(pty);
        return pty;
    }

    @Test
    void aPipedInputPassesEveryByteAndEnds() throws Exception {
        byte[] all = new byte[300_000];
        for (int i = 0; i < all.length; i++) {
            all[i] = (byte) i;
        }
        Recorder recorder = new Recorder();
        Pty pty = piped(recorder, "od -An -v -tu1 | tr -s ' \\n' '\\n' | awk '/./ {n++; s += $1} END {print n, s}'");

        assertThat(pty.writeInput(all)).isEqualTo(InputOutcome.TAKEN);
        pty.endInput();

        assertThat(recorder.awaitExit().code()).isZero();
        int sum = 0;
        for (byte each : all) {
            sum += each & 0xFF;
        }
        assertThat(recorder.text()).isEqualTo("300000 " + sum + "\r\n");
        assertThat(pty.writeInput(all)).isEqualTo(InputOutcome.CLOSED);
    }

    @Test
    void aPipedInputThatIsNotReadFillsUpAndOneThatIsClosedSaysSo() throws Exception {
        Recorder recorder = new Recorder();
        Pty pty = piped(recorder, "echo ready; read line < /dev/tty; exec <&-; echo closed; read line < /dev/tty");
        recorder.awaitText("ready");

        assertThat(pty.writeInput(new byte[PtyHarness.INPUT_QUEUE_BYTES])).isEqualTo(InputOutcome.TAKEN);
        assertThat(pty.writeInput(new byte[PtyHarness.INPUT_QUEUE_BYTES])).isEqualTo(InputOutcome.FULL);
        pty.write(utf8("\r"));
        recorder.awaitText("closed");
        Awaitility.await().until(() -> pty.writeInput(new byte[1]) == InputOutcome.CLOSED);
        pty.write(utf8("\r"));

        recorder.awaitExit();
    }

    @Test
    void aLineThatIsTooLongForLineEditingArrivesWhole() throws Exception {
        Recorder recorder = new Recorder();
        Pty pty = harness.shell(recorder, "stty -echo; echo ready; exec wc -c");
        recorder.awaitText("ready");

        pty.write(utf8("x".repeat(10_000) + "\r"));
        pty.write(new byte[] {4});

        recorder.awaitExit();
        assertThat(recorder.text()).endsWith("10001\r\n");
    }

    @Test
    void whatIsTypedWhenReadWaitsForASlowShell() throws Exception {
        Recorder recorder = new Recorder();
        Pty pty = harness.follow(
                recorder, "bash", "-c", "stty -echo; sleep 0.5; stty -icanon; echo ready; head -c 10000 | wc -c");

        pty.writeWhenRead(utf8("x".repeat(10_000)));

        recorder.awaitExit();
        assertThat(recorder.text()).isEqualTo("ready\r\n10000\r\n");
        assertThat(recorder.untimely()).isEmpty();
    }

    /** A shell that waits for another program is not seen to read. */
    @Test
    void whatIsTypedAfterTheTimeIsOverIsTold() throws Exception {
        Recorder recorder = new Recorder();
        Pty pty = harness.shell(recorder, "stty -echo; echo ready; head -1 | wc -c; read x; echo $x");
        recorder.awaitText("ready");

        pty.writeWhenRead(utf8("x".repeat(10_000) + "\rend\r"));

        recorder.awaitExit();
        assertThat(recorder.text()).endsWith("10001\r\nend\r\n");
        assertThat(recorder.untimely()).containsExactly(Untimely.COMMANDS, Untimely.LINE);
    }

    @Test
    void anInterruptDropsWhatWaitsForAProgramThatReadsNothing() throws Exception {
        Recorder recorder = new Recorder();
        Pty pty = harness.shell(recorder, "echo ready; exec sleep 1000");
        recorder.awaitText("ready");
        pty.writeWhenRead(utf8("x".repeat(9000)));

        pty.write(new byte[] {3});

        assertThat(recorder.awaitExit()).isEqualTo(new ExitStatus(130, Optional.of("SIGINT")));
    }

    @Test
    void aProgramOfAnotherMachineIsNoScript(@TempDir Path directory) throws Exception {
        Path other = Files.write(directory.resolve("other"), new byte[] {0x7F, 'E', 'L', 'F', 1, 1, 1, 0, 0, 0});
        assertThat(other.toFile().setExecutable(true)).isTrue();

        assertThatThrownBy(
                        () -> harness.backend.start(PtyHarness.spec(other.toString()), new Recorder(), Runnable::run))
                .isInstanceOf(CommandException.class)
                .hasMessageContaining("Exec format error");
    }

    @Test
    void tooManyArgumentsAreNamed() {
        String[] command = new String[40];
        Arrays.fill(command, "x".repeat(131_000));
        command[0] = "true";

        assertThatThrownBy(() -> harness.backend.start(PtyHarness.spec(command), new Recorder(), Runnable::run))
                .isInstanceOf(CommandException.class)
                .hasMessageContaining("arguments and environment are too long together: 51");
    }

    @Test
    void killReachesEveryGroupOfTheSession() throws Exception {
        Recorder recorder = new Recorder();
        Pty pty = harness.follow(
                recorder, "bash", "-c", "set -m; trap '' HUP; sleep 1000 & sh -c 'sleep 1001' & echo ready; wait");
        recorder.awaitText("ready");
        pty.kill();
        recorder.awaitExit();
        Awaitility.await().until(() -> sessionIsEmpty(pty.pid()));
    }

    @Test
    void childrenOfAKilledHubAreHungUp() throws Exception {
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        String classPath = System.getProperty("java.class.path");
        Process hub = new ProcessBuilder(java, "-cp", classPath, OrphanMain.class.getName(), kind().name())
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        try (Scanner output = new Scanner(hub.getInputStream(), StandardCharsets.US_ASCII)) {
            output.findWithinHorizon("children ", 0);
            Path first = Path.of("/proc", output.next());
            Path second = Path.of("/proc", output.next());
            assertThat(first).exists();
            assertThat(second).exists();
            hub.destroyForcibly();
            Awaitility.await().until(() -> !Files.exists(first) && !Files.exists(second));
        } finally {
            hub.destroyForcibly();
        }
    }

    private static boolean sessionIsEmpty(long session) throws Exception {
        Process ps = new ProcessBuilder("ps", "-o", "pid=", "--sid", String.valueOf(session)).start();
        return new String(ps.getInputStream().readAllBytes(), StandardCharsets.US_ASCII).isBlank();
    }

    @Test
    void manyPtysLeaveNeitherDescriptorsNorThreads() throws Exception {
        cycle(10);
        long descriptors = descriptors();
        int threads = Thread.activeCount();
        cycle(200);
        Awaitility.await().until(() -> descriptors() <= descriptors + 2);
        Awaitility.await().until(() -> Thread.activeCount() <= threads + 1);
    }

    private void cycle(int count) throws Exception {
        for (int i = 0; i < count; i++) {
            Recorder recorder = new Recorder();
            Pty pty = harness.shell(recorder, "echo ready; exec sleep 1000");
            recorder.awaitText("ready");
            if (i % 2 == 0) {
                pty.kill();
            } else {
                pty.close();
            }
            recorder.awaitExit();
        }
    }

    private static long descriptors() throws Exception {
        try (Stream<Path> open = Files.list(Path.of("/proc/self/fd"))) {
            return open.count();
        }
    }
}
