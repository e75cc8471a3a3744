package io.termbus.bridge.web;

import io.termbus.bridge.BridgeConnection;
import io.termbus.bridge.BridgeContext;
import io.termbus.bridge.Dialect;
import io.termbus.bridge.Transport;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.ext.web.handler.sockjs.SockJSSocket;
import java.nio.charset.StandardCharsets;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Joins a SockJS socket and the protocol. */
final class SockJsConnection implements Transport {
    private static final Logger LOG = LoggerFactory.getLogger(SockJsConnection.class);

    private final SockJSSocket socket;
    private final String peer;

    private SockJsConnection(SockJSSocket socket) {
        this.socket = socket;
        this.peer = String.valueOf(socket.remoteAddress());
    }

    static void accept(Vertx vertx, BridgeContext hub, SockJSSocket socket) {
        SockJsConnection transport = new SockJsConnection(socket);
        BridgeConnection connection = new BridgeConnection(vertx, hub, transport);
        socket.handler(connection::received);
        socket.exceptionHandler(failure -> LOG.debug("connection {} of {}", connection.id(), transport.peer, failure));
        socket.closeHandler(done -> connection.closed());
        connection.open(TokenLogin.remembered(socket.routingContext()));
    }

    @Override
    public Dialect dialect() {
        return Dialect.SOCKJS;
    }

    /** As text: a Buffer would become a binary message on a raw WebSocket, which browsers' clients do not parse. */
    @Override
    public Future<Void> write(Buffer frames) {
        return socket.write(frames.toString(StandardCharsets.UTF_8));
    }

    @Override
    public void close() {
        socket.close();
    }

    @Override
    public String peer() {
        return peer;
    }
}
