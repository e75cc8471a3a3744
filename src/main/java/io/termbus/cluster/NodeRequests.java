package io.termbus.cluster;

import io.termbus.protocol.Addresses;
import io.termbus.protocol.ErrorCode;
import io.termbus.protocol.Headers;
import io.termbus.protocol.HubException;
import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import io.vertx.core.eventbus.DeliveryOptions;
import io.vertx.core.eventbus.Message;
import io.vertx.core.eventbus.ReplyException;
import io.vertx.core.eventbus.ReplyFailure;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Asks other nodes, and never waits for one longer than it may. On the event loop of its verticle. */
final class NodeRequests {
    private static final Logger LOG = LoggerFactory.getLogger(NodeRequests.class);
    /** A node that lives answers what takes no work within milliseconds. */
    private static final Duration ANSWER = Duration.ofSeconds(2);
    /** Starting a program may take a while on a node that is busy. */
    private static final Duration CREATE = Duration.ofSeconds(15);

    private final ClusterNode cluster;

    NodeRequests(ClusterNode cluster) {
        this.cluster = cluster;
    }

    List<String> names() {
        return cluster.nodes();
    }

    /** Asks every node. The answers that came, by node; who does not answer in time is left out. */
    Future<Map<String, JsonObject>> everywhere(String action, MultiMap headers) {
        List<String> names = names();
        Map<String, JsonObject> answers = new LinkedHashMap<>();
        return Future.join(names.stream()
                        .map(name -> ask(name, action, new JsonObject(), headers, ANSWER)
                                .onSuccess(answer -> answers.put(name, answer))
                                .onFailure(cause -> LOG.warn("{} did not {}: {}", name, action, cause.getMessage())))
                        .toList())
                .transform(all -> Future.succeededFuture(answers));
    }

    Future<Loads> load() {
        return everywhere("nodes", MultiMap.caseInsensitiveMultiMap()).map(Loads::of);
    }

    /** Creates a session on that node. */
    Future<JsonObject> create(String node, Message<Object> message) {
        return ask(node, "create", message.body(), message.headers(), CREATE)
                .recover(cause -> Future.failedFuture(isSilence(cause) ? unreachable(node) : cause));
    }

    /** Creates a session on the first of these nodes that has room. */
    Future<JsonObject> createAtFirst(List<String> candidates, Message<Object> message) {
        if (candidates.isEmpty()) {
            return Future.failedFuture(
                    HubException.limit("session.max", "all sessions of all nodes are taken, or the nodes shut down"));
        }
        String node = candidates.get(0);
        List<String> others = candidates.subList(1, candidates.size());
        return create(node, message)
                .recover(cause -> mayTryAnother(cause) && !others.isEmpty()
                        ? createAtFirst(others, message)
                        : Future.failedFuture(cause));
    }

    /** It was full or shut down; where it did not answer it may have created one. */
    private static boolean mayTryAnother(Throwable cause) {
        if (cause instanceof ReplyException reply && reply.failureType() == ReplyFailure.RECIPIENT_FAILURE) {
            return reply.failureCode() == ErrorCode.UNAVAILABLE.code()
                    || reply.failureCode() == ErrorCode.LIMIT_REACHED.code();
        }
        return false;
    }

    private static boolean isSilence(Throwable cause) {
        return !(cause instanceof ReplyException reply) || reply.failureType() != ReplyFailure.RECIPIENT_FAILURE;
    }

    private static HubException unreachable(String node) {
        return new HubException(ErrorCode.UNAVAILABLE, node + " cannot be reached");
    }

    /** This node itself is asked without the cluster's directory. */
    private Future<JsonObject> ask(String node, String action, Object body, MultiMap headers, Duration limit) {
        DeliveryOptions options = new DeliveryOptions()
                .setHeaders(MultiMap.caseInsensitiveMultiMap().addAll(headers).set(Headers.ACTION, action))
                .setLocalOnly(node.equals(cluster.name()))
                .setSendTimeout(limit.toMillis());
        return cluster.vertx()
                .eventBus()
                .<JsonObject>request(Addresses.nodeHub(node), body, options)
                .map(Message::body);
    }
}
