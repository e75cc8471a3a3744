package io.termbus.cluster;

import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The sessions of all nodes. Each node is asked anew, so nothing can be stale, lost in a merge or left behind by a node
 * that is gone; the last list of a node that does not answer stands for it while it is a member.
 */
final class SessionLists {
    private final NodeRequests nodes;
    private final Map<String, List<JsonObject>> last = new HashMap<>();

    SessionLists(NodeRequests nodes) {
        this.nodes = nodes;
    }

    /** {@code {sessions: […]}}, oldest first as far as the nodes' clocks agree. */
    Future<JsonObject> list() {
        return nodes.everywhere("list", MultiMap.caseInsensitiveMultiMap()).map(answers -> {
            answers.forEach((node, answer) -> last.put(node, sessions(answer)));
            last.keySet().retainAll(nodes.names());
            JsonArray all = new JsonArray();
            last.values().stream()
                    .flatMap(List::stream)
                    .sorted(Comparator.comparing(SessionLists::createdAt).thenComparing(SessionLists::id))
                    .forEach(all::add);
            return new JsonObject().put("sessions", all);
        });
    }

    private static List<JsonObject> sessions(JsonObject answer) {
        return Optional.ofNullable(answer.getJsonArray("sessions")).orElseGet(JsonArray::new).stream()
                .map(JsonObject.class::cast)
                .toList();
    }

    private static String createdAt(JsonObject session) {
        return session.getString("createdAt", "");
    }

    private static String id(JsonObject session) {
        return session.getString("id", "");
    }
}
