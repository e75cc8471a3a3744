package io.termbus.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.eventbus.DeliveryOptions;
import io.vertx.core.eventbus.Message;
import io.vertx.core.eventbus.ReplyException;
import io.vertx.core.json.JsonObject;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What is answered at termbus.hub, whoever has the handlers. */
@Timeout(30)
class HubRequestsTest {
    private final Vertx vertx = Vertx.vertx();

    @BeforeEach
    void listen() {
        HubRequests requests = new HubRequests(
                vertx::eventBus,
                Map.of(
                        Operation.HUB_INFO,
                        message -> Future.succeededFuture(new JsonObject().put("node", "here")),
                        Operation.CREATE,
                        message -> {
                            throw HubException.malformed("field 'cols'");
                        },
                        Operation.LIST,
                        message -> Future.failedFuture(HubException.notFound("no such session")),
                        Operation.KILL_ALL,
                        message -> {
                            throw new IllegalStateException("on purpose");
                        },
                        Operation.NODES,
                        message -> Future.failedFuture("on purpose"),
                        Operation.DRAIN,
                        message -> Future.succeededFuture(new JsonObject())));
        vertx.eventBus().localConsumer(Addresses.HUB, requests::received);
        vertx.eventBus()
                .<JsonObject>localConsumer(
                        Addresses.SHARES,
                        message -> message.reply(message.body()
                                .copy()
                                .put("action", message.headers().get(Headers.ACTION))
                                .put("user", message.headers().get(Headers.USER))));
    }

    @AfterEach
    void stop() throws Exception {
        await(vertx.close());
    }

    private static <T> T await(Future<T> future) throws Exception {
        return future.toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS);
    }

    private JsonObject ask(String action) throws Exception {
        DeliveryOptions options =
                new DeliveryOptions().addHeader(Headers.ACTION, action).addHeader(Headers.USER, "she");
        return await(vertx.eventBus()
                .<JsonObject>request(Addresses.HUB, new JsonObject().put("id", "x"), options)
                .map(Message::body));
    }

    private void assertRefused(String action, int code, String words) {
        assertThatThrownBy(() -> ask(action)).cause().isInstanceOfSatisfying(ReplyException.class, refusal -> {
            assertThat(refusal.failureCode()).isEqualTo(code);
            assertThat(refusal).hasMessageContaining(words);
        });
    }

    @Test
    void aHandlersAnswerIsTheReply() throws Exception {
        assertThat(ask("info")).isEqualTo(new JsonObject().put("node", "here"));
    }

    @Test
    void sharesAreAskedOfWhoKeepsThemWithAllThatTheClientIs() throws Exception {
        for (String action : new String[] {"share", "revoke", "shares"}) {
            assertThat(ask(action))
                    .isEqualTo(new JsonObject()
                            .put("id", "x")
                            .put("action", action)
                            .put("user", "she"));
        }
    }

    @Test
    void aRefusalIsTheSameThrownOrFailed() {
        assertRefused("create", 400, "field 'cols'");
        assertRefused("list", 404, "no such session");
        assertRefused("dance", 404, "dance");
        assertRefused("", 400, "action");
    }

    @Test
    void aDefectIsNotToldInWords() {
        assertRefused("killAll", 500, "internal error");
        assertRefused("nodes", 500, "internal error");
    }
}
