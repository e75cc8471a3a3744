package io.termbus.flow.output;

import io.termbus.protocol.Addresses;
import io.termbus.protocol.Fields;
import io.termbus.protocol.FlowShards;
import io.termbus.protocol.HubException;
import io.termbus.protocol.Ids;
import io.vertx.core.MultiMap;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Collection;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;

/** Reads the requests of {@code termbus.flow} and writes the answers. */
public final class FlowRequests {
    /** Ids are 22 to 24 characters; anything much longer is not one. */
    public static final int MAX_ID_CHARS = 64;

    private FlowRequests() {}

    public static String subscriberId(Fields fields) {
        return fields.requiredText("subscriber", MAX_ID_CHARS);
    }

    public static Attachment attachment(int shard, MultiMap headers, Fields fields) {
        return new Attachment(
                FlowShards.subscriberId(shard, Ids.next()),
                fields.requiredText("session", MAX_ID_CHARS),
                Watcher.of(headers),
                Instant.now().truncatedTo(ChronoUnit.MILLIS),
                fields.choice("mode", List.of("write", "read")).equals("read"),
                fields.choice("lag", List.of("skip", "block")).equals("block"),
                fields.choice("hold", List.of("limited", "unlimited")).equals("unlimited"),
                fields.intOr("scrollback", 0, Integer.MAX_VALUE, Integer.MAX_VALUE),
                fields.number("from", 0, Long.MAX_VALUE).map(OptionalLong::of).orElse(OptionalLong.empty()),
                fields.choice("first", List.of("snapshot", "output")).equals("output"));
    }

    public static JsonObject attached(Attachment attachment, JsonObject session) {
        return new JsonObject()
                .put("subscriber", attachment.subscriber())
                .put("address", Addresses.out(attachment.subscriber()))
                .put("session", session);
    }

    /** Acks by {@code seq} or by {@code count}, exactly one of them. */
    public static void ack(Subscribers all, Subscriber subscriber, Fields fields) {
        if (fields.has("seq") == fields.has("count")) {
            throw HubException.malformed("an ack has either field 'seq' or field 'count'");
        }
        fields.number("seq", 0, Long.MAX_VALUE).ifPresent(seq -> all.ackThrough(subscriber, seq));
        fields.number("count", 0, Long.MAX_VALUE).ifPresent(count -> all.ackOldest(subscriber, count));
    }

    public static JsonObject status(Subscribers all, Subscriber subscriber) {
        return new JsonObject()
                .put("time", System.currentTimeMillis())
                .put("subscriber", subscriber.id())
                .put("session", subscriber.attachment().session())
                .put("zone", subscriber.zone().toString())
                .put("unackedDeliveries", subscriber.unacked().count())
                .put("unackedBytes", subscriber.unacked().bytes())
                .put("lagBytes", subscriber.isStarted() ? all.lag(subscriber) : 0)
                .put("lagMs", all.lagMillis(subscriber))
                .put("delivered", subscriber.unacked().lastSeq())
                .put("deliveredBytes", subscriber.deliveredBytes())
                .put("skippedBytes", subscriber.skippedBytes())
                .put("offset", subscriber.offset())
                .put("mode", subscriber.attachment().readOnly() ? "read" : "write")
                .put("lag", subscriber.isLossless() ? "block" : "skip")
                .put("listening", subscriber.isListening());
    }

    /** A subscriber as {@code subscribers} tells of it: its status, who it is and since when. */
    static JsonObject listed(Subscribers all, Subscriber subscriber, String node) {
        Watcher watcher = subscriber.attachment().watcher();
        return status(all, subscriber)
                .put("node", node)
                .put("user", watcher.user())
                .put("role", watcher.role())
                .put("transport", watcher.transport())
                .put("attachedAt", subscriber.attachment().attachedAt().toString());
    }

    /** The answer to {@link io.termbus.protocol.FlowMessage.FiguresWanted}. */
    public static JsonObject figures(Collection<SessionFlow> flows) {
        long unacked = 0;
        Map<Zone, Map<String, Integer>> counts = new EnumMap<>(Zone.class);
        for (SessionFlow flow : flows) {
            for (Subscriber each : flow.subscribers().all()) {
                unacked += each.unacked().bytes();
                counts.computeIfAbsent(each.zone(), first -> new HashMap<>())
                        .merge(each.attachment().watcher().transport(), 1, Integer::sum);
            }
        }
        JsonObject subscribers = new JsonObject();
        counts.forEach((zone, transports) -> subscribers.put(zone.toString(), transports));
        return new JsonObject().put("unackedBytes", unacked).put("subscribers", subscribers);
    }
}
