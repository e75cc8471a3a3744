package io.termbus.bridge;

import io.termbus.protocol.HubException;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** The connections of a hub, which end with it where its Vert.x goes on. Any thread may call. */
public final class Connections {
    private final Set<BridgeConnection> all = ConcurrentHashMap.newKeySet();

    void add(BridgeConnection connection) {
        all.add(connection);
    }

    /** Idempotent. */
    void remove(BridgeConnection connection) {
        all.remove(connection);
    }

    /** Each client is told why, and its connection closed. */
    public void endAll(HubException why) {
        all.forEach(each -> each.endSoon(why));
    }
}
