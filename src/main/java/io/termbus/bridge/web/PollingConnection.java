package io.termbus.bridge.web;

import io.netty.buffer.ByteBuf;
import io.termbus.bridge.BridgeConnection;
import io.termbus.bridge.BridgeContext;
import io.termbus.bridge.Dialect;
import io.termbus.bridge.Transport;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.handler.sockjs.SockJSSocket;
import java.nio.charset.StandardCharsets;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Joins a SockJS socket of Vert.x, polling or streaming, and the protocol. WebSockets are {@link WebSocketConnection}s. */
final class PollingConnection implements Transport {
    private static final Logger LOG = LoggerFactory.getLogger(PollingConnection.class);

    private final SockJSSocket socket;
    private final String peer;
    private final String address;

    private PollingConnection(SockJSSocket socket) {
        this.socket = socket;
        Visitor visitor = Visitor.remembered(socket.routingContext());
        this.peer = visitor.peer();
        this.address = visitor.address();
    }

    static void accept(Vertx vertx, BridgeContext hub, PollingOwners owners, SockJSSocket socket) {
        RoutingContext first = socket.routingContext();
        PollingConnection transport = new PollingConnection(socket);
        BridgeConnection connection = new BridgeConnection(vertx, hub, transport);
        socket.handler(connection::received);
        socket.exceptionHandler(failure -> LOG.debug("connection {} of {}", connection.id(), transport.peer, failure));
        PollingOwners.Owner owner = owners.opened(first, connection.id());
        socket.closeHandler(done -> {
            owners.closed(first, owner);
            connection.closed();
        });
        connection.open(TokenLogin.remembered(first), Visitor.remembered(first).user());
    }

    @Override
    public Dialect dialect() {
        return Dialect.SOCKJS;
    }

    @Override
    public Future<Void> write(ByteBuf frames) {
        return socket.write(frames.toString(StandardCharsets.UTF_8));
    }

    @Override
    public void close() {
        socket.close();
    }

    /** The request at hand may be another than the first: {@link WebVerticle}'s idle timeout ends it. */
    @Override
    public void abort() {
        socket.close();
    }

    @Override
    public String address() {
        return address;
    }

    @Override
    public String name() {
        return "sockjs";
    }

    @Override
    public String peer() {
        return peer;
    }
}
