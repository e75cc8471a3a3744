package io.termbus.bridge.tcp;

import io.netty.buffer.ByteBuf;
import io.termbus.bridge.BridgeConnection;
import io.termbus.bridge.BridgeContext;
import io.termbus.bridge.ChannelWrites;
import io.termbus.bridge.Dialect;
import io.termbus.bridge.Transport;
import io.termbus.protocol.HubException;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.internal.net.NetSocketInternal;
import io.vertx.core.net.NetSocket;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Joins a socket, its frames and the protocol. */
final class TcpConnection implements Transport {
    private static final Logger LOG = LoggerFactory.getLogger(TcpConnection.class);

    private final NetSocketInternal socket;
    private final String peer;
    private final String address;

    private TcpConnection(NetSocket socket, String peer) {
        this.address = Optional.ofNullable(socket.remoteAddress().hostAddress()).orElse("");
        this.socket = (NetSocketInternal) socket;
        this.peer = peer;
    }

    /** @param peer address of the client, for logs */
    static void accept(Vertx vertx, BridgeContext hub, NetSocket socket, String peer) {
        TcpConnection transport = new TcpConnection(socket, peer);
        BridgeConnection connection = new BridgeConnection(vertx, hub, transport);
        FrameParser parser = new FrameParser(connection::received);
        socket.handler(bytes -> feed(parser, bytes, connection));
        socket.exceptionHandler(failure -> LOG.debug("connection {} of {}", connection.id(), peer, failure));
        socket.closeHandler(done -> connection.closed());
        connection.open(Optional.empty());
    }

    private static void feed(FrameParser parser, Buffer bytes, BridgeConnection connection) {
        try {
            parser.feed(bytes);
        } catch (HubException e) {
            connection.end(e);
        }
    }

    @Override
    public Dialect dialect() {
        return Dialect.TCP;
    }

    @Override
    public ByteBuf buffer(int bytes) {
        return socket.channelHandlerContext().alloc().directBuffer(bytes);
    }

    @Override
    public Future<Void> write(ByteBuf frames) {
        return ChannelWrites.future(socket.channelHandlerContext().writeAndFlush(frames));
    }

    @Override
    public void pause() {
        socket.pause();
    }

    @Override
    public void resume() {
        socket.resume();
    }

    @Override
    public void close() {
        socket.close().onFailure(failure -> LOG.debug("closing the socket of {}", peer, failure));
    }

    @Override
    public void abort() {
        socket.channelHandlerContext().close();
    }

    @Override
    public String address() {
        return address;
    }

    @Override
    public String name() {
        return address.isEmpty() ? "unix" : "tcp";
    }

    @Override
    public String peer() {
        return peer;
    }
}
