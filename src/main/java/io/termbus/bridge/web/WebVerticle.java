package io.termbus.bridge.web;

import io.netty.channel.Channel;
import io.termbus.bridge.BridgeContext;
import io.termbus.bridge.TlsFiles;
import io.termbus.config.HttpConfig;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.VerticleBase;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.impl.HttpServerConnection;
import org.jspecify.annotations.Nullable;

/**
 * Serves the web app and SockJS. Deploy one instance for each event loop: they share the port, also a random one, and
 * what is in their {@link WebContext}.
 */
public final class WebVerticle extends VerticleBase {
    /** Largest message of a client: the contract's, as over TCP. */
    static final int MAX_MESSAGE_BYTES = 1 << 20;
    /**
     * A socket on which nothing moves for so long is cut: pages that were not fetched to the end, peers
     * that do not read. Heartbeats keep quiet connections above it.
     */
    private static final int IDLE_SECONDS = 90;
    /** As of TCP, but another one. */
    private static final int SHARED_RANDOM_PORT = -2;

    private final WebContext web;
    private final HttpConnectionLimits.Patience patience;
    private @Nullable HttpServer server;

    /** @param web the same for all instances of a node */
    public WebVerticle(WebContext web) {
        this(web, HttpConnectionLimits.Patience.DEFAULT);
    }

    WebVerticle(WebContext web, HttpConnectionLimits.Patience patience) {
        this.web = web;
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
        BridgeContext hub = web.hub;
        HttpConfig http = hub.config().http();
        int port = http.port() == 0 ? SHARED_RANDOM_PORT - hub.number() * BridgeContext.LISTENERS : http.port();
        HttpConnectionLimits slow = new HttpConnectionLimits(
                vertx, patience, new RequestTurns(vertx, hub.crowd(), System::nanoTime), web.places);
        PollingClients polling = new PollingClients(vertx, web);
        return listen(vertx, hub.tls(), slow, Routes.of(vertx, web, slow, polling), port, http.host())
                .onSuccess(bound -> server = bound);
    }

    /** A server with the limits and the TLS that all of the hub's have. */
    static Future<HttpServer> listen(
            Vertx vertx,
            TlsFiles tls,
            HttpConnectionLimits slow,
            Handler<HttpServerRequest> routes,
            int port,
            String host) {
        HttpServerOptions options = options();
        tls.secure(options);
        return vertx.createHttpServer(options)
                .connectionHandler(connection -> {
                    StrictRequests.on(channelOf(connection), options);
                    slow.connected(connection);
                })
                .requestHandler(routes)
                .listen(port, host)
                .onSuccess(bound -> tls.onChange(bound::updateSSLOptions));
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
     * No HTTP/2: the limits of HTTP count connections of one request at a time.
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
