package io.termbus.bridge;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.termbus.config.ConnectionConfig;
import io.termbus.protocol.HubException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class InputRateTest {
    private static final int REQUESTS = 10;
    private static final int BYTES = 1000;

    private long now;
    private final InputRate rate =
            new InputRate(new ConnectionConfig(1, 1, Duration.ZERO, 1, REQUESTS, BYTES, 1), () -> now);

    private void request(int bytes) {
        rate.received(bytes);
        rate.requested();
    }

    private static void refused(Runnable message, String limit) {
        assertThatThrownBy(message::run).isInstanceOf(HubException.class).hasMessageEndingWith("(" + limit + ")");
    }

    @Test
    void requestsBeyondTheBytesOfASecondAreRefusedUntilItIsOver() {
        request(BYTES);
        refused(() -> request(1), "connection.maxInputBytesPerSecond");

        now += TimeUnit.SECONDS.toNanos(1);

        request(BYTES);
    }

    @Test
    void acksAreTakenWhenRequestsAreRefused() {
        request(BYTES);
        refused(() -> request(1), "connection.maxInputBytesPerSecond");

        rate.received(1);
    }

    @Test
    void twiceTheBytesAreAFloodWhateverTheyAre() {
        rate.received(BYTES);
        rate.received(BYTES);

        refused(() -> rate.received(1), "connection.maxInputBytesPerSecond");
    }

    @Test
    void requestsBeyondTheNumberOfASecondAreRefusedAndFiveTimesAsManyMessagesAreAFlood() {
        for (int i = 0; i < REQUESTS; i++) {
            request(1);
        }
        refused(() -> request(1), "connection.maxRequestsPerSecond");
        for (int i = REQUESTS + 1; i < REQUESTS * InputRate.MESSAGES_PER_REQUEST; i++) {
            rate.received(1);
        }

        refused(() -> rate.received(1), "connection.maxRequestsPerSecond");
    }
}
