package io.termbus.flow;

import io.termbus.flow.output.Listing;
import io.termbus.protocol.Addresses;
import io.termbus.protocol.ErrorCode;
import io.termbus.protocol.HubException;
import io.termbus.protocol.Nodes;
import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import io.vertx.core.eventbus.DeliveryOptions;
import io.vertx.core.eventbus.EventBus;
import io.vertx.core.eventbus.Message;
import io.vertx.core.eventbus.ReplyException;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks a cluster's other nodes about their subscribers, as each keeps those of its own clients. A node that does not
 * answer in time is left out. On the event loop of instance 0.
 */
final class OtherNodes {
    private static final Logger LOG = LoggerFactory.getLogger(OtherNodes.class);
    /** A node that lives answers within milliseconds. */
    private static final Duration ANSWER = Duration.ofSeconds(2);

    private final EventBus bus;
    private final Nodes nodes;

    OtherNodes(EventBus bus, Nodes nodes) {
        this.bus = bus;
        this.nodes = nodes;
    }

    /** @param near answers for this node alone */
    Future<Void> open(Function<Message<Object>, Future<?>> near) {
        return bus.consumer(
                        Addresses.nodeSubscribers(nodes.self()),
                        (Message<Object> message) -> FlowEntrance.answer(message, near.apply(message)))
                .completion();
    }

    /** This node's listing and theirs; a session that only some of the nodes know is no error. */
    Future<JsonObject> listing(Message<Object> message, Future<JsonObject> near) {
        List<Future<JsonObject>> answers =
                Stream.concat(Stream.of(near), ask(message)).toList();
        return Future.join(answers).transform(all -> {
            List<JsonObject> came = answers.stream()
                    .filter(Future::succeeded)
                    .map(Future::result)
                    .toList();
            return came.isEmpty() ? near : Future.succeededFuture(Listing.merged(came));
        });
    }

    /** What the subscriber's node answers. */
    Future<JsonObject> disconnect(Message<Object> message, Future<JsonObject> near) {
        return near.recover(cause -> {
            if (!isNotFound(cause)) {
                return near;
            }
            List<Future<JsonObject>> answers = ask(message).toList();
            return answers.isEmpty() ? near : Future.any(answers).transform(any -> first(answers, cause));
        });
    }

    private static Future<JsonObject> first(List<Future<JsonObject>> answers, Throwable otherwise) {
        return answers.stream().filter(Future::succeeded).findFirst().orElseGet(() -> Future.failedFuture(otherwise));
    }

    private Stream<Future<JsonObject>> ask(Message<Object> message) {
        MultiMap headers = MultiMap.caseInsensitiveMultiMap().addAll(message.headers());
        DeliveryOptions options = new DeliveryOptions().setHeaders(headers).setSendTimeout(ANSWER.toMillis());
        return nodes.others().stream()
                .map(node -> bus.<JsonObject>request(Addresses.nodeSubscribers(node), message.body(), options)
                        .map(Message::body)
                        .onFailure(cause -> tell(node, cause)));
    }

    private static void tell(String node, Throwable cause) {
        if (!isNotFound(cause)) {
            LOG.warn("{} tells nothing of its subscribers: {}", node, cause.getMessage());
        }
    }

    private static boolean isNotFound(Throwable cause) {
        return cause instanceof ReplyException reply && reply.failureCode() == ErrorCode.NOT_FOUND.code()
                || cause instanceof HubException known && known.error() == ErrorCode.NOT_FOUND;
    }
}
