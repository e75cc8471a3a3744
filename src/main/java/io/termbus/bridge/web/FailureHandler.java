package io.termbus.bridge.web;

import io.vertx.core.http.HttpClosedException;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.io.IOException;
import java.util.stream.IntStream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Answers requests that failed. A router without this logs each as its own error, so that strangers could fill the log
 * with errors of theirs.
 */
final class FailureHandler {
    private static final Logger LOG = LoggerFactory.getLogger(FailureHandler.class);
    private static final int INTERNAL = 500;
    /** With 200 Vert.x fails a body whose sender has gone. */
    private static final int FIRST = 200;

    private static final int LAST = 599;

    private FailureHandler() {}

    static void answer(Router router) {
        IntStream.rangeClosed(FIRST, LAST).forEach(code -> router.errorHandler(code, rc -> answer(rc, code)));
    }

    private static void answer(RoutingContext rc, int code) {
        HttpServerResponse response = rc.response();
        boolean gone = rc.failure() instanceof IOException || rc.failure() instanceof HttpClosedException;
        if (code == INTERNAL && !gone) {
            LOG.error("{} failed", rc.request().path(), rc.failure());
        } else { // the client's fault, or it is gone
            LOG.debug("{} is answered with {}", rc.request().path(), code, rc.failure());
        }
        if (!response.ended() && !response.closed()) {
            response.setStatusCode(code);
            Responses.end(rc, code + ": " + response.getStatusMessage());
        }
    }
}
