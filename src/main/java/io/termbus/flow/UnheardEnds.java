package io.termbus.flow;

import io.termbus.flow.output.DisconnectReason;
import io.termbus.protocol.Delivery;
import io.vertx.core.json.JsonObject;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * How the newest subscribers ended. Who was told registers no more; who was not registered, or went while the notice was
 * on its way, is told when it registers.
 */
final class UnheardEnds {
    /** Older ones are forgotten, told or not. */
    static final int MAX = 1024;

    private record End(String session, DisconnectReason reason) {}

    /** By subscriber, the oldest first. */
    private final Map<String, End> ends = new LinkedHashMap<>();

    void add(String subscriber, String session, DisconnectReason reason) {
        ends.put(subscriber, new End(session, reason));
        if (ends.size() > MAX) {
            Iterator<String> oldest = ends.keySet().iterator();
            oldest.next();
            oldest.remove();
        }
    }

    /** What the subscriber has missed. It is told once. */
    Optional<Delivery> take(String subscriber) {
        return Optional.ofNullable(ends.remove(subscriber))
                .map(end -> new Delivery.Notice(
                        Delivery.Kind.DISCONNECTED,
                        end.session(),
                        new JsonObject().put("reason", end.reason().toString())));
    }
}
