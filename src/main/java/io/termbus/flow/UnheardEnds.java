package io.termbus.flow;

import io.termbus.protocol.Delivery;
import io.vertx.core.json.JsonObject;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** Subscribers that were kicked between their attach and their registration: they are told when they register. */
final class UnheardKicks {
    /** Registrations follow attaches within a round trip; older kicks are forgotten. */
    static final int MAX = 256;

    /** Subscriber to session, the oldest first. */
    private final Map<String, String> kicked = new LinkedHashMap<>();

    void add(String subscriber, String session) {
        kicked.put(subscriber, session);
        if (kicked.size() > MAX) {
            Iterator<String> oldest = kicked.keySet().iterator();
            oldest.next();
            oldest.remove();
        }
    }

    /** What the subscriber has missed. It is told once. */
    Optional<Delivery> take(String subscriber) {
        return Optional.ofNullable(kicked.remove(subscriber))
                .map(session -> new Delivery.Notice(
                        Delivery.Kind.DISCONNECTED,
                        session,
                        new JsonObject().put("reason", DisconnectReason.KICKED.toString())));
    }
}
