package io.termbus.app;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.vertx.core.impl.transports.NioTransport;
import io.vertx.core.net.NetServerOptions;
import io.vertx.core.transport.Transport;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * The transport of the listeners. One thread accepts for all event loops and has little to do for each connection; in a
 * flood those that wait for their event loop would pile up without a bound. Beyond {@value #MAX_WAITING} of a listener
 * new ones are closed at once.
 */
final class AcceptLimit extends NioTransport implements Transport {
    static final int MAX_WAITING = 256;

    @Override
    public String name() {
        return "nio";
    }

    @Override
    public boolean available() {
        return true;
    }

    @Override
    public @Nullable Throwable unavailabilityCause() {
        return null;
    }

    @Override
    public io.vertx.core.spi.transport.Transport implementation() {
        return this;
    }

    @Override
    public void configure(NetServerOptions options, boolean domainSocket, ServerBootstrap bootstrap) {
        super.configure(options, domainSocket, bootstrap);
        bootstrap.handler(new Gate());
    }

    /** In the pipeline of a listener: a message is a connection that was accepted. On the accepting thread. */
    private static final class Gate extends ChannelInboundHandlerAdapter {
        private final AtomicInteger waiting = new AtomicInteger();

        @Override
        public void channelRead(ChannelHandlerContext context, Object message) {
            Channel connection = (Channel) message;
            if (waiting.get() >= MAX_WAITING) {
                connection.unsafe().closeForcibly();
                return;
            }
            waiting.incrementAndGet();
            connection.pipeline().addLast(new Arrival(waiting));
            context.fireChannelRead(message);
        }
    }

    /** In the pipeline of a connection until its event loop takes it up. */
    private static final class Arrival extends ChannelInboundHandlerAdapter {
        private final AtomicInteger waiting;

        private Arrival(AtomicInteger waiting) {
            this.waiting = waiting;
        }

        @Override
        public void handlerAdded(ChannelHandlerContext context) {
            waiting.decrementAndGet();
            context.pipeline().remove(this);
        }
    }
}
