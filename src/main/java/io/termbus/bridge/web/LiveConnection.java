package io.termbus.bridge.web;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.termbus.bridge.BridgeConnection;
import io.termbus.bridge.BridgeContext;
import io.termbus.bridge.Dialect;
import io.termbus.bridge.Transport;
import io.termbus.protocol.Addresses;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.ServerWebSocket;
import io.vertx.core.http.WebSocketFrame;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RoutingContext;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A session as a live stream that asciinema's player takes: a connection of the bridge that watches one session and acks
 * what has gone. Who lags gets a snapshot, which the stream begins anew with. On the event loop of its WebSocket.
 */
final class LiveConnection implements Transport {
    private static final Logger LOG = LoggerFactory.getLogger(LiveConnection.class);
    private static final String PROTOCOL = "v1.alis";
    private static final short NORMAL = 1000;
    /** The player tries again later. */
    private static final short TRY_AGAIN = 1013;
    /** The player takes the stream for ended, and shows the reason. */
    private static final short ENDED = 4000;
    /** As of RFC 6455, 5.5. */
    private static final int MAX_REASON_CHARS = 100;

    private final ServerWebSocket socket;
    private final HttpConnection http;
    private final RemoteClient visitor;
    private final String session;
    private final BridgeConnection connection;
    private final AlisFrames frames = new AlisFrames();
    private String subscriber = "";
    private short closeCode = TRY_AGAIN;
    private String reason = "";

    private LiveConnection(
            Vertx vertx,
            BridgeContext hub,
            ServerWebSocket socket,
            HttpConnection http,
            RemoteClient visitor,
            String session) {
        this.socket = socket;
        this.http = http;
        this.visitor = visitor;
        this.session = session;
        this.connection = new BridgeConnection(vertx, hub, this);
    }

    /** Upgrades the request; what is no WebSocket that asks for such a stream is left to the next handler. */
    static void upgrade(Vertx vertx, BridgeContext hub, HttpConnectionLimits slow, String session, RoutingContext rc) {
        boolean asked = RemoteClient.values(rc.request().headers(), HttpHeaderNames.SEC_WEBSOCKET_PROTOCOL)
                .contains(PROTOCOL);
        if (!asked || !rc.request().canUpgradeToWebSocket()) {
            rc.next();
            return;
        }
        rc.response().putHeader(HttpHeaderNames.SEC_WEBSOCKET_PROTOCOL, PROTOCOL);
        Optional<String> token = TokenLogin.remembered(rc);
        RemoteClient visitor = RemoteClient.remembered(rc);
        HttpConnection http = rc.request().connection();
        rc.request()
                .toWebSocket()
                .onSuccess(socket -> {
                    slow.forget(http);
                    new LiveConnection(vertx, hub, socket, http, visitor, session).begin(vertx, token);
                })
                .onFailure(failure -> WebSocketConnection.refused(rc, failure));
    }

    private void begin(Vertx vertx, Optional<String> token) {
        PingLimit.on(WebVerticle.channelOf(http), () -> false);
        long heartbeat =
                vertx.setPeriodic(WebSocketConnection.HEARTBEAT_MS, timer -> log(socket.writePing(Buffer.buffer())));
        socket.closeHandler(done -> {
            vertx.cancelTimer(heartbeat);
            connection.closed();
        });
        socket.exceptionHandler(failure -> LOG.debug("connection {}", connection.id(), failure));
        // whoever watches has nothing to say
        socket.textMessageHandler(text -> close());
        socket.binaryMessageHandler(bytes -> close());
        log(say(AlisFrames.MAGIC));
        connection.open(token, visitor.login(), visitor.user());
        connection.received(McpExchange.question(
                Addresses.FLOW,
                "attach",
                new JsonObject().put("session", session).put("mode", "read").put("scrollback", 0)));
    }

