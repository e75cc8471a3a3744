package io.termbus.auth;

import static io.termbus.protocol.HubBus.LOCAL;

import io.termbus.protocol.Addresses;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;

/** {@link ShareSync} on the event bus. */
final class ShareBus implements ShareSync.Wire {
    private static final String TOPIC = "shares";

    private final Vertx vertx;
    private final String node;

    /** @param node name of this node */
    ShareBus(Vertx vertx, String node) {
        this.vertx = vertx;
        this.node = node;
    }

    /** Listens to other nodes, and begins. */
    Future<?> start(ShareSync sync) {
        return Future.all(
                        vertx.eventBus()
                                .<JsonObject>consumer(
                                        Addresses.nodeTopic(node, TOPIC), message -> sync.heard(message.body()))
                                .completion(),
                        vertx.eventBus()
                                .<String>localConsumer(Addresses.NODE_JOINED, message -> sync.joined(message.body()))
                                .completion())
                .onSuccess(listening -> sync.begin());
    }

    @Override
    public void send(String other, JsonObject message) {
        vertx.eventBus().send(Addresses.nodeTopic(other, TOPIC), message);
    }

    @Override
    public void after(long millis, Runnable task) {
        vertx.setTimer(millis, timer -> task.run());
    }

    @Override
    public void ended(String share) {
        vertx.eventBus().publish(Addresses.SHARE_ENDED, share, LOCAL);
    }
}
