package io.termbus.pty;

import static io.termbus.pty.PtyHarness.utf8;
import static org.assertj.core.api.Assertions.assertThat;

import io.termbus.pty.PtyHarness.Kind;
import java.util.Optional;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Interrupts that are typed while input waits for a program that does not read. */
@Timeout(60)
class InterruptTest {
    private static final ExitStatus INTERRUPTED = new ExitStatus(130, Optional.of("SIGINT"));
    private static final byte[] CTRL_C = {3};
    private static final byte[] CTRL_BACKSLASH = {0x1C};
    private static final byte[] CTRL_Z = {0x1A};

    /** More than the kernel takes. */
    private static final String LINES = ("x".repeat(60) + "\r").repeat(1000);

    private final Recorder recorder = new Recorder();
    private PtyHarness harness;

    @BeforeEach
    void open() throws Exception {
        harness = new PtyHarness(Kind.LINUX);
    }

    @AfterEach
    void close() {
        harness.close();
    }

    private Pty ready(String script) throws Exception {
        Pty pty = harness.shell(recorder, script);
        recorder.awaitText("ready\r\n");
        return pty;
    }

    @ParameterizedTest
    @ValueSource(ints = {4095, 6000, 20_000, 300_000})
    void aLongLineIsNotInTheWay(int size) throws Exception {
        Pty pty = ready("echo ready; exec sleep 1000");

        pty.write(utf8("x".repeat(size)));
        pty.write(CTRL_C);

        assertThat(recorder.awaitExit()).isEqualTo(INTERRUPTED);
    }

    @Test
    void aLongLineOfWhichAPieceWasPassedOnIsNotInTheWay() throws Exception {
        Pty pty = ready("echo ready; exec sleep 1000");
        pty.write(utf8("x".repeat(20_000)));
        Awaitility.await().until(() -> recorder.untimely().contains(Untimely.LINE));

        pty.write(CTRL_C);

        assertThat(recorder.awaitExit()).isEqualTo(INTERRUPTED);
    }

    @ParameterizedTest
    @ValueSource(ints = {61, 5000, 8000, 13_000, 61_000})
    void linesThatNobodyReadsAreNotInTheWay(int size) throws Exception {
        Pty pty = ready("echo ready; exec sleep 1000");

        pty.write(utf8(LINES.substring(0, size)));
        pty.write(CTRL_C);

        assertThat(recorder.awaitExit()).isEqualTo(INTERRUPTED);
    }

    @Test
    void aPasteEndsWithAnInterrupt() throws Exception {
        Pty pty = ready("echo ready; exec sleep 1000");

        pty.write(utf8(LINES + "\3"));

        assertThat(recorder.awaitExit()).isEqualTo(INTERRUPTED);
    }

    @Test
    void everyKindArrives() throws Exception {
        Pty pty = ready(
                "trap 'echo stopped' TSTP; trap 'echo interrupted' INT; echo ready; while :; do sleep 0.05; done");

        pty.write(utf8(LINES));
        pty.write(CTRL_Z);
        recorder.awaitText("stopped\r\n");
        pty.write(utf8(LINES));
        pty.write(CTRL_C);
        recorder.awaitText("interrupted\r\n");
        pty.write(utf8(LINES));
        pty.write(CTRL_BACKSLASH);

        assertThat(recorder.awaitExit()).isEqualTo(new ExitStatus(131, Optional.of("SIGQUIT")));
    }

    @Test
    void severalKindsInOnePasteArriveInTheirOrder() throws Exception {
        Pty pty = ready("trap 'echo one' INT; trap 'echo two; exit 0' QUIT; echo ready; while :; do sleep 0.05; done");

        pty.write(utf8(LINES + "\3" + LINES + "\3" + LINES));
        recorder.awaitText("one\r\n");
        pty.write(utf8(LINES + "\3" + LINES + "\34" + LINES));

        assertThat(recorder.awaitExit().code()).isZero();
        assertThat(recorder.text()).contains("two\r\n"); // the echo of what follows may come behind it
    }

