package io.termbus.flow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.termbus.protocol.Addresses;
import io.termbus.protocol.FakeNodes;
import io.termbus.protocol.FlowShards;
import io.termbus.protocol.Headers;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.eventbus.DeliveryOptions;
import io.vertx.core.eventbus.Message;
import io.vertx.core.eventbus.ReplyException;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What the subscribers of other nodes look like from one of them. The others are faked. */
@Timeout(30)
class OtherNodesTest {
    private static final JsonObject NOTHING = new JsonObject();

    private final Vertx vertx = Vertx.vertx();

    @BeforeEach
    void start() throws Exception {
        FlowShards shards = new FlowShards(1);
        OtherNodes others = new OtherNodes(vertx.eventBus(), new FakeNodes("here", "there", "gone"));
        vertx.eventBus()
                .<JsonObject>localConsumer(
                        Addresses.flowShard(0), message -> answer(message, "00-here", "one", "both"));
        vertx.eventBus()
                .<JsonObject>consumer(
                        Addresses.nodeSubscribers("there"), message -> answer(message, "07-there", "two", "both"));
        await(new FlowEntrance(vertx.eventBus(), shards, Optional.of(others)).open());
    }

    @AfterEach
    void stop() throws Exception {
        await(vertx.close());
    }

    /** A node with one subscriber, which answers for two sessions. */
    private static void answer(Message<JsonObject> message, String subscriber, String... sessions) {
        boolean listing = "subscribers".equals(message.headers().get(Headers.ACTION));
        String session = message.body().getString("session");
        if (listing && (session == null || List.of(sessions).contains(session))) {
            JsonObject entry = new JsonObject().put("subscriber", subscriber).put("zone", "green");
            entry.put("lagMs", 0).put("unackedBytes", 0);
            message.reply(new JsonObject()
                    .put("subscribers", new JsonArray().add(entry))
                    .put("total", 1));
        } else if (!listing && subscriber.equals(message.body().getString("subscriber"))) {
            message.reply(new JsonObject().put("by", subscriber));
        } else {
            message.fail(404, "not at " + subscriber);
        }
    }

    private static <T> T await(Future<T> future) throws Exception {
        return future.toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS);
    }

    private JsonObject ask(String address, String action, JsonObject body) throws Exception {
        DeliveryOptions options = new DeliveryOptions().addHeader(Headers.ACTION, action);
        return await(
                vertx.eventBus().<JsonObject>request(address, body, options).map(Message::body));
    }

    private List<String> listed(String address, JsonObject body) throws Exception {
        return ask(address, "subscribers", body).getJsonArray("subscribers").stream()
                .map(each -> ((JsonObject) each).getString("subscriber"))
                .toList();
    }

    private static JsonObject of(String session) {
        return new JsonObject().put("session", session);
    }

    @Test
    void aListingOfTheHubHasTheSubscribersOfEveryNodeThatAnswers() throws Exception {
        assertThat(listed(Addresses.FLOW, NOTHING)).containsExactlyInAnyOrder("00-here", "07-there");
        assertThat(ask(Addresses.FLOW, "subscribers", NOTHING).getLong("total")).isEqualTo(2);
    }

    @Test
    void aSessionsViewersAreFoundOnTheNodesThatKnowIt() throws Exception {
        assertThat(listed(Addresses.FLOW, of("both"))).containsExactlyInAnyOrder("00-here", "07-there");
        assertThat(listed(Addresses.FLOW, of("one"))).containsExactly("00-here");
        assertThat(listed(Addresses.FLOW, of("two"))).containsExactly("07-there");
        assertThatThrownBy(() -> ask(Addresses.FLOW, "subscribers", of("none")))
                .isInstanceOf(ExecutionException.class)
                .cause()
                .isInstanceOfSatisfying(
                        ReplyException.class, e -> assertThat(e.failureCode()).isEqualTo(404));
    }

    @Test
    void aSubscriberIsDisconnectedWhereverItIs() throws Exception {
        for (String subscriber : List.of("00-here", "07-there")) {
            assertThat(ask(Addresses.FLOW, "disconnect", new JsonObject().put("subscriber", subscriber))
                            .getString("by"))
                    .isEqualTo(subscriber);
        }
        for (String subscriber : List.of("00-nobody", "07-nobody", "x")) {
            assertThatThrownBy(() -> ask(Addresses.FLOW, "disconnect", new JsonObject().put("subscriber", subscriber)))
                    .isInstanceOf(ExecutionException.class)
                    .cause()
                    .isInstanceOfSatisfying(
                            ReplyException.class,
                            e -> assertThat(e.failureCode()).isEqualTo(404));
        }
    }

    @Test
    void aNodeAnswersOthersForItselfAlone() throws Exception {
        assertThat(listed(Addresses.nodeSubscribers("here"), NOTHING)).containsExactly("00-here");
    }
}
