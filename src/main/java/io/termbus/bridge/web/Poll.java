package io.termbus.bridge.web;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.http.HttpVersion;
import io.vertx.ext.web.RoutingContext;
import java.io.IOException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A request of SockJS that waits for frames. It may have come on another event loop than its session's: what it writes
 * goes to the connection's in order, and nothing but that touches the request there.
 */
final class Poll {
    private static final Logger LOG = LoggerFactory.getLogger(Poll.class);
    /** A stream ends after so much, as browsers keep all of it. */
    private static final int MAX_STREAM_BYTES = 128 * 1024;

    private final RoutingContext rc;
    private final PollFormat format;
    private final String callback;
    private final Context context;
    /** On the event loop of the connection. */
    private boolean begun;
    /** On the event loop of the session. */
    private int sent;

    /**
     * @param context of the connection
     * @param callback where the format calls one
     */
    Poll(RoutingContext rc, Context context, PollFormat format, String callback) {
        this.rc = rc;
        this.context = context;
        this.format = format;
        this.callback = callback;
    }

    /** Whether the frame is the last one that the answer takes. Call once for each frame, on the event loop of the session. */
    boolean isFullWith(String frame) {
        sent += frame.length();
        return !format.streams() || sent >= MAX_STREAM_BYTES;
    }

    /**
     * Any thread.
     *
     * @param last whether the answer ends with it
     * @param flushed hears when it has left for the peer, or cannot any more
     */
    void write(String frame, boolean last, Promise<Void> flushed) {
        context.runOnContext(now -> answer(frame, last).onComplete(flushed));
    }

    /** The answer is that frame alone. */
    void end(String frame) {
        context.runOnContext(
                now -> answer(frame, true).onFailure(failure -> LOG.debug("a poll was not answered", failure)));
    }

    /** Closes the connection of a peer that does not read; what is not flushed is lost. Any thread. */
    void cut() {
        HttpConnectionLimits.abort(rc.request().connection());
    }

    private Future<Void> answer(String frame, boolean last) {
        HttpServerResponse response = rc.response();
        if (response.ended() || response.closed()) {
            return Future.failedFuture(new IOException("the poll is over"));
        }
        String text = format.framed(frame, callback);
        if (!begun) {
            begun = true;
            Responses.ofBus(rc, format.contentType());
            response.setChunked(!last);
            text = format.prelude(callback) + text;
        }
        if (!last) {
            return response.write(text);
        }
        Future<Void> ended = response.end(text);
        if (format.streams() && rc.request().version() == HttpVersion.HTTP_1_0) {
            HttpConnectionLimits.close(rc.request().connection()); // nothing else tells where its answer ends
        }
        return ended;
    }
}
