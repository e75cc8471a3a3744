package io.termbus.pty;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(10)
class LineEditingTest {
    private static final TerminalInput LINES =
            new TerminalInput(true, false, true, true, (byte) 4, (byte) 3, (byte) 0x1C, (byte) 0x1A);
    private static final TerminalInput RAW = TerminalInput.READ_BY_THE_PROGRAM;

    private final LineEditing editing = new LineEditing();
    private final FakeProgram program = new FakeProgram();

    private static final class FakeProgram implements LineEditing.Program {
        private boolean awaits;
        private boolean hasReadAll;

        @Override
        public boolean awaitsLine() {
            return awaits;
        }

        @Override
        public boolean hasReadAll() {
            return hasReadAll;
        }
    }

    private static byte[] line(int length) {
        byte[] line = new byte[length + 1];
        Arrays.fill(line, (byte) 'x');
        line[length] = '\r';
        return line;
    }

    /** Writes what is allowed; returns how much. */
    private int write(byte[] bytes, TerminalInput terminal) {
        int allowed = editing.allowed(bytes, terminal);
        editing.written(bytes, allowed);
        return allowed;
    }

    @Test
    void linesThatTheTerminalHoldsAreNotHeldBack() {
        assertThat(write(line(4095), LINES)).isEqualTo(4096);
        assertThat(write(line(4095), LINES)).isEqualTo(4096);
    }

    @Test
    void aLongerLineWaitsForTheProgramToReadLinesAndGoesInPieces() {
        assertThat(write(line(9000), LINES)).isEqualTo(4095);
        assertThat(editing.step(program, 0)).isEqualTo(LineEditing.Step.WAIT);

        program.awaits = true;
        assertThat(editing.step(program, 5)).isEqualTo(LineEditing.Step.PASS_ON);
        assertThat(editing.wasUnread()).isFalse();
        editing.passedOn();
        assertThat(write(line(9000 - 4095), LINES)).isEqualTo(4095);

        program.awaits = false;
        assertThat(editing.step(program, 10)).isEqualTo(LineEditing.Step.PASS_ON);
        editing.passedOn();
        assertThat(write(line(9000 - 8190), LINES)).isEqualTo(811);
    }

    @Test
    void aLongerLineGoesInPiecesWhenItHasWaitedLongEnough() {
        write(line(9000), LINES);

        assertThat(editing.step(program, 100)).isEqualTo(LineEditing.Step.WAIT);
        assertThat(editing.step(program, 99 + LineEditing.LIMIT_NANOS)).isEqualTo(LineEditing.Step.WAIT);
        assertThat(editing.step(program, 100 + LineEditing.LIMIT_NANOS)).isEqualTo(LineEditing.Step.PASS_ON);
        assertThat(editing.wasUnread()).isTrue();
        editing.passedOn();

        write(line(9000 - 4095), LINES);
        assertThat(editing.step(program, 200 + LineEditing.LIMIT_NANOS)).isEqualTo(LineEditing.Step.PASS_ON);
        assertThat(editing.wasUnread()).as("told once for a line").isFalse();
    }

    @Test
    void aLineThatMayHaveBeenErasedIsNotEnded() {
        byte[] erased = new byte[5000];
        Arrays.fill(erased, (byte) 0x15);
        assertThat(write(erased, LINES)).isEqualTo(4095);
        program.awaits = true;

        assertThat(editing.step(program, 0)).isEqualTo(LineEditing.Step.GO_ON);
        assertThat(write(erased, LINES)).isEqualTo(4095);
    }

    @Test
    void aProgramThatReadsByItselfGetsTheFirstLineWhole() {
        assertThat(write(line(100_000), RAW)).isEqualTo(100_001);
    }

    @Test
    void anotherLongLineWaitsUntilItHasReadAllAndSaysSoTwice() {
        write(line(100_000), RAW);
        assertThat(write(line(50_000), RAW)).isEqualTo(4095);

        program.hasReadAll = true;
        assertThat(editing.step(program, 0)).isEqualTo(LineEditing.Step.WAIT);
        program.hasReadAll = false;
        assertThat(editing.step(program, 1)).isEqualTo(LineEditing.Step.WAIT);
        program.hasReadAll = true;
        assertThat(editing.step(program, 2)).isEqualTo(LineEditing.Step.WAIT);
        assertThat(editing.step(program, 3)).isEqualTo(LineEditing.Step.GO_ON);
        assertThat(write(line(50_000 - 4095), RAW)).isEqualTo(50_000 - 4095 + 1);
    }

    @Test
    void aLineThatWaitedForAShellWaitsWhileItsCommandRuns() {
        write(line(5000), RAW);
        assertThat(write(line(5000), RAW)).isEqualTo(4095);

        assertThat(editing.allowed(line(905), LINES)).isZero();
        assertThat(editing.step(program, 0)).isEqualTo(LineEditing.Step.WAIT);
        assertThat(editing.step(program, 10 * LineEditing.LIMIT_NANOS)).isEqualTo(LineEditing.Step.WAIT);

        program.hasReadAll = true;
        assertThat(editing.allowed(line(905), RAW)).isZero();
        editing.step(program, 1);
        assertThat(editing.step(program, 2)).isEqualTo(LineEditing.Step.GO_ON);
        assertThat(write(line(905), RAW)).isEqualTo(906);
    }

    @Test
    void keysForAnEditorAreNoLineOfTheShellAfterIt() {
        byte[] keys = new byte[4095];
        Arrays.fill(keys, (byte) 'j');
        write(keys, RAW);
        program.awaits = true;

        assertThat(write(line(4095), LINES)).isEqualTo(4096);
    }

    /** Whatever is written: what the terminal holds of a line, since it began or was passed on, is never too much. */
    @RepeatedTest(20)
    void theTerminalNeverHoldsTooMuch(RepetitionInfo repetition) {
        Random random = new Random(repetition.getCurrentRepetition());
        program.awaits = true;
        int held = 0;
        for (int i = 0; i < 200; i++) {
            byte[] bytes = new byte[random.nextInt(3000)];
            Arrays.fill(bytes, (byte) 'x');
            if (bytes.length > 0 && random.nextInt(4) == 0) {
                bytes[random.nextInt(bytes.length)] = '\n';
            }
            int from = 0;
            while (from < bytes.length) {
                byte[] rest = Arrays.copyOfRange(bytes, from, bytes.length);
                int written = write(rest, LINES);
                for (int at = 0; at < written; at++) {
                    held = rest[at] == '\n' ? 0 : held + 1;
                    assertThat(held).isLessThanOrEqualTo(4095);
                }
                from += written;
                if (written == 0) {
                    assertThat(editing.step(program, 0)).isEqualTo(LineEditing.Step.PASS_ON);
                    editing.passedOn();
                    held = 0;
                }
            }
        }
    }
}
