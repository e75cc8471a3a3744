package io.termbus.security;

import io.termbus.app.Hub;
import io.termbus.auth.Access;
import io.termbus.auth.AdminToken;
import io.termbus.auth.HomeDirectory;
import io.termbus.auth.Shares;
import io.termbus.config.ConfigLoader;
import io.termbus.config.HubConfig;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.http.WebSocketClient;
import io.vertx.core.http.WebSocketClientOptions;
import io.vertx.core.net.NetClient;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;

/** A whole hub on random ports of the loopback address. */
final class RunningHub {
    static final String TOKEN = "an-admin-token-for-tests";
    static final int SECONDS = 60;

    static {
        Awaitility.setDefaultTimeout(Duration.ofSeconds(SECONDS));
    }

    private final AtomicInteger pollers = new AtomicInteger();
    final Vertx vertx = Vertx.vertx();
    final Hub hub;
    private final Vertx clients = Vertx.vertx();
    /** Kept: clients that nobody refers to are closed, and their connections with them. */
    private final NetClient tcp = clients.createNetClient();

    private final WebSocketClient webSockets = clients.createWebSocketClient(new WebSocketClientOptions()
            .setMaxConnections(1000)
            .setMaxFrameSize(1 << 22)
            .setMaxMessageSize(1 << 22));

    private final HttpClient http = clients.createHttpClient(new PoolOptions().setHttp1MaxSize(1000));
    private final HttpClient scattering = clients.createHttpClient(
            new HttpClientOptions().setKeepAlive(false), new PoolOptions().setHttp1MaxSize(1000));

    /** @param settings {@code key=value} each */
    RunningHub(Path home, String... settings) throws Exception {
        Files.createDirectories(home);
        List<String> all = new ArrayList<>(
                List.of("home=" + home.resolve("home"), "http.port=0", "tcp.port=0", "auth.token=" + TOKEN));
        all.addAll(List.of(settings));
        HubConfig config = new ConfigLoader(home, home, Map.of())
                .load(Optional.empty(), all)
                .config();
        HomeDirectory.prepare(config.home());
        Access access = new Access(AdminToken.of(config), Shares.of(vertx, config.home()));
        hub = await(Hub.start(vertx, config, access, "test"));
    }

    static <T> T await(Future<T> future) throws Exception {
        return future.toCompletionStage().toCompletableFuture().get(SECONDS, TimeUnit.SECONDS);
    }

    /** A connection that has not logged in. */
    Peer connect(Bridge bridge) throws Exception {
        return bridge == Bridge.TCP
                ? Peer.tcp(clients, tcp, hub.tcpPort())
                : Peer.webSocket(clients, webSockets, hub.httpPort(), "/eventbus/websocket", Map.of());
    }

    /** A raw WebSocket of its own path and headers. */
    Peer webSocket(String path, Map<String, String> headers) throws Exception {
        return Peer.webSocket(clients, webSockets, hub.httpPort(), path, headers);
    }

    /** A WebSocket of SockJS: what it says is raw, what it hears is lost. */
    Peer framed(String path) throws Exception {
        return webSocket(path, Map.of());
    }

    /** A client over HTTP that shows its token with every request. */
    Poller poller(Polling transport, String token) throws Exception {
        return poller(transport, "session-" + pollers.incrementAndGet(), "?token=" + token)
                .open();
    }

    /** One of whose requests each is a connection of its own, on the next event loop. */
    Poller scattered(Polling transport) throws Exception {
        String id = "session-" + pollers.incrementAndGet();
        return new Poller(clients, scattering, hub.httpPort(), transport, id, "?token=" + TOKEN).open();
    }

    /** One that does not poll yet. */
    Poller poller(Polling transport, String id, String query) {
        return new Poller(clients, http, hub.httpPort(), transport, id, query);
    }

    Peer login(Bridge bridge, String token) throws Exception {
        Peer peer = connect(bridge);
        peer.login(token);
        return peer;
    }

    Peer admin() throws Exception {
        return login(Bridge.TCP, TOKEN);
    }

    /** Clients first: one whose WebSocket is closing while its hub goes waits for an answer that never comes. */
    void close() throws Exception {
        await(clients.close());
        await(hub.close());
        await(vertx.close());
    }
}
