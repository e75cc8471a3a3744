package io.termbus.protocol;

import io.vertx.core.Vertx;
import java.util.Map;

/**
 * Which sessions live on this node: what concerns them need not ask the directory of a cluster, nor wait for one that
 * has just lost a node. Written by each session about itself; any thread may call.
 */
public final class LocalSessions {
    private static final String MAP = "termbus.sessions";

    private final Map<String, Boolean> ids;

    private LocalSessions(Map<String, Boolean> ids) {
        this.ids = ids;
    }

    public static LocalSessions of(Vertx vertx) {
        return new LocalSessions(vertx.sharedData().getLocalMap(MAP));
    }

    public void opened(String session) {
        ids.put(session, true);
    }

    public void closed(String session) {
        ids.remove(session);
    }

    public boolean has(String session) {
        return ids.containsKey(session);
    }
}
