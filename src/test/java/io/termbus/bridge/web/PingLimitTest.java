package io.termbus.bridge.web;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http.websocketx.PingWebSocketFrame;
import io.netty.handler.codec.http.websocketx.PongWebSocketFrame;
import io.netty.handler.codec.http.websocketx.TextWebSocketFrame;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class PingLimitTest {
    private final EmbeddedChannel channel = new EmbeddedChannel(new ChannelInboundHandlerAdapter());

    private boolean paused;

    @BeforeEach
    void limit() {
        PingLimit.on(channel, () -> paused);
    }

    @AfterEach
    void close() {
        channel.finishAndReleaseAll();
    }

    private static PingWebSocketFrame ping(String text) {
        return new PingWebSocketFrame(Unpooled.copiedBuffer(text, StandardCharsets.UTF_8));
    }

    private String passedOn() {
        PingWebSocketFrame ping = channel.readInbound();
        return ping == null ? "" : ping.content().toString(StandardCharsets.UTF_8);
    }

    @Test
    void ofThePingsThatCameAtOnceTheNewestIsAnswered() {
        PingWebSocketFrame first = ping("first");

        channel.writeInbound(first, ping("second"), ping("third"));

        assertThat(passedOn()).isEqualTo("third");
        assertThat(passedOn()).isEmpty();
        assertThat(first.refCnt()).isZero();
    }

    @Test
    void pingsOfAPeerThatDoesNotReadWaitUntilItDoes() {
        channel.unsafe().outboundBuffer().setUserDefinedWritability(1, false);
        channel.writeInbound(ping("first"));
        channel.writeInbound(ping("second"));
        assertThat(passedOn()).isEmpty();

        channel.unsafe().outboundBuffer().setUserDefinedWritability(1, true);
        channel.runPendingTasks();

        assertThat(passedOn()).isEqualTo("second");
    }

    private void later() {
        channel.advanceTimeBy(1, TimeUnit.SECONDS);
        channel.runScheduledPendingTasks();
    }

    @Test
    void messagesAreNotHeldUp() {
        TextWebSocketFrame text = new TextWebSocketFrame("text");

        channel.writeInbound(text);

        assertThat(channel.<Object>readInbound()).isSameAs(text);
    }

    @Test
    void whoSendsManyFramesThatSayNothingIsNotReadForAWhileNorUntilItsMessagesAreWanted() {
        for (int i = 0; i < PingLimit.MAX_IDLE_FRAMES / 4; i++) {
            assertThat(channel.config().isAutoRead()).isTrue();
            channel.writeInbound(ping("x"), ping("y"), new PongWebSocketFrame(), new TextWebSocketFrame("text"));
            channel.writeInbound(new TextWebSocketFrame(""));
        }
        assertThat(channel.config().isAutoRead()).isFalse();

        paused = true;
        later();
        assertThat(channel.config().isAutoRead()).isFalse();

        paused = false;
        later();
        assertThat(channel.config().isAutoRead()).isTrue();
    }
}
