package io.termbus.flow;

import static org.assertj.core.api.Assertions.assertThat;

import io.termbus.flow.output.DisconnectReason;
import io.termbus.protocol.Delivery;
import io.vertx.core.json.JsonObject;
import org.junit.jupiter.api.Test;

class MissedDisconnectsTest {
    private final MissedDisconnects ends = new MissedDisconnects();

    @Test
    void eachIsToldItsReasonOnce() {
        ends.add("a", "s1", DisconnectReason.STALLED);
        ends.add("b", "s2", DisconnectReason.OWNER_UNREACHABLE);

        assertThat(ends.take("b"))
                .contains(new Delivery.Notice(
                        Delivery.Kind.DISCONNECTED, "s2", new JsonObject().put("reason", "owner_unreachable")));
        assertThat(ends.take("b")).isEmpty();
        assertThat(ends.take("a")).isPresent();
    }

    @Test
    void theOldestAreForgotten() {
        for (int i = 0; i <= MissedDisconnects.MAX; i++) {
            ends.add("subscriber-" + i, "s", DisconnectReason.KICKED);
        }

        assertThat(ends.take("subscriber-0")).isEmpty();
        assertThat(ends.take("subscriber-1")).isPresent();
        assertThat(ends.take("subscriber-" + MissedDisconnects.MAX)).isPresent();
    }
}
