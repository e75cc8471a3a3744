package io.termbus.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.termbus.protocol.Addresses;
import io.termbus.protocol.ErrorCode;
import io.termbus.protocol.FakeNodes;
import io.termbus.protocol.Headers;
import io.termbus.protocol.HubException;
import io.termbus.protocol.Operation;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.eventbus.Message;
import io.vertx.core.eventbus.ReplyException;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.Random;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A create, where some nodes are slow, full or hang. Nodes are faked. */
@Timeout(30)
class NodeRequestsTest {
    private static final String HERE = "node-aaaaaaaa";
    private static final String THERE = "node-bbbbbbbb";
    private static final String HUNG = "node-cccccccc";

    private final Vertx vertx = Vertx.vertx();
    private final BlockingQueue<Message<Object>> asked = new LinkedBlockingQueue<>();

    @AfterEach
    void stop() throws Exception {
        await(vertx.close());
    }

    private static <T> T await(Future<T> future) throws Exception {
        return future.toCompletionStage().toCompletableFuture().get(20, TimeUnit.SECONDS);
    }

    /** A node that answers at once. */
    private void node(String name, int running, int max) {
        vertx.eventBus()
                .localConsumer(Addresses.nodeHub(name), message -> message.reply(answer(message, name, running, max)));
    }

    private static JsonObject answer(Message<Object> message, String name, int running, int max) {
        if (Operation.CREATE.action().equals(message.headers().get(Headers.ACTION))) {
            return new JsonObject().put("node", name);
        }
        JsonObject load = new JsonObject()
                .put("node", name)
                .put("running", running)
                .put("max", max)
                .put("draining", false);
        return new JsonObject().put("nodes", new JsonArray().add(load));
    }

    /** As a client's create, at the first node. */
    private Future<String> create() {
        vertx.eventBus().localConsumer("client", message -> {
            NodeRequests nodes = new NodeRequests(vertx, new FakeNodes(HERE, THERE, HUNG), new Random(1));
            nodes.createAnywhere(message)
                    .onSuccess(message::reply)
                    .onFailure(
                            cause -> message.fail(((HubException) cause).error().code(), cause.getMessage()));
        });
        return vertx.eventBus()
                .<JsonObject>request("client", new JsonObject())
                .map(answer -> answer.body().getString("node"));
    }

    @Test
    void theEmptiestOfThoseThatAnswerGetsIt() throws Exception {
        node(HERE, 5, 10);
        node(THERE, 4, 10);
        vertx.eventBus().localConsumer(Addresses.nodeHub(HUNG), asked::add);

        assertThat(await(create())).isEqualTo(THERE);
    }

    @Test
    void thisNodeIsWaitedForHoweverSlowItIs() throws Exception {
        vertx.eventBus().localConsumer(Addresses.nodeHub(HERE), asked::add);
        vertx.eventBus().localConsumer(Addresses.nodeHub(THERE), message -> {});
        vertx.eventBus().localConsumer(Addresses.nodeHub(HUNG), message -> {});
        Future<String> created = create();
        Message<Object> load = asked.take();
        // longer than others are waited for
        await(vertx.timer(Patience.MOST_NANOS * 3 / 2, TimeUnit.NANOSECONDS));
        assertThat(created.isComplete()).isFalse();

        load.reply(answer(load, HERE, 0, 10));
        Message<Object> creation = asked.take();
        creation.reply(answer(creation, HERE, 0, 10));

        assertThat(await(created)).isEqualTo(HERE);
    }

    @Test
    void whereThisOneIsFullNobodyWaitsForOneThatHangs() throws Exception {
        node(HERE, 10, 10);
        BlockingQueue<Message<Object>> slow = new LinkedBlockingQueue<>();
        vertx.eventBus().localConsumer(Addresses.nodeHub(THERE), slow::add);
        vertx.eventBus().localConsumer(Addresses.nodeHub(HUNG), asked::add);
        Future<String> created = create();
        slow.take(); // not answered in time
        Message<Object> second = slow.take();
        second.reply(answer(second, THERE, 1, 10));
        Message<Object> creation = slow.take();
        creation.reply(answer(creation, THERE, 1, 10));

        assertThat(await(created)).isEqualTo(THERE);
    }

    @Test
    void whereTheLastPlaceHasGoneMeanwhileAnotherNodeIsTried() throws Exception {
        node(HERE, 10, 10);
        vertx.eventBus().localConsumer(Addresses.nodeHub(THERE), message -> {
            if (Operation.CREATE.action().equals(message.headers().get(Headers.ACTION))) {
                message.fail(ErrorCode.LIMIT_REACHED.code(), "full by now");
            } else {
                message.reply(answer(message, THERE, 9, 10));
            }
        });
        BlockingQueue<Message<Object>> slow = new LinkedBlockingQueue<>();
        vertx.eventBus().localConsumer(Addresses.nodeHub(HUNG), slow::add);
        Future<String> created = create();
        slow.take(); // not answered in time: the other one is tried, and refuses
        for (Message<Object> load = slow.take(); ; load = slow.take()) {
            load.reply(answer(load, HUNG, 1, 10));
            if (Operation.CREATE.action().equals(load.headers().get(Headers.ACTION))) {
                break;
            }
        }

        assertThat(await(created)).isEqualTo(HUNG);
    }

    @Test
    void whereAllAreFullThatIsTold() {
        node(HERE, 10, 10);
        node(THERE, 10, 10);
        node(HUNG, 10, 10);

        assertThatThrownBy(() -> await(create()))
                .cause()
                .isInstanceOfSatisfying(
                        ReplyException.class,
                        failure -> assertThat(failure.failureCode()).isEqualTo(ErrorCode.LIMIT_REACHED.code()));
    }
}
