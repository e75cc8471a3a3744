package io.termbus.bridge.web;

import io.termbus.bridge.BridgeConnection;
import io.termbus.bridge.BridgeContext;
import io.termbus.bridge.Dialect;
import io.termbus.bridge.Transport;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.ServerWebSocket;
import io.vertx.ext.web.RoutingContext;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * SockJS over a WebSocket, as every browser speaks it. Vert.x' own transport escapes each message
 * character by character: measured with deliveries of 64 KiB it carries 160 MB/s, this one several
 * times as much. The other transports of SockJS are Vert.x'.
 */
final class SockJsWebSocket implements Transport {
    /** The interval of SockJS, in milliseconds: below what proxies allow an idle connection. */
    static final long HEARTBEAT_MS = 25_000;

    private static final Logger LOG = LoggerFactory.getLogger(SockJsWebSocket.class);

    private final ServerWebSocket socket;
    private final String peer;
    private boolean closing;

    private SockJsWebSocket(ServerWebSocket socket) {
        this.socket = socket;
        this.peer = String.valueOf(socket.remoteAddress());
    }

    /** Upgrades the request; what is no WebSocket is left to the next handler. */
    static void upgrade(Vertx vertx, BridgeContext hub, RoutingContext rc) {
        if (!rc.request().canUpgradeToWebSocket()) {
            rc.next();
            return;
        }
        Optional<String> token = TokenLogin.remembered(rc);
        rc.request()
                .toWebSocket()
                .onSuccess(socket -> accept(vertx, hub, socket, token))
                .onFailure(rc::fail);
    }

    private static void accept(Vertx vertx, BridgeContext hub, ServerWebSocket socket, Optional<String> token) {
        SockJsWebSocket transport = new SockJsWebSocket(socket);
        BridgeConnection connection = new BridgeConnection(vertx, hub, transport);
        long heartbeat = vertx.setPeriodic(HEARTBEAT_MS, timer -> transport.say(SockJsFrames.HEARTBEAT));
        socket.closeHandler(done -> {
            vertx.cancelTimer(heartbeat);
            connection.closed();
        });
        socket.exceptionHandler(failure -> SockJsConnection.failed(connection, failure));
        socket.textMessageHandler(frame -> transport.received(frame, connection));
        transport.say(SockJsFrames.OPEN);
        connection.open(token);
    }

    /** What is no SockJS frame closes the socket, as with Vert.x' own transport. */
    private void received(String frame, BridgeConnection connection) {
        Optional<List<String>> messages = SockJsFrames.messages(frame);
        if (messages.isEmpty()) {
            close();
            return;
        }
        messages.get().forEach(message -> connection.received(Buffer.buffer(message)));
    }

    private void say(String frame) {
        socket.writeTextMessage(frame).onFailure(failure -> LOG.debug("nothing reaches {}", peer, failure));
    }

    @Override
    public Dialect dialect() {
        return Dialect.SOCKJS;
    }

    @Override
    public Future<Void> write(Buffer frames) {
        return socket.writeTextMessage(SockJsFrames.carrying(frames));
    }

    @Override
    public void close() {
        if (!closing && !socket.isClosed()) {
            closing = true;
            say(SockJsFrames.GO_AWAY);
            socket.close().onFailure(failure -> LOG.debug("closing the socket of {}", peer, failure));
        }
    }

    @Override
    public String peer() {
        return peer;
    }
}
