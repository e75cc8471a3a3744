package io.termbus.bridge.web;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.DecoderResult;
import io.netty.handler.codec.http.DefaultHttpRequest;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpMessage;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequestDecoder;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.util.ReferenceCountUtil;
import io.termbus.bridge.web.RequestGrammar.MalformedException;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.impl.VertxHttpRequestDecoder;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Stands before the decoder of HTTP and refuses what {@link RequestGrammar} does with 400, after the answers to the
 * requests before it, unless the answer to a body that goes wrong has begun; then the connection is closed. A request with both Content-Length and
 * Transfer-Encoding is the connection's last one. On the event loop of the channel.
 */
final class StrictRequests extends ChannelInboundHandlerAdapter {
    private static final Logger LOG = LoggerFactory.getLogger(StrictRequests.class);
    private static final String DECODER = "strict decoder";

    private final RequestGrammar grammar = new RequestGrammar();
    private boolean closing;

    private StrictRequests() {}

    /**
     * @param channel of a new connection, on which nothing was read
     * @param options of its server
     */
    static void on(Channel channel, HttpServerOptions options) {
        channel.pipeline().replace(HttpRequestDecoder.class, DECODER, new Decoder(options));
        channel.pipeline().addBefore(DECODER, "strict", new StrictRequests());
    }

    /** Netty takes the Content-Length away; that there was one, its peer must not profit from. RFC 9112, 6.1. */
    private static final class Decoder extends VertxHttpRequestDecoder {
        private Decoder(HttpServerOptions options) {
            super(options);
        }

        @Override
        protected void handleTransferEncodingChunkedWithContentLength(HttpMessage message) {
            super.handleTransferEncodingChunkedWithContentLength(message);
            message.headers().set(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE);
        }
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        if (!(message instanceof ByteBuf bytes) || isWebSocket(context)) {
            context.fireChannelRead(message);
        } else if (closing || grammar.isOver()) {
            ReferenceCountUtil.release(message);
        } else {
            look(context, bytes);
        }
    }

    /** Frames of WebSockets follow where the decoder has gone. */
    private boolean isWebSocket(ChannelHandlerContext context) {
        return grammar.asksUpgrade() && context.pipeline().get(DECODER) == null;
    }

    private void look(ChannelHandlerContext context, ByteBuf bytes) {
        try {
            int count = grammar.look(bytes);
            bytes.writerIndex(bytes.readerIndex() + count);
            context.fireChannelRead(bytes);
        } catch (MalformedException e) {
            closing = true;
            LOG.debug("{} sends no requests: {}", context.channel().remoteAddress(), e.getMessage());
            if (grammar.isUnseen()) {
                bytes.writerIndex(bytes.readerIndex() + grammar.began());
                context.fireChannelRead(bytes);
                refuse(context, e);
            } else {
                bytes.release();
                context.fireUserEventTriggered(PipelineLimit.MALFORMED_BODY);
            }
        }
    }

    /** Vert.x answers it in its turn, as it answers what its decoder finds to be none. */
    private static void refuse(ChannelHandlerContext context, MalformedException why) {
        DefaultHttpRequest none = new DefaultHttpRequest(HttpVersion.HTTP_1_1, HttpMethod.GET, "/bad-request");
        none.setDecoderResult(DecoderResult.failure(why));
        context.pipeline().context(DECODER).fireChannelRead(none);
    }
}
