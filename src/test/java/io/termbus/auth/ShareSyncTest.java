package io.termbus.auth;

import static org.assertj.core.api.Assertions.assertThat;

import io.termbus.protocol.Addresses;
import io.termbus.protocol.Role;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What a node tells others of its shares. The others are faked. */
@Timeout(30)
class ShareSyncTest {
    private static final String TOPIC = Addresses.betweenNodes("termbus.shares");

    private final Vertx vertx = Vertx.vertx();
    private final BlockingQueue<JsonArray> states = new LinkedBlockingQueue<>();

    @TempDir
    Path home;

    @AfterEach
    void stop() throws Exception {
        await(vertx.close());
    }

    private static <T> T await(Future<T> future) throws Exception {
        return future.toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS);
    }

    @Test
    void whoKnowsSomethingElseIsToldAll() throws Exception {
        Shares shares = Shares.of(vertx, home, Optional.of("a key of at least thirty-two bytes, or so"));
        String id = shares.issue(Optional.of("session"), Role.VIEWER, Duration.ofHours(1), "somebody")
                .share()
                .id();
        await(vertx.eventBus()
                .<JsonObject>consumer(TOPIC, message -> {
                    if (message.body().containsKey("state")) {
                        states.add(message.body().getJsonArray("state"));
                    }
                })
                .completion());
        ShareSync sync = new ShareSync(vertx, shares, () -> {});
        await(sync.start());
        assertThat(states.poll(10, TimeUnit.SECONDS)).hasSize(1);
        // its own wish to know what the others know, which it answers
        assertThat(states.poll(10, TimeUnit.SECONDS)).hasSize(1);

        shares.revoke(id);
        vertx.eventBus().publish(TOPIC, new JsonObject().put("print", 0));

        assertThat(states.poll(10, TimeUnit.SECONDS)).singleElement().matches(it -> Revocation.isOne((JsonObject) it));
    }
}
