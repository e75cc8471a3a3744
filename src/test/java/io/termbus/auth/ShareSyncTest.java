package io.termbus.auth;

import static org.assertj.core.api.Assertions.assertThat;

import io.termbus.protocol.Addresses;
import io.termbus.protocol.FakeNodes;
import io.termbus.protocol.Role;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
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
    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");

    private final Vertx vertx = Vertx.vertx();
    private final BlockingQueue<JsonObject> told = new LinkedBlockingQueue<>();
    private final BlockingQueue<Shares> changed = new LinkedBlockingQueue<>();
    private final List<String> nodes = new CopyOnWriteArrayList<>();

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

    private ShareSync sync(String node, Shares shares, Duration compareEvery) throws Exception {
        nodes.add(node);
        ShareBus bus = new ShareBus(vertx, node);
        ShareSync sync = new ShareSync(
                bus,
                new FakeNodes(node, () -> nodes),
                shares,
                compareEvery,
                new Random(1),
                InstantSource.system(),
                () -> changed.add(shares));
        await(bus.start(sync));
        return sync;
    }

    /** A node that says nothing and hears what it is told. */
    private void listen(String node) throws Exception {
        nodes.add(node);
        await(vertx.eventBus()
                .<JsonObject>consumer(Addresses.nodeTopic(node, "shares"), message -> told.add(message.body()))
                .completion());
    }

    private static <T> T next(BlockingQueue<T> queue) throws InterruptedException {
        @Nullable T next = queue.poll(10, TimeUnit.SECONDS);
        assertThat(next).isNotNull();
        return next;
    }

    @Test
    void aChangeIsToldToEveryNodeAndNothingElseIs() throws Exception {
        Shares shares = shares("node");
        ShareSync sync = sync("node", shares, NEVER);
        issue(shares);
        listen("one");
        listen("two");
        String id = issue(shares);

        sync.tell(new JsonArray().add(new Revocation(id, NOW).toJson()));

        for (int i = 0; i < 2; i++) {
            assertThat(next(told).getJsonArray("state")).hasSize(1);
        }
    }

    @Test
    void whoKnowsSomethingElseIsToldAllAndAskedForIt() throws Exception {
        Shares shares = shares("node");
        issue(shares);
        sync("node", shares, NEVER);
        listen("other");
        JsonObject compared = new JsonObject().put("from", "other").put("print", 0);

        vertx.eventBus()
                .send(
                        Addresses.nodeTopic("node", "shares"),
                        compared.put("now", Instant.now().toString()));

        JsonObject answer = next(told);
        assertThat(answer.getJsonArray("state")).hasSize(1);
        assertThat(answer.getBoolean("want")).isTrue();
    }

    @Test
    void aRevocationThatGotLostOnTheWayIsMadeGoodByTheNextComparison() throws Exception {
        Shares one = shares("one");
        Shares other = shares("other");
        String id = issue(one);
        other.merge(one.state());
        BlockingQueue<String> ended = new LinkedBlockingQueue<>();
        await(vertx.eventBus()
                .<String>localConsumer(Addresses.SHARE_ENDED, message -> ended.add(message.body()))
                .completion());
        sync("other", other, NEVER);
        // and nothing is told of it
        one.revoke(id);
        sync("one", one, SOON);

        assertThat(next(ended)).isEqualTo(id);
        assertThat(other.holds(id)).isFalse();
        assertThat(other.state()).isEqualTo(one.state());
    }

    @Test
    void aShareThatGotLostOnTheWayIsMadeGoodByWhoLacksIt() throws Exception {
        Shares one = shares("one");
        Shares other = shares("other");
        sync("one", one, NEVER);
        sync("other", other, SOON);

        String id = issue(one);

        assertThat(next(changed)).isSameAs(other);
        assertThat(other.holds(id)).isTrue();
    }

    @Test
    void whoComesIsComparedWith() throws Exception {
        Shares one = shares("one");
        issue(one);
        sync("one", one, NEVER);
        Shares other = shares("other");
        sync("other", other, NEVER);

        vertx.eventBus().publish(Addresses.NODE_JOINED, "other");

        assertThat(next(changed)).isSameAs(other);
        assertThat(other.state()).isEqualTo(one.state());
    }

    @Test
    void whoKnowTheSameTellNothingButPrintsToTwoOthersAtATime() throws Exception {
        Shares shares = shares("node");
        issue(shares);
        for (String each : List.of("a", "b", "c", "d")) {
            listen(each);
        }
        sync("node", shares, SOON);

        int print = next(told).getInteger("print");
        for (int i = 0; i < 9; i++) {
            JsonObject next = next(told);
            assertThat(next.getInteger("print")).isEqualTo(print);
            assertThat(next.containsKey("state")).isFalse();
        }
    }
}
