package io.termbus.bridge;

import static org.assertj.core.api.Assertions.assertThat;

import io.termbus.protocol.Addresses;
import io.termbus.protocol.Headers;
import io.termbus.protocol.LocalCodec;
import io.vertx.core.Vertx;
import io.vertx.core.eventbus.DeliveryOptions;
import io.vertx.core.eventbus.Message;
import io.vertx.core.json.JsonObject;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class StandingTest {
    private static final String SESSION = Addresses.session("s1");

    private final BlockingQueue<Message<JsonObject>> asked = new LinkedBlockingQueue<>();
    private Vertx vertx;
    private TestClient client;

    @BeforeEach
    void start() {
        vertx = Vertx.vertx();
        LocalCodec.register(vertx);
        vertx.eventBus().<JsonObject>consumer(SESSION, asked::add);
        client = TestClient.connect(vertx, new TestHub().context(), Dialect.TCP, Optional.of("operator"));
    }

    @AfterEach
    void stop() throws Exception {
        vertx.close().toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS);
    }

    private void send(String action) {
        client.say(TestClient.message("send", SESSION, action, new JsonObject()).put("replyAddress", "answer"));
    }

    private Message<JsonObject> next(String action) throws Exception {
        Message<JsonObject> message = asked.poll(10, TimeUnit.SECONDS);
        assertThat(message).isNotNull();
        assertThat(message.headers().get(Headers.ACTION)).isEqualTo(action);
        return message;
    }

    private void leaves() {
        client.run(client.connection::closed);
    }

    @Test
    void sessionsAreToldWhatEndsWithTheConnection() throws Exception {
        send("wait");
        send("wait");
        next("wait");
        next("wait");
        send("lease");
        next("lease").reply(new JsonObject());
        client.next();

        leaves();

        Message<JsonObject> cancel = next("cancel");
        assertThat(cancel.headers().get(Headers.CONNECTION)).isEqualTo(client.connection.id());
        assertThat(next("release").headers().get(Headers.CONNECTION)).isEqualTo(client.connection.id());
        assertThat(asked).isEmpty();
    }

    @Test
    void whatIsOverIsNotToldOf() throws Exception {
        send("wait");
        next("wait").reply(new JsonObject());
        client.next();
        send("lease");
        next("lease").fail(423, "another drives");
        client.next();
        send("lease");
        next("lease").reply(new JsonObject());
        client.next();
        send("release");
        next("release").reply(new JsonObject());
        client.next();

        leaves();
        send("info");
        vertx.eventBus().send(SESSION, new JsonObject(), new DeliveryOptions().addHeader("action", "after"));

        next("after");
    }

    @Test
    void aLeaseThatIsGivenWhenTheConnectionHasGoneIsGivenBack() throws Exception {
        send("lease");
        Message<JsonObject> lease = next("lease");
        leaves();
        vertx.runOnContext(v -> lease.reply(new JsonObject()));

        next("release");
    }

    @Test
    void aConnectionHasSoManyWaitsAndAWaitThatEndsMakesRoom() throws Exception {
        for (int i = 0; i < Standing.MAX_WAITS; i++) {
            send("wait");
        }
        Message<JsonObject> first = next("wait");
        send("wait");
        JsonObject refused = client.next();
        assertThat(refused.getInteger("failureCode")).isEqualTo(429);
        assertThat(refused.getString("message")).endsWith("(waits of a connection)");

        first.reply(new JsonObject());
        client.next();
        send("wait");
        for (int i = 0; i < Standing.MAX_WAITS; i++) {
            next("wait");
        }
    }

    @Test
    void aWaitWithoutAReplyAddressIsForNothing() throws Exception {
        client.command(SESSION, "wait", new JsonObject());
        client.command(SESSION, "input", new JsonObject().put("data", "x"));

        next("input");
    }
}
