package io.termbus.cluster;

import io.termbus.protocol.Addresses;
import io.termbus.protocol.Headers;
import io.termbus.protocol.Operation;
import io.termbus.protocol.SessionPage;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.eventbus.Message;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The sessions of all nodes. Each node is asked anew for what has changed; what it last told, or its events since, stands
 * for one that does not answer, as long as it is a member. So nothing can be lost in a merge or left behind by a node
 * that is gone. On the event loop of its verticle.
 */
final class SessionLists {
    private final NodeRequests nodes;
    private final String self;
    /** By node, then by id. */
    private final Map<String, Map<String, JsonObject>> last = new HashMap<>();
    /** Of each node's last answer. */
    private final Map<String, Long> versions = new HashMap<>();

    SessionLists(NodeRequests nodes, String self) {
        this.nodes = nodes;
        this.self = self;
    }

    /** Hears of other nodes what they have, so that it is known when they do not answer. */
    Future<?> start(Vertx vertx) {
        return Future.all(
                vertx.eventBus()
                        .<JsonObject>localConsumer(Addresses.EVENTS, this::heard)
                        .completion(),
                vertx.eventBus()
                        .<String>localConsumer(Addresses.NODE_JOINED, message -> ask(List.of(message.body())))
                        .completion(),
                ask(nodes.names()));
    }

    private void heard(Message<JsonObject> event) {
        String node = event.headers().get(Headers.NODE);
        JsonObject info = event.body().getJsonObject("info");
        if (node != null && info != null) {
            put(node, info);
        }
    }

    private void put(String node, JsonObject info) {
        last.computeIfAbsent(node, name -> new LinkedHashMap<>()).put(id(info), info);
    }

    private Future<Void> ask(List<String> names) {
        return nodes.soon(
                names,
                Operation.LIST,
                node -> new JsonObject().put("since", versions.getOrDefault(node, 0L)),
                this::told);
    }

    private void told(String node, JsonObject answer) {
        if (answer.getBoolean("full", true)) {
            last.put(node, new LinkedHashMap<>());
        }
        for (Object each : answer.getJsonArray("sessions", new JsonArray())) {
            put(node, (JsonObject) each);
        }
        versions.put(node, answer.getLong("version", 0L));
    }

    /** A session was created for a client of this node: its next {@code list} has it. */
    JsonObject created(JsonObject session) {
        String node = session.getString("node", "");
        if (!node.equals(self)) {
            put(node, session);
        }
        return session;
    }

    /** {@code {sessions: […]}}, oldest first as far as the nodes' clocks agree. */
    Future<JsonObject> list(SessionPage page) {
        return ask(nodes.names()).map(enough -> {
            List<String> members = nodes.names();
            last.keySet().retainAll(members);
            versions.keySet().retainAll(members);
            return page.answer(last.values().stream().flatMap(its -> its.values().stream()));
        });
    }

    private static String id(JsonObject session) {
        return session.getString("id", "");
    }
}
