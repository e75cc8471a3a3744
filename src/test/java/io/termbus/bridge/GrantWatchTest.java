package io.termbus.bridge;

import static org.assertj.core.api.Assertions.assertThat;

import io.termbus.protocol.ErrorCode;
import io.termbus.protocol.Grant;
import io.termbus.protocol.HubException;
import io.termbus.protocol.Role;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class GrantWatchTest {
    private final Vertx vertx = Vertx.vertx();
    private final CompletableFuture<HubException> ended = new CompletableFuture<>();
    private final GrantWatch watch = new GrantWatch(
            vertx,
            vertx.eventBus(),
            Authenticator.ofTokens(token -> Optional.empty()),
            ended::complete,
            Duration.ofMillis(5));

    private static Grant until(Instant end) {
        return new Grant("anna", Role.VIEWER, Optional.empty(), Optional.empty(), Optional.of(end));
    }

    @AfterEach
    void stop() throws Exception {
        watch.close();
        vertx.close().toCompletionStage().toCompletableFuture().get(20, TimeUnit.SECONDS);
    }

    private void begin(Grant grant) throws Exception {
        CompletableFuture<Void> begun = new CompletableFuture<>();
        vertx.runOnContext(v -> {
            try {
                watch.begin(grant);
                begun.complete(null);
            } catch (RuntimeException e) {
                begun.completeExceptionally(e);
            }
        });
        begun.get(20, TimeUnit.SECONDS);
    }

    @Test
    void aGrantMayEndWhenNoTimerCanSay() throws Exception {
        begin(until(Instant.MAX));
        assertThat(ended).isNotDone();
    }

    @Test
    void anEndThatIsFartherThanATimerIsKept() throws Exception {
        Instant end = Instant.now().plusMillis(60);
        begin(until(end));
        assertThat(ended.get(20, TimeUnit.SECONDS).error()).isEqualTo(ErrorCode.NOT_LOGGED_IN);
        assertThat(Instant.now()).isAfterOrEqualTo(end.minusMillis(1));
    }

    @Test
    void whatHasEndedIsToldAtOnce() throws Exception {
        begin(until(Instant.MIN));
        assertThat(ended.get(20, TimeUnit.SECONDS)).hasMessageContaining("expired");
    }
}
