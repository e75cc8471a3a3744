package io.termbus.flow.output;

import java.util.HashMap;
import java.util.Map;

/** The links to the clients of one flow-control instance, by connection. On its event loop. */
public final class SharedLinks {
    private final Map<String, SharedLink> links = new HashMap<>();

    /** @param connection its id; empty: a caller inside the JVM, whose subscribers share nothing */
    public SharedLink of(String connection) {
        return connection.isEmpty()
                ? SharedLink.ofOne()
                : links.computeIfAbsent(connection, id -> new SharedLink(() -> links.remove(id)));
    }

    /** So many of the connection's subscribers belong to other instances. */
    public void elsewhere(String connection, int count) {
        SharedLink link = links.get(connection);
        if (link != null) {
            link.elsewhere(count);
        }
    }
}
