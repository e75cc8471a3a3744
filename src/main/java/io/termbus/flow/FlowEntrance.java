package io.termbus.flow;

import io.termbus.protocol.Addresses;
import io.termbus.protocol.ErrorCode;
import io.termbus.protocol.Fields;
import io.termbus.protocol.FlowShards;
import io.termbus.protocol.Headers;
import io.termbus.protocol.HubException;
import io.vertx.core.Future;
import io.vertx.core.eventbus.DeliveryOptions;
import io.vertx.core.eventbus.EventBus;
import io.vertx.core.eventbus.Message;
import io.vertx.core.eventbus.ReplyException;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.stream.IntStream;

/**
 * What comes to {@code termbus.flow}: goes to the instance that owns its session or subscriber, and the
 * answer back. A listing of all sessions is asked of every instance. On the event loop of instance 0.
 */
final class FlowEntrance {
    private final EventBus bus;
    private final FlowShards shards;

    FlowEntrance(EventBus bus, FlowShards shards) {
        this.bus = bus;
        this.shards = shards;
    }

    Future<Void> open() {
        return bus.localConsumer(Addresses.FLOW, this::received).completion();
    }

    private void received(Message<Object> message) {
        try {
            Fields fields = Fields.of(message.body());
            String action = message.headers().get(Headers.ACTION);
            boolean bySession = "attach".equals(action) || "subscribers".equals(action);
            if ("subscribers".equals(action) && !fields.has("session")) {
                answer(message, listing(message));
            } else {
                answer(message, request(bySession ? bySession(fields) : bySubscriber(fields), message));
            }
        } catch (HubException e) {
            message.fail(e.error().code(), e.getMessage());
        }
    }

    private static void answer(Message<Object> message, Future<?> answer) {
        answer.onSuccess(message::reply).onFailure(cause -> fail(message, cause));
    }

    private Future<Object> request(String owner, Message<Object> message) {
        DeliveryOptions options =
                new DeliveryOptions().setHeaders(message.headers()).setLocalOnly(true);
        return bus.request(owner, message.body(), options).map(Message::body);
    }

    private Future<JsonObject> listing(Message<Object> message) {
        List<Future<JsonObject>> answers = IntStream.range(0, shards.count())
                .mapToObj(shard -> request(Addresses.flowShard(shard), message).map(JsonObject.class::cast))
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

    static void fail(Message<Object> message, Throwable cause) {
        if (cause instanceof ReplyException failure) {
            message.fail(failure.failureCode(), failure.getMessage());
        } else if (cause instanceof HubException known) {
            message.fail(known.error().code(), known.getMessage());
        } else {
            message.fail(ErrorCode.INTERNAL.code(), "internal error");
        }
    }
}
