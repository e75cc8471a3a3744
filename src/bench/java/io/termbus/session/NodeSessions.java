package io.termbus.session;

import io.termbus.protocol.Ids;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;

/** The sessions of one node of a simulation, and what it tells other nodes of them. */
public final class NodeSessions {
    private final String node;
    private final SessionNews news = new SessionNews();
    /** Oldest first; those that change are replaced, as what was told of them must stay as it was. */
    private final List<JsonObject> sessions = new ArrayList<>();

    public NodeSessions(String node) {
        this.node = node;
    }

    /** As a session of a shell is listed. */
    public JsonObject begin() {
        JsonObject info = new JsonObject()
                .put("id", Ids.ofSession(node, 0))
                .put("name", "bash")
                .put("pid", 424_242)
                .put("pty", "/dev/pts/42")
                .put("node", node)
                .put("cols", 80)
                .put("rows", 24)
                .put("command", new JsonArray().add("/bin/bash"))
                .put("cwd", "/home/somebody/project")
                .put("createdAt", "2026-11-23T13:06:28.484Z")
                .put("state", "running")
                .put("title", "somebody@machine: ~/project")
                .put("subscribers", 50)
                .put("outputBytes", 1_234_567L);
        sessions.add(info);
        return info;
    }

    public void endOldest() {
        sessions.remove(0);
    }

    /** One in so many puts something out. */
    public void putOut(int oneIn) {
        for (int i = 0; i < sessions.size(); i += oneIn) {
            JsonObject info = sessions.get(i).copy();
            sessions.set(i, info.put("outputBytes", info.getLong("outputBytes") + 100));
        }
    }

    public int count() {
        return sessions.size();
    }

    /** What has changed, as {@code HubVerticle} answers it. */
    public JsonObject list(long since) {
        return news.since(List.copyOf(sessions), since);
    }
}
