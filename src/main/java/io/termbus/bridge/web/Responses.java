package io.termbus.bridge.web;

import io.vertx.ext.web.RoutingContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Ends responses whose failure concerns the peer only. */
final class Responses {
    private static final Logger LOG = LoggerFactory.getLogger(Responses.class);

    private Responses() {}

    static void end(RoutingContext rc, String body) {
        rc.response().end(body).onFailure(failure -> LOG.debug("{} was not answered", rc.normalizedPath(), failure));
    }
}
