package io.termbus.cluster;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.Comparator;
import java.util.List;
import java.util.Map;

/** How full nodes are: each {@code {node, running, max, draining}}. */
record Loads(List<JsonObject> nodes) {
    /** @param answers of each node to {@code nodes}, itself alone in a list */
    static Loads of(Map<String, JsonObject> answers) {
        return new Loads(answers.values().stream().map(Loads::one).toList());
    }

    /** Whether the node that answers so takes a session. */
    static boolean hasRoom(JsonObject answer) {
        return takesSessions(one(answer));
    }

    private static JsonObject one(JsonObject answer) {
        return answer.getJsonArray("nodes").getJsonObject(0);
    }

    private static boolean takesSessions(JsonObject node) {
        return !node.getBoolean("draining") && node.getInteger("running") < node.getInteger("max");
    }

    /** Names of the nodes that take sessions, the one with the fewest first; of equals {@code preferred}. */
    List<String> byRoom(String preferred) {
        return nodes.stream()
                .filter(Loads::takesSessions)
                .sorted(Comparator.<JsonObject>comparingInt(each -> each.getInteger("running"))
                        .thenComparing(each -> !each.getString("node").equals(preferred)))
                .map(each -> each.getString("node"))
                .toList();
    }

    JsonArray toJson() {
        return new JsonArray(nodes);
    }
}
