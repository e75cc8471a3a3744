package io.termbus.bridge;

import static org.assertj.core.api.Assertions.assertThat;

import io.termbus.protocol.FlowMessage;
import io.termbus.protocol.FlowShards;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class LinkSharesTest {
    private final FlowShards shards = new FlowShards(4);
    private final List<String> told = new ArrayList<>();
    private final LinkShares links = new LinkShares(shards, "c", (owner, message) -> {
        FlowMessage.Elsewhere elsewhere = (FlowMessage.Elsewhere) message;
        assertThat(elsewhere.connection()).isEqualTo("c");
        told.add(owner.substring(owner.length() - 1) + ":" + elsewhere.subscribers());
    });

    private static String subscriber(int shard, String name) {
        return FlowShards.subscriberId(shard, name);
    }

    @Test
    void anInstanceThatHasThemAllIsToldNothing() {
        links.attached(subscriber(1, "a"));
        links.attached(subscriber(1, "b"));
        links.gone(subscriber(1, "a"));

        assertThat(told).isEmpty();
    }

    @Test
    void eachInstanceIsToldHowManyTheOthersHave() {
        links.attached(subscriber(1, "a"));
        links.attached(subscriber(1, "b"));

        links.attached(subscriber(2, "c"));

        assertThat(told).containsExactlyInAnyOrder("1:1", "2:2");
    }

    @Test
    void theLastInstanceIsToldThatNoOtherHasAny() {
        links.attached(subscriber(1, "a"));
        links.attached(subscriber(2, "b"));
        told.clear();

        links.gone(subscriber(2, "b"));

        assertThat(told).containsExactly("1:0");
    }
}
