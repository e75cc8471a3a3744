package io.termbus.bridge;

import io.termbus.protocol.Addresses;
import io.termbus.protocol.Delivery;
import io.termbus.protocol.FlowShards;
import io.vertx.core.Vertx;
import io.vertx.core.eventbus.DeliveryOptions;
import io.vertx.core.json.JsonObject;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** Stands for flow control that attaches whoever asks as the same subscriber, and then sends it more than it reads. */
public final class FloodedSubscriber {
    private static final String ID = FlowShards.subscriberId(0, "flooded");

    private final Vertx vertx;
    private final CompletableFuture<Void> attached = new CompletableFuture<>();

    public FloodedSubscriber(Vertx vertx) {
        this.vertx = vertx;
        JsonObject answer = new JsonObject()
                .put("subscriber", ID)
                .put("address", Addresses.out(ID))
                .put("session", "s");
        for (int shard = 0; shard < TestHub.SHARDS.count(); shard++) {
            vertx.eventBus().<Object>localConsumer(Addresses.flowShard(shard), message -> {
                if (message.body() instanceof JsonObject) {
                    message.reply(answer);
                    attached.complete(null);
                }
            });
        }
    }

    /** What the client says first. */
    public JsonObject attach() {
        return TestClient.message(
                        "send",
                        Addresses.FLOW,
                        "attach",
                        new JsonObject().put("session", "s").put("mode", "read"))
                .put("replyAddress", "attached");
    }

    /** What it says when that was answered. */
    public JsonObject register() throws Exception {
        attached.get(20, TimeUnit.SECONDS);
        return new JsonObject()
                .put("type", "register")
                .put("address", Addresses.out(ID))
                .put("pad", "x".repeat(200));
    }

    /** 2 MB; nobody may be registered yet, or any more. */
    public void flood() {
        JsonObject body = new JsonObject().put("x", "x".repeat(100_000));
        for (int i = 0; i < 20; i++) {
            vertx.eventBus()
                    .send(
                            Addresses.out(ID),
                            new Delivery.Notice(Delivery.Kind.RESIZE, "s", body),
                            new DeliveryOptions().setLocalOnly(true));
        }
    }
}
