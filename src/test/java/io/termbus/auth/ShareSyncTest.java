package io.termbus.auth;

import static org.assertj.core.api.Assertions.assertThat;

import io.termbus.protocol.Addresses;
import io.termbus.protocol.Role;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What a node tells others of its shares. The others are faked. */
@Timeout(30)
class ShareSyncTest {
    private static final Duration SOON = Duration.ofMillis(20);
    private static final Duration NEVER = Duration.ofHours(1);
    private static final String TOPIC = Addresses.betweenNodes("termbus.shares");

    private final Vertx vertx = Vertx.vertx();
    private final BlockingQueue<JsonArray> states = new LinkedBlockingQueue<>();
    private final BlockingQueue<Shares> changed = new LinkedBlockingQueue<>();
    private final BlockingQueue<Integer> prints = new LinkedBlockingQueue<>();

    @TempDir
    Path home;

    @AfterEach
    void stop() throws Exception {
        await(vertx.close());
    }

    private static <T> T await(Future<T> future) throws Exception {
        return future.toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS);
    }

    private Shares shares(String node) throws Exception {
        Path its = Files.createDirectory(home.resolve(node));
        return Shares.of(vertx, its, Optional.of("a key of at least thirty-two bytes, or so"));
    }

    private static String issue(Shares shares) {
        return shares.issue(Optional.of("session"), Role.VIEWER, Duration.ofHours(1), "somebody")
                .share()
                .id();
    }

    private void sync(Shares shares, Duration printEvery) throws Exception {
        await(new ShareSync(vertx, shares, printEvery, () -> changed.add(shares)).start());
    }

    /** Hears what nodes tell each other. */
    private void listen() throws Exception {
        await(vertx.eventBus()
                .<JsonObject>consumer(TOPIC, message -> {
                    if (message.body().containsKey("state")) {
                        states.add(message.body().getJsonArray("state"));
                    } else {
                        prints.add(message.body().getInteger("print"));
                    }
                })
                .completion());
    }

    private static <T> T next(BlockingQueue<T> queue) throws InterruptedException {
        @Nullable T next = queue.poll(10, TimeUnit.SECONDS);
        assertThat(next).isNotNull();
        return next;
    }

    @Test
    void whoKnowsSomethingElseIsToldAll() throws Exception {
        Shares shares = shares("node");
        String id = issue(shares);
        listen();
        sync(shares, NEVER);
        assertThat(next(states)).hasSize(1);
        // its own wish to know what the others know, which it answers
        assertThat(next(states)).hasSize(1);

        shares.revoke(id);
        vertx.eventBus().publish(TOPIC, new JsonObject().put("print", 0));

        assertThat(next(states)).singleElement().matches(it -> Revocation.isOne((JsonObject) it));
    }

    @Test
    void aRevocationThatGotLostOnTheWayIsMadeGoodByTheNextPrint() throws Exception {
        Shares one = shares("one");
        Shares other = shares("other");
        String id = issue(one);
        other.merge(one.state());
        sync(one, SOON);
        sync(other, NEVER);
        BlockingQueue<String> ended = new LinkedBlockingQueue<>();
        await(vertx.eventBus()
                .<String>localConsumer(Addresses.SHARE_ENDED, message -> ended.add(message.body()))
                .completion());
        assertThat(other.holds(id)).isTrue();

        // and nothing is told of it
        one.revoke(id);

        assertThat(next(ended)).isEqualTo(id);
        assertThat(other.holds(id)).isFalse();
        assertThat(other.state()).isEqualTo(one.state());
    }

    @Test
    void aShareThatGotLostOnTheWayIsMadeGoodByThePrintOfWhoLacksIt() throws Exception {
        Shares one = shares("one");
        Shares other = shares("other");
        sync(one, NEVER);
        sync(other, SOON);

        String id = issue(one);

        assertThat(next(changed)).isSameAs(other);
        assertThat(other.holds(id)).isTrue();
    }

    @Test
    void whoKnowTheSameTellNothingButPrints() throws Exception {
        Shares one = shares("one");
        Shares other = shares("other");
        issue(one);
        issue(one);
        one.merge(new JsonArray().add(one.state().getJsonObject(0)));
        other.merge(new JsonArray()
                .add(one.state().getJsonObject(1))
                .add(one.state().getJsonObject(0)));
        listen();
        sync(one, NEVER);
        sync(other, SOON);
        // each says so at its start, and each that hears it answers, itself too
        for (int i = 0; i < 5; i++) {
            next(states);
        }
        int print = next(prints);

        for (int i = 0; i < 5; i++) {
            assertThat(next(prints)).isEqualTo(print);
        }

        assertThat(states).isEmpty();
    }
}
