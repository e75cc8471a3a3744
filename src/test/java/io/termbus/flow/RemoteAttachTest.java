package io.termbus.flow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.termbus.config.TestConfig;
import io.termbus.flow.output.FlowFixture;
import io.termbus.metrics.Meters;
import io.termbus.protocol.Addresses;
import io.termbus.protocol.ErrorCode;
import io.termbus.protocol.FakeNodes;
import io.termbus.protocol.FlowShards;
import io.termbus.protocol.Headers;
import io.termbus.protocol.Ids;
import io.termbus.protocol.LinkMessage;
import io.termbus.protocol.LocalCodec;
import io.termbus.record.RecordingFiles;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.eventbus.DeliveryOptions;
import io.vertx.core.eventbus.Message;
import io.vertx.core.eventbus.ReplyException;
import io.vertx.core.eventbus.ReplyFailure;
import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Attaching to a session of another node. The other node is faked. */
@Timeout(30)
class RemoteAttachTest {
    private static final String SESSION = Ids.ofSession("there", 0);
    private static final String OWNER = "address of the owner";
    private static final FlowShards SHARDS = new FlowShards(1);

    private final Vertx vertx = Vertx.vertx();
    /** How often the owner describes the session before it stands still. */
    private final Semaphore answers = new Semaphore(100);

    private final BlockingQueue<Message<LinkMessage>> opens = new LinkedBlockingQueue<>();
    private final BlockingQueue<LinkMessage> toOwner = new LinkedBlockingQueue<>();
    /** The owner answers pings. */
    private volatile boolean alive = true;

    @BeforeEach
    void start() throws Exception {
        LocalCodec.register(vertx);
        vertx.eventBus().<JsonObject>consumer(Addresses.session(SESSION), this::describe);
        vertx.eventBus().<LinkMessage>consumer(Addresses.nodeFlow("there", 0), opens::add);
        vertx.eventBus().<LinkMessage>consumer(OWNER, message -> toOwner.add(message.body()));
        vertx.eventBus().consumer(Addresses.nodePing("there"), ping -> {
            if (alive) {
                ping.reply("");
            }
        });
        await(vertx.deployVerticle(new FlowControlVerticle(
                new FakeNodes("here", "there"),
                0,
                SHARDS,
                new FlowFixture.Limits().build(),
                10,
                new RecordingFiles(Path.of("none"), TestConfig.of().record(), InstantSource.system()),
                Meters.OFF)));
    }

    private void describe(Message<JsonObject> question) {
        if (answers.tryAcquire()) {
            question.reply(new JsonObject().put("node", "there"));
        }
    }

    @AfterEach
    void stop() throws Exception {
        await(vertx.close());
    }

    private static <T> T await(Future<T> future) throws Exception {
        return future.toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS);
    }

    private static <T> T next(BlockingQueue<T> queue) throws InterruptedException {
        @Nullable T next = queue.poll(10, TimeUnit.SECONDS);
        assertThat(next).isNotNull();
        return next;
    }

    private Future<JsonObject> ask(String action, JsonObject body) {
        DeliveryOptions options =
                new DeliveryOptions().addHeader(Headers.ACTION, action).addHeader(Headers.CONNECTION, "connection");
        return vertx.eventBus()
                .<JsonObject>request(Addresses.flowShard(0), body, options)
                .map(Message::body);
    }

    private Future<JsonObject> attach() {
        return ask("attach", new JsonObject().put("session", SESSION).put("mode", "read"));
    }

    private long subscribers() throws Exception {
        return await(ask("subscribers", new JsonObject())).getLong("total");
    }

    private static LinkMessage.Position position(Message<LinkMessage> open) {
        return new LinkMessage.Position(open.body().link(), OWNER, 1, 0);
    }

    @Test
    void aClientThatStaysIsAttachedWhenTheOwnerHasAnswered() throws Exception {
        Future<JsonObject> attached = attach();
        Message<LinkMessage> open = next(opens);
        open.reply(position(open), LinkMessage.options());

        assertThat(await(attached).getString("subscriber")).isNotEmpty();
        assertThat(subscribers()).isEqualTo(1);
    }

    /** The second question comes after 2 s. */
    @Test
    void anOwnerThatAnswersPingsMayTakeItsTimeToOpenTheLink() throws Exception {
        Future<JsonObject> attached = attach();
        Message<LinkMessage> first = next(opens);
        Message<LinkMessage> second = next(opens);
        assertThat(second.body()).isEqualTo(first.body());

        first.reply(position(first), LinkMessage.options());

        assertThat(await(attached).getString("subscriber")).isNotEmpty();
        assertThat(subscribers()).isEqualTo(1);
    }

    @Test
    void aQuestionThatIsLostIsAskedAgain() throws Exception {
        Future<JsonObject> attached = attach();
        next(opens);
        Message<LinkMessage> second = next(opens);

        second.reply(position(second), LinkMessage.options());

        assertThat(await(attached).getString("subscriber")).isNotEmpty();
        assertThat(toOwner).noneMatch(LinkMessage.Close.class::isInstance);
    }

    @Test
    void aConnectionThatClosesWhileTheOwnerIsAskedLeavesNobodyBehind() throws Exception {
        Future<JsonObject> attached = attach();
        Message<LinkMessage> open = next(opens);
        vertx.eventBus().publish(Addresses.CONNECTION_CLOSED, "connection", new DeliveryOptions().setLocalOnly(true));
        assertThat(subscribers()).isZero();

        open.reply(position(open), LinkMessage.options());

        assertThatThrownBy(() -> await(attached)).hasMessageContaining("closed");
        assertThat(next(toOwner)).isEqualTo(new LinkMessage.Close(open.body().link()));
        assertThat(subscribers()).isZero();
    }

    private void assertRefusedAsUnreachable(Future<JsonObject> attached) {
        assertThatThrownBy(() -> await(attached)).cause().isInstanceOfSatisfying(ReplyException.class, refusal -> {
            assertThat(refusal.failureType()).isEqualTo(ReplyFailure.RECIPIENT_FAILURE);
            assertThat(refusal.failureCode()).isEqualTo(ErrorCode.UNAVAILABLE.code());
            assertThat(refusal).hasMessageContaining("cannot be reached");
        });
    }

    @Test
    void anOwnerThatStandsStillBeforeItDescribesTheSessionIsUnreachableAndNobodyIsLeftBehind() throws Exception {
        // where the session is; then nothing
        alive = false;
        answers.drainPermits();
        answers.release();
        Future<JsonObject> attached = attach();
        Message<LinkMessage> open = next(opens);
        open.reply(position(open), LinkMessage.options());

        assertRefusedAsUnreachable(attached);

        assertThat(subscribers()).isZero();
        LinkMessage last = next(toOwner);
        while (!(last instanceof LinkMessage.Close)) {
            last = next(toOwner);
        }
        assertThat(last.link()).isEqualTo(open.body().link());
    }

    @Test
    void anOwnerThatNeverOpensTheLinkIsUnreachable() throws Exception {
        alive = false;
        Future<JsonObject> attached = attach();
        next(opens);

        assertRefusedAsUnreachable(attached);

        assertThat(subscribers()).isZero();
        // the next one asks anew
        alive = true;
        Future<JsonObject> again = attach();
        Message<LinkMessage> open = next(opens);
        open.reply(position(open), LinkMessage.options());
        assertThat(await(again).getString("subscriber")).isNotEmpty();
    }
}
