package io.termbus.app;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class MemoryNeedTest {
    private static final long MIB = 1 << 20;

    private final MemoryNeed need = new MemoryNeed(40 * MIB, 128, 20 * MIB, 100, 300 * MIB);

    @Test
    void theSumIsThatOfAllLimits() {
        assertThat(need.bytes()).isEqualTo((40 * 128 + 20 * 100 + 300) * MIB);
    }

    @Test
    void aHeapThatIsLargeEnoughNeedsNoWarning() {
        assertThat(need.warning(need.bytes())).isEmpty();
    }

    @Test
    void theWarningNamesTheHeapTheSumAndTheSettings() {
        assertThat(need.warning(512 * MIB))
                .hasValueSatisfying(text -> assertThat(text)
                        .contains("512 MiB (-Xmx)", "7420 MiB", "session.max", "session.stateBytes", "connection.max")
                        .contains("flow.backlogBytes", "session.inputQueueBytes", "connection.maxUnflushedBytes"));
    }
}
