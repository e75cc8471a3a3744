package io.termbus.cluster;

import io.termbus.protocol.Addresses;
import io.termbus.protocol.ErrorCode;
import io.termbus.protocol.Fields;
import io.termbus.protocol.HubException;
import io.termbus.protocol.HubRequests;
import io.termbus.protocol.Operation;
import io.termbus.protocol.SessionPage;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.eventbus.Message;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;

/** {@code termbus.hub} of a node in a cluster: asks the nodes that a request concerns, and puts the answers together. */
final class HubRouter extends VerticleBase {
    private static final int MAX_NODE_CHARS = 64;

    private final ClusterNode cluster;
    private final NodeRequests nodes;
    private final SessionLists lists;
    private final HubRequests requests;

    HubRouter(ClusterNode cluster) {
        this.cluster = cluster;
        this.nodes = new NodeRequests(cluster.vertx(), cluster, new Random());
        this.lists = new SessionLists(nodes, cluster.self());
        this.requests = new HubRequests(
                () -> vertx.eventBus(),
                Map.of(
                        Operation.HUB_INFO,
                        message -> Future.succeededFuture(new JsonObject().put("node", cluster.self())),
                        Operation.CREATE,
                        message -> create(message).map(lists::created),
                        Operation.LIST,
                        message -> lists.list(SessionPage.of(Fields.of(message.body()))),
                        Operation.KILL_ALL,
                        this::killAll,
                        Operation.NODES,
                        message -> nodes.load().map(this::nodes),
                        Operation.DRAIN,
                        message -> nodes.at(namedBy(message).orElse(cluster.self()), Operation.DRAIN, message)));
    }

    @Override
    public Future<?> start() {
        return Future.all(
                vertx.eventBus()
                        .localConsumer(Addresses.HUB, requests::received)
                        .completion(),
                lists.start(vertx));
    }

    private JsonObject nodes(Loads loads) {
        JsonObject answer = new JsonObject().put("nodes", loads.toJson());
        List<String> lost = cluster.lost();
        if (!lost.isEmpty()) {
            answer.put("lost", new JsonArray(lost));
        }
        List<String> strangers = cluster.strangers();
        return strangers.isEmpty() ? answer : answer.put("otherToken", new JsonArray(strangers));
    }

    private Future<JsonObject> create(Message<Object> message) {
        return namedBy(message).map(node -> nodes.create(node, message)).orElseGet(() -> nodes.createAnywhere(message));
    }

    /** The node that the message names, where it names one. */
    private Optional<String> namedBy(Message<Object> message) {
        Optional<String> wanted = Fields.of(message.body()).text("node", MAX_NODE_CHARS);
        wanted.ifPresent(this::mustBeThere);
        return wanted;
    }

    private void mustBeThere(String node) {
        if (cluster.strangers().contains(node)) {
            throw new HubException(ErrorCode.UNAVAILABLE, Directory.otherToken(node));
        }
        if (cluster.lost().contains(node)) {
            throw new HubException(ErrorCode.UNAVAILABLE, node + " cannot be reached");
        }
        if (!cluster.names().contains(node)) {
            throw HubException.notFound("no such node: " + node);
        }
    }

    private Future<JsonObject> killAll(Message<Object> message) {
        return nodes.everywhere(Operation.KILL_ALL, message.headers()).map(answers -> {
            int count = answers.values().stream()
                    .mapToInt(each -> each.getInteger("count", 0))
                    .sum();
            return new JsonObject().put("count", count);
        });
    }
}
