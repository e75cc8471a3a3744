package io.termbus.bridge;

import io.termbus.config.ConnectionConfig;
import io.termbus.config.HubConfig;
import io.termbus.config.TcpConfig;
import io.termbus.config.TestConfig;
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
                Authenticator.ofTokens(TestHub::grantOf),
                new ConnectionSlots(connections),
                TlsFiles.none());
    }

    private static Optional<Grant> grantOf(String token) {
        return Role.of(token).map(role -> Grant.of(token, role));
    }

    private HubConfig config() {
        HubConfig rest = TestConfig.of("http.port=0");
        ConnectionConfig limits = rest.connection();
        return new HubConfig(
                rest.home(),
                rest.http(),
                new TcpConfig("127.0.0.1", 0, socket),
                rest.metrics(),
                rest.proxy(),
                rest.tls(),
                rest.auth(),
                rest.audit(),
                rest.session(),
                rest.record(),
                new ConnectionConfig(
                        connections,
                        limits.maxPerAddress(),
                        login,
                        subscribers,
                        limits.maxRequestsPerSecond(),
                        limits.maxInputBytesPerSecond(),
                        unflushed),
                rest.flow(),
                rest.cluster());
    }
}
