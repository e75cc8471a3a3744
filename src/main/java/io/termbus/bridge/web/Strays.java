package io.termbus.bridge.web;

import io.termbus.bridge.web.HostNames.Refusal;
import io.vertx.core.Handler;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.http.HttpVersion;
import io.vertx.ext.web.Router;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Answers what a router answers before any of its routes: requests whose target is no path, such as that of CONNECT, or
 * whose Host is none. They are told what all others are, with the same headers; then the connection is closed, as its turns
 * are not counted.
 */
final class Strays {
    private static final Logger LOG = LoggerFactory.getLogger(Strays.class);

    private final HostNames names;

    private Strays(HostNames names) {
        this.names = names;
    }

    /** The router, for all but those. */
    static Handler<HttpServerRequest> before(Router router, HostNames names) {
        Strays strays = new Strays(names);
        return request -> {
            if (isRouted(request)) {
                router.handle(request);
            } else {
                strays.answer(request);
            }
        };
    }

    private static boolean isRouted(HttpServerRequest request) {
        String path = request.path();
        boolean hasHost = request.version() == HttpVersion.HTTP_1_0 || request.authority() != null;
        return hasHost && path != null && path.startsWith("/");
    }

    private void answer(HttpServerRequest request) {
        HttpServerResponse response = request.response();
        SecurityHeaders.put(response);
        Refusal why = names.refusal(request).orElseGet(() -> new Refusal(404, "404: Not Found"));
        why.head(response);
        response.putHeader(HttpHeaders.CONNECTION, HttpHeaders.CLOSE);
        response.end(why.text()).onComplete(done -> HttpConnectionLimits.close(request.connection()));
        LOG.debug("{} {} is answered with {}", request.method(), request.uri(), why.text());
    }
}
