package io.termbus.session;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What has changed of this node's sessions since another node asked last. Versions count changes that were noticed, which
 * is when somebody asks. On the event loop of its verticle.
 */
final class SessionNews {
    private record Told(JsonObject info, long version) {}

    private final Map<String, Told> told = new HashMap<>();
    private long version = 1;
    private long lastGone;

    /**
     * @param now all sessions as they are
     * @param since version of an earlier answer to whom asks; 0: it has none
     * @return {@code {version, full, sessions: […]}}; {@code full}: there are no others
     */
    JsonObject since(List<JsonObject> now, long since) {
        Set<String> ids = now.stream().map(SessionNews::id).collect(Collectors.toSet());
        if (told.keySet().retainAll(ids)) {
            lastGone = ++version;
        }
        for (JsonObject info : now) {
            Told before = told.get(id(info));
            if (before == null || !before.info().equals(info)) {
                told.put(id(info), new Told(info, ++version));
            }
        }
        boolean full = since <= 0 || since > version || lastGone > since;
        JsonArray news = new JsonArray();
        now.stream()
                .filter(info -> full || told.get(id(info)).version() > since)
                .forEach(news::add);
        return new JsonObject().put("version", version).put("full", full).put("sessions", news);
    }

    private static String id(JsonObject info) {
        return info.getString("id", "");
    }
}
