package io.termbus.bridge;

import io.termbus.protocol.Addresses;
import io.termbus.protocol.FlowMessage;
import io.termbus.protocol.FlowShards;
import io.vertx.core.Vertx;
import io.vertx.core.eventbus.Message;
import io.vertx.core.json.JsonObject;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicInteger;

/** Stands for the flow-control instances: attaches everybody, and keeps what it is told. */
final class FakeFlow {
    /** A session of this name is never answered. */
    static final String SILENT = "silent";

    final BlockingQueue<FlowMessage> told = new LinkedBlockingQueue<>();
    final BlockingQueue<Message<Object>> commands = new LinkedBlockingQueue<>();
    final BlockingQueue<String> closedConnections = new LinkedBlockingQueue<>();
    private final AtomicInteger subscribers = new AtomicInteger();

    FakeFlow(Vertx vertx) {
        for (int shard = 0; shard < TestHub.SHARDS.count(); shard++) {
            int index = shard;
            vertx.eventBus().<Object>localConsumer(Addresses.flowShard(shard), message -> handle(index, message));
        }
        vertx.eventBus()
                .<String>localConsumer(Addresses.CONNECTION_CLOSED, message -> closedConnections.add(message.body()));
    }

    private void handle(int shard, Message<Object> message) {
        if (message.body() instanceof FlowMessage flowMessage) {
            told.add(flowMessage);
            return;
        }
        commands.add(message);
        JsonObject body = (JsonObject) message.body();
        switch (message.headers().get("action")) {
            case "attach" -> attach(shard, message, body.getString("session"));
            case "status" -> message.reply(new JsonObject().put("zone", "green"));
            case "detach" -> message.reply(new JsonObject());
            case "ack" -> message.fail(403, body.getString("subscriber") + " belongs to another connection");
            default -> {}
        }
    }

    private void attach(int shard, Message<Object> message, String session) {
        if (session.equals(SILENT)) {
            return;
        }
        if (session.equals("missing")) {
            message.fail(404, "no such session missing");
            return;
        }
        String id = FlowShards.subscriberId(shard, "sub" + subscribers.incrementAndGet());
        message.reply(new JsonObject()
                .put("subscriber", id)
                .put("address", Addresses.out(id))
                .put("session", session));
    }
}
