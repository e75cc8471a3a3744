package io.termbus.flow.output;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/** Writes the answer to {@code subscribers}: the worst off come first, at most {@link #MAX_LISTED}. */
public final class Listing {
    /** About 450 bytes each: the answer stays below the 1 MiB that clients may set as their limit of a frame. */
    static final int MAX_LISTED = 2000;

    private static final Comparator<JsonObject> WORST_FIRST = Comparator.comparing(
                    (JsonObject each) -> Zone.valueOf(each.getString("zone").toUpperCase(Locale.ROOT)))
            .thenComparing(each -> each.getLong("lagMs"))
            .thenComparing(each -> each.getLong("unackedBytes"))
            .reversed();

    private Listing() {}

    /** Those of one session, for everyone who may read it. */
    public static JsonObject of(SessionFlow flow, String node) {
        return answer(
                flow.subscribers().all().stream().map(each -> FlowRequests.listed(flow.subscribers(), each, node)),
                flow.subscribers().size());
    }

    /** Those of all sessions of an instance, for administrators: they also see from where. */
    public static JsonObject of(Collection<SessionFlow> flows, String node) {
        long total = flows.stream().mapToLong(each -> each.subscribers().size()).sum();
        return answer(flows.stream().flatMap(flow -> withPeers(flow, node)), total);
    }

    private static Stream<JsonObject> withPeers(SessionFlow flow, String node) {
        return flow.subscribers().all().stream()
                .map(each -> FlowRequests.listed(flow.subscribers(), each, node)
                        .put("peer", each.attachment().watcher().peer()));
    }

    /** Several answers as one. */
    public static JsonObject merged(List<JsonObject> answers) {
        return answer(
                answers.stream()
                        .flatMap(each -> each.getJsonArray("subscribers").stream())
                        .map(JsonObject.class::cast),
                answers.stream().mapToLong(each -> each.getLong("total")).sum());
    }

    private static JsonObject answer(Stream<JsonObject> entries, long total) {
        JsonArray listed = new JsonArray();
        entries.sorted(WORST_FIRST).limit(MAX_LISTED).forEach(listed::add);
        return new JsonObject().put("subscribers", listed).put("total", total);
    }
}
