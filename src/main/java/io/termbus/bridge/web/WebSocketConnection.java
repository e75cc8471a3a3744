package io.termbus.bridge.web;

import static io.netty.handler.codec.http.websocketx.WebSocketCloseStatus.INVALID_MESSAGE_TYPE;
import static io.netty.handler.codec.http.websocketx.WebSocketCloseStatus.MESSAGE_TOO_BIG;
import static io.netty.handler.codec.http.websocketx.WebSocketCloseStatus.NORMAL_CLOSURE;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.websocketx.BinaryWebSocketFrame;
import io.netty.handler.codec.http.websocketx.ContinuationWebSocketFrame;
import io.netty.handler.codec.http.websocketx.CorruptedWebSocketFrameException;
import io.netty.handler.codec.http.websocketx.TextWebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketCloseStatus;
import io.netty.handler.codec.http.websocketx.WebSocketFrame;
import io.termbus.bridge.BinaryFrames;
import io.termbus.bridge.BridgeConnection;
import io.termbus.bridge.BridgeContext;
import io.termbus.bridge.ChannelWrites;
import io.termbus.bridge.Dialect;
import io.termbus.bridge.Envelope;
import io.termbus.bridge.Transport;
import io.termbus.protocol.ErrorCode;
import io.termbus.protocol.HubException;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.ServerWebSocket;
import io.vertx.core.http.impl.HttpServerConnection;
import io.vertx.ext.web.RoutingContext;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * SockJS over a WebSocket, as every browser speaks it, or messages as they are. Vert.x' own transport escapes each message
 * character by character: measured with deliveries of 64 KiB it carries 160 MB/s, this one several
 * times as much. It also cannot be
 * aborted. The other transports of SockJS are {@link PollingConnection}s.
 */
final class WebSocketConnection implements Transport {
    /** The interval of SockJS, in milliseconds: below what proxies allow an idle connection. */
    static final long HEARTBEAT_MS = 25_000;
    /** Longer messages go in several frames, as many clients refuse longer frames. */
    static final int MAX_FRAME_BYTES = 65_536;

    private static final Logger LOG = LoggerFactory.getLogger(WebSocketConnection.class);

    /** What a message of the socket holds. */
    enum Framing {
        /** A frame of SockJS. */
        SOCKJS,
        /** One JSON object. */
        NONE,
        /** One frame of the TCP bridge, without its length. */
        FRAMES
    }

    /** The subprotocol (RFC 6455, 1.9) that asks for {@link Framing#FRAMES}. */
    static final String FRAMES_PROTOCOL = "termbus.v1.binary";

    private final ServerWebSocket socket;
    private final Channel channel;
    private final Framing framing;
    private final RemoteClient visitor;
    private boolean closing;
    /** RFC 6455, 7.4.1. */
    private short closeCode = (short) NORMAL_CLOSURE.code();

    private boolean paused;

    private WebSocketConnection(ServerWebSocket socket, Channel channel, Framing framing, RemoteClient visitor) {
        this.socket = socket;
        this.channel = channel;
        this.framing = framing;
        this.visitor = visitor;
    }

    /** Upgrades a request at the path without SockJS, as the client asks for. */
    static void upgradeRaw(Vertx vertx, BridgeContext hub, HttpConnectionLimits slow, RoutingContext rc) {
        boolean frames = RemoteClient.values(rc.request().headers(), HttpHeaderNames.SEC_WEBSOCKET_PROTOCOL)
                .contains(FRAMES_PROTOCOL);
        if (frames) {
            // here, as Vert.x' own choice is one for all paths of a server
            rc.response().putHeader(HttpHeaderNames.SEC_WEBSOCKET_PROTOCOL, FRAMES_PROTOCOL);
        }
        upgrade(vertx, hub, frames ? Framing.FRAMES : Framing.NONE, slow, rc);
    }

    /** Upgrades the request; what is no WebSocket is left to the next handler. */
    static void upgrade(Vertx vertx, BridgeContext hub, Framing framing, HttpConnectionLimits slow, RoutingContext rc) {
        if (!rc.request().canUpgradeToWebSocket()) {
            rc.next();
            return;
        }
        Optional<String> token = TokenLogin.remembered(rc);
        RemoteClient visitor = RemoteClient.remembered(rc);
        Channel channel = ((HttpServerConnection) rc.request().connection())
                .channelHandlerContext()
                .channel();
        // until then the limits of HTTP hold: Vert.x waits for a body, and may refuse
        rc.request()
                .toWebSocket()
                .onSuccess(socket -> {
                    slow.forget(rc.request().connection());
                    accept(vertx, hub, new WebSocketConnection(socket, channel, framing, visitor), token, visitor);
                })
                .onFailure(failure -> refused(rc, failure));
    }

    /** Vert.x may have answered by itself. */
    static void refused(RoutingContext rc, Throwable failure) {
        rc.fail(400, failure);
        HttpConnectionLimits.close(rc.request().connection());
    }

