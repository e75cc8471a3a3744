package io.termbus.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.termbus.config.ConfigLoader;
import org.junit.jupiter.api.Test;

class MemoryNeedTest {
    private static final long MIB = 1 << 20;

    private static MemoryNeed need(long states, long unread, long rest) {
        return new MemoryNeed(states * MIB, unread * MIB, rest * MIB);
    }

    @Test
    void whatHasPoolsNeedsNoMoreThanThese() {
        assertThat(need(100_000, 100_000, 350).bytes()).isEqualTo(1000 * MIB);
    }

    @Test
    void whatIsLessThanItsPoolCountsAsItIs() {
        assertThat(need(10, 5, 350).bytes()).isEqualTo(365 * MIB);
        assertThat(need(100_000, 10, 350).bytes()).isEqualTo(600 * MIB);
        assertThat(need(25, 100_000, 350).bytes()).isEqualTo(500 * MIB);
    }

    @Test
    void aHeapIsLargeEnoughFromThereOn() {
        MemoryNeed need = need(100, 100, 200);

        assertThat(need.exceeds(need.bytes())).isFalse();
        assertThat(need.exceeds(need.bytes() - 1)).isTrue();
    }

    @Test
    void theDefaultsNeedNoMoreThanThemselves() {
        MemoryNeed byDefault = MemoryNeed.of(ConfigLoader.defaults(), false);

        assertThat(byDefault.isMoreThan(byDefault)).isFalse();
        assertThat(MemoryNeed.of(ConfigLoader.defaults(), true).isMoreThan(byDefault))
                .isTrue();
    }

    @Test
    void itsDescriptionNamesTheHeapTheSumAndTheSettings() {
        assertThat(need(100_000, 100_000, 350).describe(512 * MIB))
                .contains("512 MiB (-Xmx)", "1000 MiB", "session.max", "session.stateBytes", "connection.max")
                .contains("flow.backlogBytes", "session.inputQueueBytes", "connection.maxUnflushedBytes");
    }
}
