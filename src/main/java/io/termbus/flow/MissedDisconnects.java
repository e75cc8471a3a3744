package io.termbus.flow;

import io.termbus.flow.output.DisconnectReason;
import io.termbus.protocol.Delivery;
import io.vertx.core.json.JsonObject;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Disconnects that a client may not have heard of, as it was not registered then, or the notice got lost with its
 * connection. It is told when it registers. The newest subscribers only.
 */
final class MissedDisconnects {
    /** Older ones are forgotten, told or not. */
    static final int MAX = 1024;

    private record Disconnect(String session, DisconnectReason reason) {}

    /** By subscriber, the oldest first. */
    private final Map<String, Disconnect> disconnects = new LinkedHashMap<>();

    void add(String subscriber, String session, DisconnectReason reason) {
        disconnects.put(subscriber, new Disconnect(session, reason));
        if (disconnects.size() > MAX) {
            Iterator<String> oldest = disconnects.keySet().iterator();
            oldest.next();
            oldest.remove();
        }
    }

    /** What the subscriber has missed. It is told once. */
    Optional<Delivery> take(String subscriber) {
        return Optional.ofNullable(disconnects.remove(subscriber))
                .map(disconnect -> new Delivery.Notice(
                        Delivery.Kind.DISCONNECTED,
                        disconnect.session(),
                        new JsonObject().put("reason", disconnect.reason().toString())));
    }
}
