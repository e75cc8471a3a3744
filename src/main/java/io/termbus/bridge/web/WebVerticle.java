package io.termbus.bridge.web;

import io.netty.channel.Channel;
import io.termbus.bridge.AddressLimits;
import io.termbus.bridge.BridgeContext;
import io.termbus.bridge.Crowd;
import io.termbus.config.HttpConfig;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.impl.HttpServerConnection;
import org.jspecify.annotations.Nullable;

/**
 * Serves the web app and SockJS. Several instances share one port, also a random one; whoever deploys decides
 * how many event loops serve HTTP.
 */
public final class WebVerticle extends VerticleBase {
    /** Largest message of a client: the contract's, as over TCP. */
    static final int MAX_MESSAGE_BYTES = 1 << 20;
    /**
     * A socket on which nothing moves for so long is cut: pages that were not fetched to the end, peers
     * that do not read. Heartbeats keep quiet connections above it.
     */
    private static final int IDLE_SECONDS = 90;
    /** Vert.x lets instances share a random port if they ask for the same negative one; TCP uses another. */
    private static final int SHARED_RANDOM_PORT = -2;

    private final BridgeContext hub;
    private final SlowClients.Patience patience;
    private @Nullable HttpServer server;

    public WebVerticle(BridgeContext hub) {
        this(hub, SlowClients.Patience.DEFAULT);
    }

    WebVerticle(BridgeContext hub, SlowClients.Patience patience) {
        this.hub = hub;
        this.patience = patience;
    }

    /** The port that clients connect to. Call after deployment; any thread may. */
    public int port() {
        HttpServer bound = server;
        if (bound == null) {
            throw new IllegalStateException("not deployed");
        }
        return bound.actualPort();
    }

    @Override
    public Future<?> start() {
        HttpConfig http = hub.config().http();
        int port = http.port() == 0 ? SHARED_RANDOM_PORT : http.port();
        HttpServerOptions options = options();
        hub.tls().secure(options);
        RequestTurns turns =
                new RequestTurns(vertx, new Crowd(Runtime.getRuntime().availableProcessors()), System::nanoTime);
        HttpPlaces<HttpConnection> places = new HttpPlaces<>(
                http.maxPerAddress(),
                address -> AddressLimits.isLoopback(address)
                        || hub.config().proxy().addresses().contains(address));
        SlowClients slow =
                new SlowClients(vertx, hub.httpSlots(), patience, turns, places, http.basePath() + Routes.BUS_PATH);
        return vertx.createHttpServer(options)
                .connectionHandler(connection -> {
                    StrictRequests.on(channelOf(connection), options);
                    slow.connected(connection);
                })
                .requestHandler(Routes.of(vertx, hub, slow))
                .listen(port, http.host())
                .onSuccess(bound -> {
                    server = bound;
                    hub.tls().onChange(bound::updateSSLOptions);
                });
    }

    static Channel channelOf(HttpConnection connection) {
        return ((HttpServerConnection) connection).channelHandlerContext().channel();
    }

    @Override
    public Future<?> stop() {
        HttpServer bound = server;
        return bound == null ? Future.succeededFuture() : bound.close();
    }

    /**
     * No compression of messages: terminal output over a local socket costs less to send than to deflate.
     * No HTTP/2: SockJS ends a poll by closing its connection, which would close the session.
     */
    private static HttpServerOptions options() {
        return new HttpServerOptions()
                .setIdleTimeout(IDLE_SECONDS)
                .setHttp2ClearTextEnabled(false)
                .setUseAlpn(false)
                .setMaxFormAttributeSize(MAX_MESSAGE_BYTES) // JSONP posts its messages in one
                .setMaxWebSocketFrameSize(MAX_MESSAGE_BYTES)
                .setMaxWebSocketMessageSize(MAX_MESSAGE_BYTES)
                .setPerFrameWebSocketCompressionSupported(false)
                .setPerMessageWebSocketCompressionSupported(false);
    }
}
