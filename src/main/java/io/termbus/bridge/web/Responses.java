package io.termbus.bridge.web;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.ext.web.RoutingContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Heads of responses, and ends whose failure concerns the peer only. */
final class Responses {
    private static final Logger LOG = LoggerFactory.getLogger(Responses.class);

    private Responses() {}

    static void end(RoutingContext rc, String body) {
        end(rc, Buffer.buffer(body));
    }

    static void end(RoutingContext rc, Buffer body) {
        rc.response().end(body).onFailure(failure -> LOG.debug("{} was not answered", rc.normalizedPath(), failure));
    }

    static void end(RoutingContext rc, int status, String body) {
        rc.response().setStatusCode(status);
        end(rc, body);
    }

    /** Of what the bus says: the script of a page of a named origin, {@link SameOrigin}, may read it, others cannot. */
    static void ofBus(RoutingContext rc, String contentType) {
        rc.response()
                .putHeader(HttpHeaders.CONTENT_TYPE, contentType)
                .putHeader(HttpHeaders.CACHE_CONTROL, "no-store, no-cache, no-transform, must-revalidate, max-age=0");
        String origin = rc.request().getHeader(HttpHeaders.ORIGIN);
        if (origin != null) {
            rc.response()
                    .putHeader(HttpHeaders.ACCESS_CONTROL_ALLOW_ORIGIN, origin)
                    .putHeader(HttpHeaders.ACCESS_CONTROL_ALLOW_CREDENTIALS, "true");
        }
    }
}
