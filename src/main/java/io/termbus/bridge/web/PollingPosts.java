package io.termbus.bridge.web;

import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.ext.web.RoutingContext;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Looks at posts of SockJS before Vert.x makes as many messages of them as there are, or fails on what are none. On the
 * event loop of the connection; at long ones on a worker.
 */
final class PollingPosts {
    private static final int LONG_BYTES = 65_536;
    private static final String FORM = "application/x-www-form-urlencoded";
    /** The field of a form that holds the messages. */
    private static final String FIELD = "d=";

    private PollingPosts() {}

    static void check(Vertx vertx, RoutingContext rc) {
        Buffer body = rc.body().buffer();
        boolean form = isForm(rc);
        if (body == null || body.length() <= LONG_BYTES) {
            checked(rc, isPost(body, form));
        } else {
            vertx.executeBlocking(() -> isPost(body, form))
                    .onSuccess(post -> checked(rc, post))
                    .onFailure(rc::fail);
        }
    }

    private static boolean isForm(RoutingContext rc) {
        return rc.normalizedPath().endsWith("/jsonp_send")
                && FORM.equalsIgnoreCase(rc.request().getHeader(HttpHeaders.CONTENT_TYPE));
    }

    private static boolean isPost(@Nullable Buffer body, boolean form) {
        if (body == null) {
            return true; // SockJS says what is missing
        }
        String text = body.toString(StandardCharsets.UTF_8);
        return (form ? field(text) : Optional.of(text))
                .flatMap(SockJsFrames::messages)
                .isPresent();
    }

    private static Optional<String> field(String form) {
        if (!form.startsWith(FIELD)) {
            return Optional.empty();
        }
        try {
            return Optional.of(URLDecoder.decode(form.substring(FIELD.length()), StandardCharsets.UTF_8));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    private static void checked(RoutingContext rc, boolean post) {
        if (post) {
            rc.next();
        } else {
            rc.response().setStatusCode(400);
            Responses.end(rc, "400: a post is a JSON array of up to " + SockJsFrames.MAX_MESSAGES + " messages");
        }
    }
}
