package io.termbus.cluster;

import io.termbus.protocol.Addresses;
import io.termbus.protocol.Headers;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.eventbus.DeliveryOptions;
import io.vertx.core.eventbus.Message;
import io.vertx.core.json.JsonObject;
import java.util.List;

/**
 * Brings the events and warnings of this node to the others, and theirs to the listeners here: one registration in the
 * cluster for each topic and node, however many clients listen. What came from another node has the header
 * {@link Headers#NODE}.
 */
final class EventRelay extends VerticleBase {
    private final String node;

    EventRelay(String node) {
        this.node = node;
    }

    @Override
    public Future<?> start() {
        return Future.all(List.of(Addresses.EVENTS, Addresses.WARNINGS).stream()
                .map(this::relay)
                .toList());
    }

    private Future<?> relay(String topic) {
        String between = Addresses.betweenNodes(topic);
        return Future.all(
                vertx.eventBus()
                        .<JsonObject>localConsumer(topic, message -> toOthers(between, message))
                        .completion(),
                vertx.eventBus()
                        .<JsonObject>consumer(between, message -> toListeners(topic, message))
                        .completion());
    }

    private void toOthers(String between, Message<JsonObject> message) {
        if (!message.headers().contains(Headers.NODE)) {
            vertx.eventBus().publish(between, message.body(), new DeliveryOptions().addHeader(Headers.NODE, node));
        }
    }

    private void toListeners(String topic, Message<JsonObject> message) {
        String from = message.headers().get(Headers.NODE);
        if (!node.equals(from)) {
            DeliveryOptions here =
                    new DeliveryOptions().setLocalOnly(true).addHeader(Headers.NODE, String.valueOf(from));
            vertx.eventBus().publish(topic, message.body(), here);
        }
    }
}
