package io.termbus.bridge.tcp;

import io.termbus.bridge.BridgeContext;
import io.termbus.config.TcpConfig;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.net.NetServer;
import io.vertx.core.net.NetServerOptions;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Serves clients over TCP and, where {@code tcp.socket} is set, a Unix domain socket. Deploy one
 * instance for each event loop: they share the port, also a random one. The first instance of a Vert.x
 * alone serves the Unix socket.
 */
public final class TcpBridgeVerticle extends VerticleBase {
    /**
     * Vert.x lets instances share a random port if they ask for the same negative one; HTTP uses another, as do other hubs,
     * which have other multiples of {@link BridgeContext#LISTENERS} beside it.
     */
    private static final int SHARED_RANDOM_PORT = -1;

    private final BridgeContext hub;
    private @Nullable NetServer server;
    private Optional<UnixSocketServer> unix = Optional.empty();

    public TcpBridgeVerticle(BridgeContext hub) {
        this.hub = hub;
    }

    /** The port that clients connect to. Call after deployment; any thread may. */
    public int port() {
        NetServer bound = server;
        if (bound == null) {
            throw new IllegalStateException("not deployed");
        }
        return bound.actualPort();
    }

    @Override
    public Future<?> start() {
        TcpConfig tcp = hub.config().tcp();
        NetServerOptions options = new NetServerOptions().setTcpNoDelay(true);
        hub.tls().secure(options);
        NetServer tcpServer = vertx.createNetServer(options)
                .connectHandler(socket -> TcpConnection.accept(
                        vertx, hub, socket, socket.remoteAddress().toString()));
        int port = tcp.port() == 0 ? SHARED_RANDOM_PORT - hub.number() * BridgeContext.LISTENERS : tcp.port();
        return tcpServer
                .listen(port, tcp.host())
                .onSuccess(bound -> {
                    server = bound;
                    hub.tls().onChange(bound::updateSSLOptions);
                })
                .compose(bound -> startUnix(tcp));
    }

    @Override
    public Future<?> stop() {
        NetServer bound = server;
        Future<Void> tcpClosed = bound == null ? Future.succeededFuture() : bound.close();
        return Future.join(tcpClosed, unix.map(UnixSocketServer::close).orElseGet(Future::succeededFuture));
    }

    private Future<Void> startUnix(TcpConfig tcp) {
        if (tcp.socket().isEmpty()) {
            return Future.succeededFuture();
        }
        Path path = tcp.socket().get();
        return UnixSocketServer.listenOnce(vertx, hub, path)
                .onSuccess(opened -> unix = opened)
                .recover(cause -> Future.failedFuture(new UnixSocketException(path, cause)))
                .mapEmpty();
    }
}