    @Test
    void whatFollowsTheInterruptIsTypedAfterIt() throws Exception {
        Pty pty = ready("trap 'echo caught; read line; echo \"got $line\"; exit 0' INT\n"
                + "echo ready; while :; do sleep 0.05; done");
        pty.write(utf8(LINES));

        pty.write(utf8("dropped\3kept\r"));

        assertThat(recorder.awaitExit().code()).isZero();
        assertThat(recorder.text()).endsWith("got kept\r\n");
    }

    @Test
    void aFullQueueTakesAnInterrupt() throws Exception {
        Pty pty = ready("echo ready; exec sleep 1000");
        assertThat(pty.write(new byte[PtyHarness.INPUT_QUEUE_BYTES])).isTrue();
        assertThat(pty.write(new byte[PtyHarness.INPUT_QUEUE_BYTES])).isFalse();

        assertThat(pty.write(CTRL_C)).isTrue();

        assertThat(recorder.awaitExit()).isEqualTo(INTERRUPTED);
    }

    @Test
    void whatIsTooLongToFollowAnInterruptIsRefusedWithIt() throws Exception {
        Pty pty = ready("trap 'echo interrupted' INT; echo ready; read line; echo \"got $line\"");

        assertThat(pty.write(utf8("\3" + "x".repeat(PtyHarness.INPUT_QUEUE_BYTES + 1))))
                .isFalse();
        assertThat(pty.write(utf8("all\r"))).isTrue();

        assertThat(recorder.awaitExit().code()).isZero();
        assertThat(recorder.text()).isEqualTo("ready\r\nall\r\ngot all\r\n");
    }

    @Test
    void whereTheProgramReadsKeysAndLeavesInterruptsToTheTerminalTheyArrive() throws Exception {
        Pty pty = ready("stty -icanon; echo ready; exec sleep 1000");

        pty.write(utf8(LINES));
        pty.write(CTRL_C);

        assertThat(recorder.awaitExit()).isEqualTo(INTERRUPTED);
    }

    @Test
    void whereTheTerminalKeepsItsInputTheSignalArrives() throws Exception {
        Pty pty = ready("stty noflsh; echo ready; exec sleep 1000");

        pty.write(utf8(LINES));
        pty.write(CTRL_C);

        assertThat(recorder.awaitExit()).isEqualTo(INTERRUPTED);
    }

    @Test
    void theKeysAreTheTerminalsOwn() throws Exception {
        Pty pty = ready("stty intr ^X quit undef; trap 'echo quit' QUIT; echo ready; exec sleep 1000");

        pty.write(utf8(LINES));
        pty.write(CTRL_C);
        pty.write(CTRL_BACKSLASH);
        pty.write(new byte[] {0});
        pty.write(new byte[] {'X' - '@'});

        assertThat(recorder.awaitExit()).isEqualTo(INTERRUPTED);
    }

    @Test
    void aProgramThatReadsInterruptsItselfGetsThemInOrder() throws Exception {
        Pty pty = ready("stty raw -echo; printf 'ready\\r\\n'; sleep 0.5; head -c 20002 | tail -c 2 | od -An -tx1");

        pty.write(utf8("x".repeat(20_000)));
        pty.write(utf8("\3y"));

        assertThat(recorder.awaitExit().code()).isZero();
        assertThat(recorder.text()).endsWith(" 03 79\n");
    }

    @Test
    void theLastOfEachKindCounts() {
        TerminalInput terminal = new TerminalInput(true, false, true, true, (byte) 4, (byte) 3, (byte) 0x1C, (byte) 0);

        assertThat(terminal.interrupts(utf8("a\3b\34c\3d\0e"))).containsExactly(3, 5);
        assertThat(terminal.interrupts(utf8("abc\0"))).isEmpty();
        assertThat(terminal.interrupts(new byte[0])).isEmpty();
        assertThat(TerminalInput.READ_BY_THE_PROGRAM.interrupts(utf8("\3\34\0")))
                .isEmpty();
    }
}
