package io.termbus.app;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.AdaptiveRecvByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFactory;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.channel.RecvByteBufAllocator;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollSocketChannel;
import io.termbus.guard.TokenBucket;
import io.vertx.core.impl.transports.EpollTransport;
import io.vertx.core.impl.transports.NioTransport;
import io.vertx.core.net.NetServerOptions;
import io.vertx.core.transport.Transport;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * The transport of the listeners. One thread accepts for all event loops and has little to do for each connection; in a
 * flood those that wait for their event loop would pile up without a bound. Beyond {@value #MAX_WAITING} of a listener
 * new ones are closed at once. Of each listener it accepts {@value #BURST} at once, then {@value #PER_SECOND} a second, since
 * each costs about 0.1 ms of processor time; others wait in the queue of the system. TLS handshakes have a bound of their
 * own, {@link Handshakes}. Connections that the hub itself makes, to other nodes, are watched by {@link DeadLinks}.
 */
final class AcceptLimit implements Transport {
    static final int MAX_WAITING = 256;
    static final int BURST = 256;
    static final int PER_SECOND = 1000;
    /** Connections of a listener that the system keeps until they are accepted: a second's. Others' clients try again. */
    private static final int SYSTEM_QUEUE = 1000;
    /**
     * One of up to 64 KiB, then the other connections of an event loop come: what is read in one go is also taken apart in
     * one go, into objects of many times its size, before anybody can say that it is too much.
     */
    private static final RecvByteBufAllocator ONE_READ = new AdaptiveRecvByteBufAllocator().maxMessagesPerRead(1);
    /** How long none is accepted once the burst is used up. */
    private static final long PAUSE_MS = 20;

    private final io.vertx.core.spi.transport.Transport implementation;

    AcceptLimit() {
        implementation = Epoll.isAvailable() ? new Native() : new Portable();
    }

    @Override
    public String name() {
        return implementation instanceof Native ? "epoll" : "nio";
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
        return implementation;
    }

    /** The kernel's epoll, in which terminals live beside sockets. */
    private static final class Native extends EpollTransport {
        @Override
        public ChannelFactory<? extends Channel> channelFactory(boolean domainSocket) {
            return domainSocket ? super.channelFactory(true) : Native::connection;
        }

        private static Channel connection() {
            Channel made = new EpollSocketChannel();
            made.pipeline().addLast(new DeadLinks());
            return made;
        }

        @Override
        public void configure(NetServerOptions options, boolean domainSocket, ServerBootstrap bootstrap) {
            super.configure(options, domainSocket, bootstrap);
            limit(bootstrap);
        }
    }

    /** What every JVM has. */
    private static final class Portable extends NioTransport {
        @Override
        public void configure(NetServerOptions options, boolean domainSocket, ServerBootstrap bootstrap) {
            super.configure(options, domainSocket, bootstrap);
            limit(bootstrap);
        }
    }

    private static void limit(ServerBootstrap bootstrap) {
        bootstrap.option(ChannelOption.SO_BACKLOG, SYSTEM_QUEUE);
        bootstrap.handler(new Gate());
    }

    /** In the pipeline of a listener: a message is a connection that was accepted. On the accepting thread. */
    private static final class Gate extends ChannelInboundHandlerAdapter {
        private final AtomicInteger waiting = new AtomicInteger();
        private final Handshakes handshakes = new Handshakes();
        private final TokenBucket accepts = new TokenBucket(BURST, PER_SECOND, System::nanoTime);

        @Override
        public void channelRead(ChannelHandlerContext context, Object message) {
            pace(context);
            Channel connection = (Channel) message;
            if (waiting.get() >= MAX_WAITING) {
                connection.unsafe().closeForcibly();
                return;
            }
            connection.config().setRecvByteBufAllocator(ONE_READ);
            waiting.incrementAndGet();
            connection.pipeline().addLast(new Arrival(waiting, handshakes));
            context.fireChannelRead(message);
        }

        private void pace(ChannelHandlerContext listener) {
            accepts.take(1);
            if (accepts.room() < 1 && listener.channel().config().isAutoRead()) {
                listener.channel().config().setAutoRead(false);
                listener.executor()
                        .schedule(() -> listener.channel().config().setAutoRead(true), PAUSE_MS, TimeUnit.MILLISECONDS);
            }
        }
    }

    /** In the pipeline of a connection until its event loop takes it up. */
    private static final class Arrival extends ChannelInboundHandlerAdapter {
        private final AtomicInteger waiting;
        private final Handshakes handshakes;

        private Arrival(AtomicInteger waiting, Handshakes handshakes) {
            this.waiting = waiting;
            this.handshakes = handshakes;
        }

        @Override
        public void handlerAdded(ChannelHandlerContext context) {
            waiting.decrementAndGet();
            context.pipeline().remove(this);
            // what makes a server's connection of it has been asked for, and runs before
            context.executor().execute(() -> handshakes.begin(context.channel()));
        }
    }
}
