package io.termbus.bridge;

import io.termbus.config.HubConfig;
import io.termbus.protocol.FlowShards;
import io.termbus.protocol.Grant;
import io.termbus.protocol.Role;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/** A hub's context for tests: the tokens are the names of the roles. */
public final class TestHub {
    public static final FlowShards SHARDS = new FlowShards(2);

    private int connections = 100;
    private int subscribers = 4;
    private int unflushed = 4 << 20;
    private Duration login = Duration.ofSeconds(30);
    private Optional<Path> socket = Optional.empty();

    public TestHub connections(int max) {
        connections = max;
        return this;
    }

    public TestHub subscribers(int max) {
        subscribers = max;
        return this;
    }

    public TestHub unflushed(int max) {
        unflushed = max;
        return this;
    }

    public TestHub login(Duration limit) {
        login = limit;
        return this;
    }

    public TestHub socket(Path path) {
        socket = Optional.of(path);
        return this;
    }

    public BridgeContext context() {
        return new BridgeContext(
                "node1",
                "1.2.3",
                config(),
                SHARDS,
                TestHub::grantOf,
                new ConnectionSlots(connections),
                TlsFiles.none());
    }

    private static Optional<Grant> grantOf(String token) {
        return Role.of(token).map(role -> Grant.of(token, role));
    }

    private HubConfig config() {
        Duration second = Duration.ofSeconds(1);
        return new HubConfig(
                Path.of("unused"),
                new HubConfig.Http("127.0.0.1", 0),
                new HubConfig.Tcp("127.0.0.1", 0, socket),
                new HubConfig.Auth(Optional.empty()),
                new HubConfig.Session(1, 1, 1, 1, second, second, second, false),
                new HubConfig.Connection(connections, login, subscribers, unflushed),
                new HubConfig.Flow(
                        new HubConfig.Level(1, 1, 1),
                        new HubConfig.Level(2, 2, 2),
                        false,
                        3,
                        3,
                        1,
                        1,
                        second,
                        second,
                        100));
    }
}