    private static void accept(
            Vertx vertx,
            BridgeContext hub,
            WebSocketConnection transport,
            Optional<String> token,
            RemoteClient visitor) {
        BridgeConnection connection = new BridgeConnection(vertx, hub, transport);
        ServerWebSocket socket = transport.socket;
        PingLimit.on(transport.channel, () -> transport.paused);
        long heartbeat = vertx.setPeriodic(HEARTBEAT_MS, timer -> transport.heartbeat());
        socket.closeHandler(done -> {
            vertx.cancelTimer(heartbeat);
            connection.closed();
        });
        socket.exceptionHandler(failure -> transport.failed(connection, failure));
        if (transport.framing == Framing.SOCKJS) {
            socket.textMessageHandler(frame -> transport.receivedFrame(frame, connection));
            transport.say(SockJsFrames.OPEN);
        } else {
            socket.textMessageHandler(text -> transport.receivedText(text, connection));
            socket.binaryMessageHandler(connection::received);
        }
        connection.open(token, visitor.login(), visitor.user());
    }

    /** Vert.x reports what is no frame, and a message beyond the limit, and leaves the WebSocket open. It reports a lost peer too. */
    private void failed(BridgeConnection connection, Throwable failure) {
        LOG.debug("connection {}", connection.id(), failure);
        if (socket.isClosed() || failure instanceof IOException) {
            return; // the close handler is next
        }
        WebSocketCloseStatus status =
                failure instanceof CorruptedWebSocketFrameException frame ? frame.closeStatus() : MESSAGE_TOO_BIG;
        closeCode = (short) status.code();
        connection.end(
                status.equals(MESSAGE_TOO_BIG)
                        ? new HubException(
                                ErrorCode.TOO_LARGE, "a message may have " + WebVerticle.MAX_MESSAGE_BYTES + " bytes")
                        : HubException.malformed("what came is no WebSocket frame: " + failure.getMessage()));
    }

    /** What is no SockJS frame closes the socket, as with Vert.x' own transport. */
    private void receivedFrame(String frame, BridgeConnection connection) {
        Optional<List<String>> messages = SockJsFrames.messages(frame);
        if (messages.isEmpty()) {
            close();
            return;
        }
        messages.get().forEach(message -> connection.received(Buffer.buffer(message)));
    }

    /** A binary frame is none any more when it went through a text. */
    private void receivedText(String text, BridgeConnection connection) {
        if (framing == Framing.FRAMES && !text.isEmpty() && BinaryFrames.isKind(text.charAt(0))) {
            closeCode = (short) INVALID_MESSAGE_TYPE.code();
            connection.end(HubException.malformed("a binary frame must come as a binary message, was text"));
        } else {
            connection.received(Buffer.buffer(text));
        }
    }

    private void heartbeat() {
        if (framing == Framing.SOCKJS) {
            say(SockJsFrames.HEARTBEAT);
        } else {
            log(socket.writePing(Buffer.buffer()));
        }
    }

    private void say(String frame) {
        log(socket.writeTextMessage(frame));
    }

    private void log(Future<Void> write) {
        write.onFailure(failure -> LOG.debug("nothing reaches {}", peer(), failure));
    }

    @Override
    public Dialect dialect() {
        return framing == Framing.FRAMES ? Dialect.WEBSOCKET_FRAMES : Dialect.SOCKJS;
    }

    @Override
    public Envelope envelope() {
        return framing == Framing.SOCKJS ? SockJsFrames.ENVELOPE : Transport.super.envelope();
    }

    @Override
    public ByteBuf buffer(int bytes) {
        return channel.alloc().directBuffer(bytes);
    }

    /** One message, straight to the channel: Vert.x takes text as a string, which takes four copies of it. */
    @Override
    public Future<Void> write(ByteBuf message) {
        boolean whole = message.readableBytes() <= MAX_FRAME_BYTES;
        boolean binary = framing == Framing.FRAMES && BinaryFrames.isKind(message.getByte(message.readerIndex()));
        ByteBuf first = next(message);
        WebSocketFrame frame =
                binary ? new BinaryWebSocketFrame(whole, 0, first) : new TextWebSocketFrame(whole, 0, first);
        while (message.isReadable()) {
            channel.write(frame);
            ByteBuf part = next(message);
            frame = new ContinuationWebSocketFrame(!message.isReadable(), 0, part);
        }
        return ChannelWrites.future(channel.writeAndFlush(frame));
    }

    /** Each part is released by its write, the last one for the message itself. */
    private static ByteBuf next(ByteBuf message) {
        int left = message.readableBytes();
        return left <= MAX_FRAME_BYTES ? message.readSlice(left) : message.readRetainedSlice(MAX_FRAME_BYTES);
    }

    @Override
    public void pause() {
        paused = true;
        socket.pause();
    }

    @Override
    public void resume() {
        paused = false;
        socket.resume();
    }

    @Override
    public void close() {
        if (!closing && !socket.isClosed()) {
            closing = true;
            if (framing == Framing.SOCKJS) {
                say(SockJsFrames.GO_AWAY);
            }
            socket.close(closeCode).onFailure(failure -> LOG.debug("closing the socket of {}", peer(), failure));
        }
    }

    @Override
    public void abort() {
        // from the first handler on: Vert.x' own would wait for a flush
        channel.pipeline().firstContext().close();
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
