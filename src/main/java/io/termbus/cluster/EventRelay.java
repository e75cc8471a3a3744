package io.termbus.cluster;

import io.termbus.protocol.Addresses;
import io.termbus.protocol.Headers;
import io.termbus.protocol.Nodes;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.eventbus.DeliveryOptions;
import io.vertx.core.eventbus.Message;
import io.vertx.core.json.JsonObject;
import java.util.List;

/**
 * Brings the events and warnings of this node to the others, and theirs to the listeners here: one message for each
 * other node, however many clients listen. What came from another node has the header {@link Headers#NODE}.
 */
final class EventRelay extends VerticleBase {
    private final Nodes nodes;

    EventRelay(Nodes nodes) {
        this.nodes = nodes;
    }

    @Override
    public Future<?> start() {
        return Future.all(List.of(Addresses.EVENTS, Addresses.WARNINGS).stream()
                .map(this::relay)
                .toList());
    }

    private Future<?> relay(String topic) {
        return Future.all(
                vertx.eventBus()
                        .<JsonObject>localConsumer(topic, message -> toOthers(topic, message))
                        .completion(),
                vertx.eventBus()
                        .<JsonObject>consumer(
                                Addresses.nodeTopic(nodes.self(), topic), message -> toListeners(topic, message))
                        .completion());
    }

    /** Sent to each: what Vert.x publishes to several nodes completes one promise several times, and logs that. */
    private void toOthers(String topic, Message<JsonObject> message) {
        if (message.headers().contains(Headers.NODE)) {
            return;
        }
        DeliveryOptions from = new DeliveryOptions().addHeader(Headers.NODE, nodes.self());
        for (String other : nodes.others()) {
            vertx.eventBus().send(Addresses.nodeTopic(other, topic), message.body(), from);
        }
    }

    private void toListeners(String topic, Message<JsonObject> message) {
        String from = String.valueOf(message.headers().get(Headers.NODE));
        DeliveryOptions here = new DeliveryOptions().setLocalOnly(true).addHeader(Headers.NODE, from);
        vertx.eventBus().publish(topic, message.body(), here);
    }
}
