package io.termbus.bridge.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.termbus.bridge.TestHub;
import io.termbus.loop.Loops;
import io.termbus.protocol.Addresses;
import io.termbus.protocol.Delivery;
import io.termbus.protocol.FlowMessage;
import io.termbus.protocol.LocalCodec;
import io.termbus.protocol.Payload;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.eventbus.Message;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The stock client of the SockJS bridge, unchanged, in Node. */
@Timeout(60)
class StockSockJsClientTest {
    private static final Path TOOLS = Path.of("src/test/node");

    private final AtomicInteger subscribers = new AtomicInteger();

    @Test
    void stockClientWorksOverEveryTransportThatNodeHas() throws Exception {
        assumeTrue(
                Files.exists(TOOLS.resolve("node_modules/@vertx/eventbus-bridge-client.js")),
                "run 'npm ci' in src/test/node first");
        Vertx vertx = Vertx.vertx();
        try {
            LocalCodec.register(vertx);
            WebContext web = new WebContext(new TestHub().context());
            WebVerticle verticle = new WebVerticle(web);
            Loops loops = Loops.of(vertx);
            Future.all(IntStream.range(0, loops.count())
                            .mapToObj(loop -> loops.deploy(loop, loop == 0 ? verticle : new WebVerticle(web)))
                            .toList())
                    .toCompletionStage()
                    .toCompletableFuture()
                    .get(20, TimeUnit.SECONDS);
            for (int i = 0; i < TestHub.SHARDS.count(); i++) {
                int shard = i;
                vertx.eventBus().<Object>localConsumer(Addresses.flowShard(i), message -> flow(vertx, shard, message));
            }
            assertThat(runClient(verticle.port())).isEqualTo("ok\n");
        } finally {
            vertx.close().toCompletionStage().toCompletableFuture().get(20, TimeUnit.SECONDS);
        }
    }

    private static String runClient(int port) throws Exception {
        Process node = new ProcessBuilder("node", "stock-client.mjs", Integer.toString(port))
                .directory(TOOLS.toFile())
                .redirectErrorStream(true)
                .start();
        try {
            return new String(node.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        } finally {
            node.destroyForcibly().waitFor();
        }
    }

    /** Attaches, and delivers once somebody listens. */
    private void flow(Vertx vertx, int shard, Message<Object> message) {
        if (message.body() instanceof FlowMessage.Listening listening) {
            Payload payload = Payload.of(new byte[] {-1, -2, -3, -4});
            vertx.eventBus()
                    .send(
                            Addresses.out(listening.subscriber()),
                            new Delivery.Counted(Delivery.Kind.OUTPUT, "s1", 1, 4, 7, 80, 24, payload));
        } else if ("attach".equals(message.headers().get("action"))) {
            String id = String.format("%02xnode%d", shard, subscribers.incrementAndGet());
            message.reply(new JsonObject()
                    .put("subscriber", id)
                    .put("address", Addresses.out(id))
                    .put("session", "s1"));
        }
    }
}
