package io.termbus.bridge;

import io.termbus.protocol.FlowMessage;
import io.termbus.protocol.FlowShards;
import java.util.HashMap;
import java.util.Map;
import java.util.function.BiConsumer;

/**
 * Tells the flow-control instances among which the subscribers of one connection are spread how many the others have: all
 * share one link. Where one instance has them all it is told nothing.
 */
final class LinkShares {
    private final FlowShards shards;
    private final String connection;
    private final BiConsumer<String, FlowMessage> sender;
    private final Map<String, Integer> counts = new HashMap<>();
    private int total;

    /** @param sender gets an instance's address and what it is told */
    LinkShares(FlowShards shards, String connection, BiConsumer<String, FlowMessage> sender) {
        this.shards = shards;
        this.connection = connection;
        this.sender = sender;
    }

    void attached(String subscriber) {
        changed(subscriber, 1);
    }

    /** One that was attached is gone. */
    void gone(String subscriber) {
        changed(subscriber, -1);
    }

    private void changed(String subscriber, int more) {
        shards.addressOfSubscriber(subscriber).ifPresent(owner -> {
            boolean spread = counts.size() > 1;
            counts.merge(owner, more, Integer::sum);
            counts.remove(owner, 0);
            total += more;
            if (spread || counts.size() > 1) {
                counts.forEach(
                        (each, count) -> sender.accept(each, new FlowMessage.Elsewhere(connection, total - count)));
            }
        });
    }
}
