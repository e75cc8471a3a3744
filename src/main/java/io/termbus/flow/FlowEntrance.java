package io.termbus.flow;

import io.termbus.flow.output.FlowRequests;
import io.termbus.flow.output.Listing;
import io.termbus.protocol.Addresses;
import io.termbus.protocol.Fields;
import io.termbus.protocol.FlowShards;
import io.termbus.protocol.Handlers;
import io.termbus.protocol.HubException;
import io.termbus.protocol.Operation;
import io.termbus.protocol.Operation.Reach;
import io.termbus.protocol.Operation.Target;
import io.termbus.protocol.Operation.Trait;
import io.termbus.protocol.Refusals;
import io.vertx.core.Future;
import io.vertx.core.eventbus.DeliveryOptions;
import io.vertx.core.eventbus.EventBus;
import io.vertx.core.eventbus.Message;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * Hands each request to {@code termbus.flow} to the instance that owns its session or subscriber, and the
 * answer back. A listing of all sessions is asked of every instance, and in a cluster of every node; who is to be
 * disconnected is looked for there too. On the event loop of instance 0.
 */
final class FlowEntrance {
    private final EventBus bus;
    private final FlowShards shards;
    private final Optional<OtherNodes> others;

    FlowEntrance(EventBus bus, FlowShards shards, Optional<OtherNodes> others) {
        this.bus = bus;
        this.shards = shards;
        this.others = others;
    }

    Future<?> open() {
        List<Future<?>> consumers = new ArrayList<>();
        consumers.add(bus.localConsumer(Addresses.FLOW, (Message<Object> message) -> answer(message, far(message)))
                .completion());
        others.ifPresent(nodes -> consumers.add(nodes.open(this::near)));
        return Future.all(consumers);
    }

    /** As far as the hub reaches. Whatever is wrong with the request fails the future. */
    private Future<?> far(Message<Object> message) {
        try {
            Operation operation = operationOf(message);
            if (others.isEmpty() || !operation.is(Trait.ALL_NODES)) {
                return near(operation, message);
            }
            return operation == Operation.SUBSCRIBERS
                    ? others.get().listing(message, near(operation, message))
                    : others.get().disconnect(message, near(operation, message));
        } catch (HubException e) {
            return Future.failedFuture(e);
        }
    }

    private Future<JsonObject> near(Message<Object> message) {
        try {
            return near(operationOf(message), message);
        } catch (HubException e) {
            return Future.failedFuture(e);
        }
    }

    /** On this node. */
    private Future<JsonObject> near(Operation operation, Message<Object> message) {
        try {
            Fields fields = Fields.of(message.body());
            if (operation == Operation.SUBSCRIBERS && !fields.has("session")) {
                return listing(message);
            }
            return request(operation.reach() == Reach.SUBSCRIBER ? bySubscriber(fields) : bySession(fields), message);
        } catch (HubException e) {
            return Future.failedFuture(e);
        }
    }

    private static Operation operationOf(Message<Object> message) {
        return Operation.of(Target.FLOW, Handlers.actionOf(message.headers()));
    }

    private Future<JsonObject> request(String owner, Message<Object> message) {
        DeliveryOptions options =
                new DeliveryOptions().setHeaders(message.headers()).setLocalOnly(true);
        return bus.<JsonObject>request(owner, message.body(), options).map(Message::body);
    }

    private Future<JsonObject> listing(Message<Object> message) {
        List<Future<JsonObject>> answers = IntStream.range(0, shards.count())
                .mapToObj(shard -> request(Addresses.flowShard(shard), message))
                .toList();
        return Future.all(answers).map(all -> Listing.merged(all.list()));
    }

    private String bySession(Fields fields) {
        return shards.addressOfSession(fields.requiredText("session", FlowRequests.MAX_ID_CHARS));
    }

    private String bySubscriber(Fields fields) {
        String subscriber = FlowRequests.subscriberId(fields);
        return shards.addressOfSubscriber(subscriber)
                .orElseThrow(() -> HubException.notFound("no such subscriber: " + subscriber));
    }

    static void answer(Message<Object> message, Future<?> answer) {
        answer.onSuccess(message::reply).onFailure(cause -> fail(message, cause));
    }

    static void fail(Message<Object> message, Throwable cause) {
        if (!Refusals.known(message, cause)) {
            Refusals.internal(message);
        }
    }
}
