package io.termbus.bridge.tcp;

import io.termbus.bridge.BridgeContext;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.net.NetServer;
import io.vertx.core.net.SocketAddress;
import io.vertx.core.shareddata.LocalMap;
import java.nio.file.Path;
import java.util.Optional;

/** The Unix domain socket that is served beside the port, by one verticle instance. */
final class UnixSocketServer {
    private static final String SERVED = "termbus.tcp.socket";

    private final Vertx vertx;
    private final UnixSocketFile file;
    private final NetServer server;

    private UnixSocketServer(Vertx vertx, UnixSocketFile file, NetServer server) {
        this.vertx = vertx;
        this.file = file;
        this.server = server;
    }

    /** Serves {@code path}; empty where another verticle instance of this Vert.x does already. */
    static Future<Optional<UnixSocketServer>> listenOnce(Vertx vertx, BridgeContext hub, Path path) {
        if (served(vertx).putIfAbsent(path.toString(), true) != null) {
            return Future.succeededFuture(Optional.empty());
        }
        return listen(vertx, hub, path)
                .map(Optional::of)
                .onFailure(failure -> served(vertx).remove(path.toString()));
    }

    /** Stops listening, closes the clients and removes the file. */
    Future<Void> close() {
        return server.close()
                .eventually(() -> vertx.executeBlocking(file::delete))
                .onComplete(done -> served(vertx).remove(file.path().toString()))
                .mapEmpty();
    }

    private static Future<UnixSocketServer> listen(Vertx vertx, BridgeContext hub, Path path) {
        UnixSocketFile file = new UnixSocketFile(path);
        NetServer server = vertx.createNetServer()
                .connectHandler(socket -> TcpConnection.accept(vertx, hub, socket, "unix:" + path));
        return vertx.executeBlocking(file::prepare)
                .compose(hidden -> server.listen(SocketAddress.domainSocketAddress(hidden.toString())))
                .compose(listening -> vertx.executeBlocking(file::publish))
                .map(published -> new UnixSocketServer(vertx, file, server))
                .onFailure(failure -> abandon(vertx, server, file));
    }

    private static void abandon(Vertx vertx, NetServer server, UnixSocketFile file) {
        server.close().eventually(() -> vertx.executeBlocking(file::abandon)).mapEmpty();
    }

    private static LocalMap<String, Boolean> served(Vertx vertx) {
        return vertx.sharedData().getLocalMap(SERVED);
    }
}
