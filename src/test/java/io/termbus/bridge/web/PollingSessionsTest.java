package io.termbus.bridge.web;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(20)
class PollingSessionsTest {
    private final PollingSessions sessions = new PollingSessions();

    @Test
    void onlySoManyEndedOnesAreKept() {
        for (int i = 0; i < PollingSessions.MAX_ENDED; i++) {
            assertThat(sessions.mayKeepEnded()).isTrue();
        }
        assertThat(sessions.mayKeepEnded()).isFalse();
        assertThat(sessions.mayKeepEnded()).isFalse();
    }
}
