package io.termbus.pty;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.termbus.pty.PtyHarness.Kind;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What the portable backend does less than the Linux one, as protocol.md has it. */
@Timeout(60)
class PortableBackendTest {
    private PtyHarness harness;

    @BeforeEach
    void open() throws Exception {
        harness = new PtyHarness(Kind.PORTABLE);
        assertThat(harness.backend).isInstanceOf(PortableBackend.class);
    }

    @AfterEach
    void close() {
        harness.close();
    }

    @Test
    void aPipedInputIsRefusedByName() {
        PtySpec spec = new PtySpec(List.of("cat"), PtyHarness.ENVIRONMENT, Path.of("/"), 80, 24, PtyModes.USUAL, true);

        assertThatThrownBy(() -> harness.backend.start(spec, new Recorder(), Runnable::run))
                .isInstanceOf(CommandException.class)
                .hasMessage("the standard input is always the terminal on this platform");
    }

    @Test
    void theSignalThatEndedTheChildHasNoName() throws Exception {
        Recorder recorder = new Recorder();
        harness.shell(recorder, "echo last; kill -9 $$");

        ExitStatus status = recorder.awaitExit();

        assertThat(status.code()).isNotZero();
        assertThat(status.signal()).isEmpty();
        assertThat(recorder.text()).isEqualTo("last\r\n");
    }

    @Test
    void whatIsTypedWhenReadIsTypedAtOnce() throws Exception {
        Recorder recorder = new Recorder();
        Pty pty = harness.shell(recorder, "echo ready; exec sleep 1000");
        recorder.awaitText("ready");

        assertThat(pty.writeWhenRead(PtyHarness.utf8("typed"))).isTrue();

        recorder.awaitText("ready\r\ntyped");
        assertThat(recorder.untimely()).isEmpty();
    }
}
