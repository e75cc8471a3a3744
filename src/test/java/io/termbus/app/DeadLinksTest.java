package io.termbus.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollSocketChannel;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** When a connection to another node counts as dead. That one is ended is tried by CutsIT. */
@Timeout(60)
class DeadLinksTest {
    private static final long LOOK_MILLIS = 250;
    private final DeadLinks.Silence silence = new DeadLinks.Silence();
    private long now;

    /** A look, and what the kernel says then. */
    private boolean look(long unacked, long acknowledgedMillis) {
        return lookAfter(LOOK_MILLIS, unacked, acknowledgedMillis);
    }

    private boolean lookAfter(long millis, long unacked, long acknowledgedMillis) {
        now += TimeUnit.MILLISECONDS.toNanos(millis);
        return silence.lasts(now, unacked, acknowledgedMillis);
    }

    @Test
    void whatIsNotAcknowledgedForTwoSecondsIsDead() {
        long quiet = 60_000;
        assertThat(look(0, quiet)).as("nothing is sent").isFalse();
        for (long waited = 0; waited < 2_000; waited += LOOK_MILLIS) {
            assertThat(look(3, quiet + waited)).as("after %s ms", waited).isFalse();
        }
        assertThat(look(3, quiet + 2_000)).isTrue();
    }

    @Test
    void whoAcknowledgesNowAndThenLives() {
        for (int i = 0; i < 100; i++) {
            assertThat(look(3, i % 7 * LOOK_MILLIS)).isFalse();
        }
    }

    /** As the kernel told it of a peer that did not read: nothing is on its way, and its probes come less and less often. */
    @Test
    void whoDoesNotReadLives() {
        assertThat(look(3, 0)).isFalse();
        for (long acknowledged = 32; acknowledged < 6_400; acknowledged += LOOK_MILLIS) {
            assertThat(look(0, acknowledged)).isFalse();
        }
    }

    @Test
    void anEventLoopThatStoodStillTakesNobodyForDead() {
        assertThat(look(0, 60_000)).isFalse();
        assertThat(lookAfter(5_000, 1, 65_000)).as("sent just now").isFalse();
        assertThat(lookAfter(5_000, 1, 4_990)).as("acknowledged meanwhile").isFalse();
    }

    @Test
    void aPeerThatDoesNotReadKeepsItsConnection() throws Exception {
        assumeTrue(Epoll.isAvailable(), "connections are looked at with Netty's native transport alone");
        EventLoopGroup group = new MultiThreadIoEventLoopGroup(1, EpollIoHandler.newFactory());
        try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            EpollSocketChannel channel = (EpollSocketChannel) new Bootstrap()
                    .group(group)
                    .channel(EpollSocketChannel.class)
                    .handler(new ChannelInitializer<EpollSocketChannel>() {
                        @Override
                        protected void initChannel(EpollSocketChannel made) {
                            made.pipeline().addLast(new DeadLinks());
                        }
                    })
                    .connect(server.getLocalSocketAddress())
                    .sync()
                    .channel();
            try (Socket silent = server.accept()) {
                channel.writeAndFlush(Unpooled.wrappedBuffer(new byte[20_000_000]));

                // four probes of a closed window take more than three seconds
                Awaitility.await()
                        .atMost(Duration.ofSeconds(30))
                        .until(() -> channel.tcpInfo().backoff() >= 4);

                assertThat(channel.isActive()).isTrue();
                assertThat(silent.getInputStream().readNBytes(20_000_000)).hasSize(20_000_000);
            }
        } finally {
            group.shutdownGracefully(0, 5, TimeUnit.SECONDS).sync();
        }
    }
}
