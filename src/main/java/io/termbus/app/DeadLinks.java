package io.termbus.app;

import io.netty.channel.ChannelException;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.epoll.EpollTcpInfo;
import io.netty.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Ends a connection that the hub has made, to another node, when the other machine has acknowledged nothing for 2 s though
 * something was on its way; the next message makes a new one. After a cut TCP would wait as long again as the cut took,
 * and through cuts one after another for ever. TCP_USER_TIMEOUT would also end a connection whose other side has much to do
 * and does not read for so long: its window is closed, but its kernel answers. First in the connection's pipeline.
 */
final class DeadLinks extends ChannelInboundHandlerAdapter {
    private static final Logger LOG = LoggerFactory.getLogger(DeadLinks.class);
    static final long LIMIT_NANOS = 2_000_000_000L;
    /** A look is one system call. */
    private static final long LOOK_MILLIS = 250;

    private final EpollTcpInfo info = new EpollTcpInfo();
    private final Silence silence = new Silence();

    /** For how long a machine has not answered what was sent to it. */
    static final class Silence {
        private boolean waited;
        private long looked;
        private long since;

        /**
         * @param now nanoseconds of a monotonic clock
         * @param unacked segments that are on their way
         * @param acknowledged how long ago the newest acknowledgment came, milliseconds
         * @return whether it has lasted too long
         */
        boolean lasts(long now, long unacked, long acknowledged) {
            boolean heard = TimeUnit.MILLISECONDS.toNanos(acknowledged) < now - looked;
            // what is on its way for the first time may have been sent just now
            if (unacked == 0 || !waited || heard) {
                since = now;
            }
            waited = unacked > 0;
            looked = now;
            return now - since >= LIMIT_NANOS;
        }
    }

    @Override
    public void channelActive(ChannelHandlerContext context) {
        ScheduledFuture<?> looks = context.executor()
                .scheduleWithFixedDelay(() -> look(context), LOOK_MILLIS, LOOK_MILLIS, TimeUnit.MILLISECONDS);
        context.channel().closeFuture().addListener(closed -> looks.cancel(false));
        context.fireChannelActive();
    }

    private void look(ChannelHandlerContext context) {
        try {
            ((EpollSocketChannel) context.channel()).tcpInfo(info);
        } catch (ChannelException e) {
            LOG.debug("a connection is being closed: {}", e.toString());
            return;
        }
        if (silence.lasts(System.nanoTime(), info.unacked(), info.lastAckRecv())) {
            LOG.info(
                    "the connection to {} ends: nothing that was sent was received for {} s",
                    context.channel().remoteAddress(),
                    TimeUnit.NANOSECONDS.toSeconds(LIMIT_NANOS));
            context.close();
        }
    }
}
