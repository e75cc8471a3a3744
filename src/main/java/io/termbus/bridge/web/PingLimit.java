package io.termbus.bridge.web;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http.websocketx.PingWebSocketFrame;
import io.netty.handler.codec.http.websocketx.PongWebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketFrame;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Of the pings of a WebSocket only the newest is answered, and only while the peer reads: Vert.x answers each at once, and
 * keeps the answers for as long as the peer likes. RFC 6455, 5.5.3 allows it. A peer that sends many frames that say
 * nothing (pings, pongs, empty ones), which no other limit counts, is not read for a while. On the event loop of the channel.
 */
final class PingLimit extends ChannelInboundHandlerAdapter {
    /** Frames that say nothing, in one second. */
    static final int MAX_IDLE_FRAMES = 100;

    private static final long PAUSE_MS = 100;

    /** The bridge does not want to read: then Vert.x may have stopped too, and only it may go on. */
    private final BooleanSupplier paused;

    private @Nullable PingWebSocketFrame newest;
    private long second = System.nanoTime();
    private int idleFrames;

    private PingLimit(BooleanSupplier paused) {
        this.paused = paused;
    }

    /**
     * @param channel that has become a WebSocket; Vert.x' handler is its last one
     * @param paused whether its messages are not wanted at the moment
     */
    static void on(Channel channel, BooleanSupplier paused) {
        channel.pipeline().addBefore(channel.pipeline().lastContext().name(), "pings", new PingLimit(paused));
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        if (message instanceof WebSocketFrame frame && saysNothing(frame)) {
            count(context.channel());
        }
        if (message instanceof PingWebSocketFrame ping) {
            drop();
            newest = ping;
        } else {
            context.fireChannelRead(message);
        }
    }

    private static boolean saysNothing(WebSocketFrame frame) {
        return frame instanceof PingWebSocketFrame
                || frame instanceof PongWebSocketFrame
                || !frame.content().isReadable();
    }

    private void count(Channel channel) {
        long now = System.nanoTime();
        if (now - second >= TimeUnit.SECONDS.toNanos(1)) {
            second = now;
            idleFrames = 0;
        }
        if (++idleFrames >= MAX_IDLE_FRAMES && channel.config().isAutoRead()) {
            idleFrames = 0;
            channel.config().setAutoRead(false);
            readLater(channel);
        }
    }

    private void readLater(Channel channel) {
        channel.eventLoop()
                .schedule(
                        () -> {
                            if (paused.getAsBoolean() && channel.isActive()) {
                                readLater(channel);
                            } else {
                                channel.config().setAutoRead(true);
                            }
                        },
                        PAUSE_MS,
                        TimeUnit.MILLISECONDS);
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