    @Override
    public Future<Void> write(ByteBuf message) {
        JsonObject frame = new JsonObject(Buffer.buffer(ByteBufUtil.getBytes(message)));
        message.release();
        JsonObject headers = frame.getJsonObject("headers", new JsonObject());
        if (frame.getString("type").equals("err")) {
            refused(frame.getInteger("failureCode", 0), frame.getString("message", ""));
            return Future.succeededFuture();
        }
        if (McpExchange.ANSWER.equals(frame.getString("address"))) {
            attached(frame.getJsonObject("body"));
            return Future.succeededFuture();
        }
        return delivered(headers.getString("kind", ""), headers, frame);
    }

    /** The first reason counts. */
    private void refused(int code, String why) {
        if (reason.isEmpty()) {
            closeCode = code == 401 || code == 403 || code == 404 ? ENDED : TRY_AGAIN;
            reason = why;
            close();
        }
    }

    private void attached(JsonObject answer) {
        subscriber = answer.getString("subscriber");
        connection.received(new JsonObject()
                .put("type", "register")
                .put("address", answer.getString("address"))
                .toBuffer());
    }

    private Future<Void> delivered(String kind, JsonObject headers, JsonObject frame) {
        switch (kind) {
            case "snapshot" -> {
                return counted(
                        headers,
                        frames.snapshot(
                                number(headers, "time"),
                                (int) number(headers, "cols"),
                                (int) number(headers, "rows"),
                                bytes(frame)));
            }
            case "output" -> {
                return counted(headers, frames.output(number(headers, "time"), bytes(frame)));
            }
            case "resize" -> {
                JsonObject size = frame.getJsonObject("body");
                return say(frames.resize(size.getInteger("cols"), size.getInteger("rows")));
            }
            case "exit" -> {
                log(say(frames.exit(frame.getJsonObject("body").getInteger("code"))));
                return ended();
            }
            case "disconnected" -> {
                if (frame.getJsonObject("body").getString("reason").equals("removed")) {
                    return ended();
                }
                close();
                return Future.succeededFuture();
            }
            default -> {
                return Future.succeededFuture();
            }
        }
    }

    private Future<Void> ended() {
        closeCode = NORMAL;
        return say(AlisFrames.END).onSuccess(told -> close());
    }

    private Future<Void> counted(JsonObject headers, Buffer message) {
        JsonObject ack = new JsonObject().put("subscriber", subscriber).put("seq", number(headers, "seq"));
        return say(message)
                .onSuccess(gone -> connection.received(
                        McpExchange.command(Addresses.FLOW, "ack", ack).toBuffer()));
    }

    /** In frames that every client takes. */
    private Future<Void> say(Buffer message) {
        int first = Math.min(message.length(), WebSocketConnection.MAX_FRAME_BYTES);
        Future<Void> written =
                socket.writeFrame(WebSocketFrame.binaryFrame(message.slice(0, first), first == message.length()));
        for (int from = first; from < message.length(); from += WebSocketConnection.MAX_FRAME_BYTES) {
            int to = Math.min(message.length(), from + WebSocketConnection.MAX_FRAME_BYTES);
            written = socket.writeFrame(
                    WebSocketFrame.continuationFrame(message.slice(from, to), to == message.length()));
        }
        return written;
    }

    private static long number(JsonObject headers, String name) {
        return Long.parseLong(headers.getString(name));
    }

    private static byte[] bytes(JsonObject frame) {
        return Base64.getUrlDecoder().decode(frame.getString("body").getBytes(StandardCharsets.US_ASCII));
    }

    private static void log(Future<Void> write) {
        write.onFailure(failure -> LOG.debug("a viewer is gone", failure));
    }

    @Override
    public void close() {
        if (!socket.isClosed()) {
            String why = reason.length() > MAX_REASON_CHARS ? reason.substring(0, MAX_REASON_CHARS) : reason;
            log(socket.close(closeCode, why));
        }
    }

    @Override
    public void abort() {
        HttpConnectionLimits.abort(http);
    }

    @Override
    public Dialect dialect() {
        return Dialect.SOCKJS;
    }

    @Override
    public String address() {
        return visitor.address();
    }

    @Override
    public String name() {
        return "websocket";
    }

    @Override
    public String peer() {
        return visitor.peer();
    }
}
