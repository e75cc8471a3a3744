package io.termbus.pty;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class FloodTest {
    private final Flood flood = new Flood();

    @Test
    void muchWithoutAPauseIsOne() {
        for (int i = 1; i < Flood.BYTES / 8192; i++) {
            assertThat(flood.read(8192, true, i)).isFalse();
        }
        assertThat(flood.read(8192, true, 9)).isTrue();
        assertThat(flood.read(4096, false, 10)).isTrue();
        assertThat(flood.lasts(10 + Flood.LASTS_NANOS - 1)).isTrue();
        assertThat(flood.lasts(10 + Flood.LASTS_NANOS)).isFalse();
    }

    @Test
    void screensWithPausesAreNone() {
        for (int i = 0; i < 100; i++) {
            assertThat(flood.read(8192, true, i)).isFalse();
            assertThat(flood.read(8192, true, i)).isFalse();
            assertThat(flood.read(1, false, i)).isFalse();
        }
    }

    @Test
    void oneEndsWhenTheProgramIsWaitedFor() {
        assertThat(flood.read(Flood.BYTES, true, 0)).isTrue();
        assertThat(flood.read(3, false, 1)).isFalse();
        assertThat(flood.read(8192, true, 2)).isFalse();
    }
}
