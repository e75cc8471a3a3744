package io.termbus.bridge;

import io.termbus.protocol.Addresses;
import io.vertx.core.MultiMap;
import io.vertx.core.eventbus.EventBus;
import io.vertx.core.eventbus.Message;
import io.vertx.core.eventbus.MessageConsumer;
import io.vertx.core.json.JsonObject;
import java.util.EnumMap;
import java.util.Map;
import java.util.function.BiConsumer;
import java.util.function.LongSupplier;

/**
 * What a client hears at {@link Addresses#EVENTS} or {@link Addresses#WARNINGS}, as far as {@link TopicPace} lets it. On the
 * event loop of the connection.
 */
final class Topic {
    private final String address;
    private final Client client;
    private final Answers answers;
    private final MessageConsumer<JsonObject> consumer;
    private final Map<TopicPace.Lane, TopicPace> paces = new EnumMap<>(TopicPace.Lane.class);

    /** Listens from now on. */
    Topic(
            String address,
            EventBus bus,
            Client client,
            Answers answers,
            LongSupplier nanoTime,
            BiConsumer<Long, Runnable> timer) {
        this.address = address;
        this.client = client;
        this.answers = answers;
        for (TopicPace.Lane lane : TopicPace.Lane.values()) {
            paces.put(lane, new TopicPace(lane, nanoTime, timer, this::passedOver));
        }
        consumer = bus.localConsumer(address, this::heard);
    }

    MessageConsumer<JsonObject> consumer() {
        return consumer;
    }

    private void heard(Message<JsonObject> message) {
        if (!client.seesAll() && !client.sees(message.body().getString("session", ""))) {
            return;
        }
        TopicPace pace = paces.get(laneOf(message.body()));
        long size = JsonSize.of(message.body());
        if (pace.takes(size)) {
            answers.published(address, message.headers(), message.body(), message.isSend(), () -> pace.left(size));
        }
    }

    /** Zone changes have no event. */
    private static TopicPace.Lane laneOf(JsonObject body) {
        String event = body.getString("event", "subscriber.zone");
        return event.startsWith("subscriber.") ? TopicPace.Lane.SUBSCRIBERS : TopicPace.Lane.SESSIONS;
    }

    /** The client asks anew, where it matters to it. */
    private void passedOver(long count) {
        if (consumer.isRegistered()) {
            JsonObject body = new JsonObject().put("event", "skipped").put("count", count);
            answers.message(address, MultiMap.caseInsensitiveMultiMap(), body, false);
        }
    }
}
