package io.termbus.bridge.web;

import static io.netty.handler.codec.http.HttpHeaderValues.CLOSE;

import io.netty.channel.Channel;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpStatusClass;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.ReferenceCountUtil;
import java.nio.channels.ClosedChannelException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Closes an HTTP connection whose peer sends requests ahead of the answers. Vert.x keeps those for later, some thousand of
 * one read; browsers send none. On the event loop of the channel.
 */
final class PipelineLimit extends ChannelDuplexHandler {
    private static final Logger LOG = LoggerFactory.getLogger(PipelineLimit.class);
    /** Requests of one connection that are not answered yet, all but the first without a body. RFC 9112, 9.3.2 lets a server close instead. */
    static final int MAX_REQUESTS = 16;

    /** Event of the channel: what came is no body of the request at hand. It is answered with 400 where it is not answered yet. */
    static final Object MALFORMED_BODY = new Object();

    private int unanswered;
    private boolean answering;
    private boolean closing;
    private boolean refused;

    private PipelineLimit() {}

    /** @param channel of a new connection; Vert.x' handler is its last one */
    static void on(Channel channel) {
        channel.pipeline().addBefore(channel.pipeline().lastContext().name(), "pipelined", new PipelineLimit());
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        if (message instanceof HttpRequest) {
            unanswered++;
        }
        if (!closing && isTooMuch(message)) {
            closing = true;
            LOG.debug(
                    "{} sent too much before it was answered", context.channel().remoteAddress());
            context.close();
        }
        if (closing && message instanceof HttpObject) {
            ReferenceCountUtil.release(message);
        } else {
            context.fireChannelRead(message);
        }
    }

    /** Bodies of requests ahead would wait in Vert.x, which does not let go of them when the peer leaves. */
    private boolean isTooMuch(Object message) {
        return unanswered > MAX_REQUESTS
                || unanswered > 1
                        && message instanceof HttpContent content
                        && content.content().isReadable();
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext context, Object event) {
        if (event == MALFORMED_BODY) {
            refuse(context);
        } else {
            context.fireUserEventTriggered(event);
        }
    }

    private void refuse(ChannelHandlerContext context) {
        closing = true;
        if (unanswered == 1 && !answering) {
            refused = true;
            DefaultFullHttpResponse answer =
                    new DefaultFullHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.BAD_REQUEST);
            answer.headers().set(HttpHeaderNames.CONTENT_LENGTH, 0).set(HttpHeaderNames.CONNECTION, CLOSE);
            context.writeAndFlush(answer).addListener(ChannelFutureListener.CLOSE);
        } else {
            context.close();
        }
    }

    @Override
    public void write(ChannelHandlerContext context, Object message, ChannelPromise promise) {
        if (refused) {
            ReferenceCountUtil.release(message);
            promise.tryFailure(new ClosedChannelException());
            return;
        }
        if (!isInterim(message)) {
            answering |= message instanceof HttpResponse;
            if (message instanceof LastHttpContent) {
                answering = false;
                unanswered--;
            }
        }
        context.write(message, promise);
    }

    /** 100 Continue; another answer follows. */
    private static boolean isInterim(Object message) {
        return message instanceof HttpResponse response
                && response.status().codeClass() == HttpStatusClass.INFORMATIONAL;
    }
}
