package io.termbus.bridge.web;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.DefaultHttpContent;
import io.netty.handler.codec.http.DefaultHttpRequest;
import io.netty.handler.codec.http.DefaultHttpResponse;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class PipelineLimitTest {
    private final EmbeddedChannel channel = new EmbeddedChannel(new ChannelInboundHandlerAdapter());

    @BeforeEach
    void limit() {
        PipelineLimit.on(channel);
    }

    @AfterEach
    void close() {
        channel.finishAndReleaseAll();
    }

    private void request() {
        channel.writeInbound(new DefaultHttpRequest(HttpVersion.HTTP_1_1, HttpMethod.GET, "/"));
    }

    private ByteBuf body() {
        ByteBuf bytes = Unpooled.copiedBuffer("x", StandardCharsets.UTF_8);
        channel.writeInbound(new DefaultHttpContent(bytes));
        return bytes;
    }

    private void end() {
        channel.writeInbound(LastHttpContent.EMPTY_LAST_CONTENT);
    }

    private void answer(HttpResponseStatus status) {
        channel.writeOutbound(new DefaultFullHttpResponse(HttpVersion.HTTP_1_1, status));
    }

    @Test
    void requestsThatAreAnsweredInBetweenAreNotCounted() {
        for (int i = 0; i < 5 * PipelineLimit.MAX_REQUESTS; i++) {
            request();
            body();
            end();
            answer(HttpResponseStatus.CONTINUE);
            if (i % 2 == 0) {
                answer(HttpResponseStatus.OK);
            } else { // in parts, as files are
                channel.writeOutbound(
                        new DefaultHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.OK),
                        LastHttpContent.EMPTY_LAST_CONTENT);
            }
        }
        assertThat(channel.isOpen()).isTrue();
    }

    @Test
    void tooManyThatAreNotAnsweredCloseTheConnection() {
        for (int i = 0; i < PipelineLimit.MAX_REQUESTS; i++) {
            request();
            end();
        }
        answer(HttpResponseStatus.CONTINUE);
        assertThat(channel.isOpen()).isTrue();

        request();

        assertThat(channel.isOpen()).isFalse();
        assertThat(channel.inboundMessages()).hasSize(2 * PipelineLimit.MAX_REQUESTS);
    }

    @Test
    void aBodyAheadClosesTheConnectionAndIsLetGo() {
        request();
        end();
        request();
        assertThat(channel.isOpen()).isTrue();

        ByteBuf body = body();

        assertThat(channel.isOpen()).isFalse();
        assertThat(body.refCnt()).isZero();
    }
}
