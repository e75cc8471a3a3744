package io.termbus.bridge.web;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http.websocketx.PingWebSocketFrame;
import org.jspecify.annotations.Nullable;

/**
 * Of the pings of a WebSocket only the newest is answered, and only while the peer reads: Vert.x answers each at once, and
 * keeps the answers for as long as the peer likes. RFC 6455, 5.5.3 allows it. On the event loop of the channel.
 */
final class PingLimit extends ChannelInboundHandlerAdapter {
    private @Nullable PingWebSocketFrame newest;

    private PingLimit() {}

    /** @param channel that has become a WebSocket; Vert.x' handler is its last one */
    static void on(Channel channel) {
        channel.pipeline().addBefore(channel.pipeline().lastContext().name(), "pings", new PingLimit());
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        if (message instanceof PingWebSocketFrame ping) {
            drop();
            newest = ping;
        } else {
            context.fireChannelRead(message);
        }
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext context) {
        answer(context);
        context.fireChannelReadComplete();
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext context) {
        answer(context);
        context.fireChannelWritabilityChanged();
    }

    @Override
    public void handlerRemoved(ChannelHandlerContext context) {
        drop();
    }

    private void answer(ChannelHandlerContext context) {
        PingWebSocketFrame ping = newest;
        if (ping != null && context.channel().isWritable()) {
            newest = null;
            context.fireChannelRead(ping);
        }
    }

    private void drop() {
        if (newest != null) {
            newest.release();
            newest = null;
        }
    }
}
