package io.termbus.auth;

import io.termbus.bench.Traffic;
import io.termbus.bench.Virtual;
import io.termbus.protocol.FakeNodes;
import io.termbus.protocol.Role;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;

/** The shares of many nodes in one virtual time: all know the same. */
public final class ShareModel {
    private static final long LATENCY_NANOS = 1_000_000L;
    private static final int SHARES = 20;

    private final Virtual time;
    private final Traffic traffic;
    private final Map<String, ShareSync> syncs = new HashMap<>();

    public ShareModel(List<String> nodes, Vertx vertx, Path directory, Virtual time, Traffic traffic, Random random)
            throws IOException {
        this.time = time;
        this.traffic = traffic;
        JsonArray known = new JsonArray();
        for (String node : nodes) {
            Shares shares = Shares.of(vertx, directory, Optional.of("a key of at least thirty-two bytes, or so"));
            if (known.isEmpty()) {
                for (int i = 0; i < SHARES; i++) {
                    shares.issue(Optional.empty(), Role.VIEWER, Duration.ofDays(1), "admin");
                }
                known = shares.state();
            }
            shares.merge(known);
            ShareSync sync = new ShareSync(
                    new Net(),
                    new FakeNodes(node, () -> nodes),
                    shares,
                    ShareSync.COMPARE_EVERY,
                    new Random(random.nextLong()),
                    InstantSource.system(),
                    () -> {});
            syncs.put(node, sync);
            long first = (long) (random.nextDouble() * ShareSync.COMPARE_EVERY.toNanos());
            time.after(first, sync::begin);
        }
    }

    /** Nodes. */
    public int size() {
        return syncs.size();
    }

    private final class Net implements ShareSync.Wire {
        @Override
        public void send(String other, JsonObject message) {
            traffic.sent(message.encode().length());
            time.after(LATENCY_NANOS, () -> syncs.get(other).heard(message));
        }

        @Override
        public void after(long millis, Runnable task) {
            time.after(millis * 1_000_000L, task);
        }

        @Override
        public void ended(String share) {}
    }
}
