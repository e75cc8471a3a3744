package io.termbus.bridge.web;

import io.vertx.core.http.HttpHeaders;
import io.vertx.ext.web.RoutingContext;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** Looks at posts of SockJS before Vert.x makes as many messages of them as there are, or fails on what are none. */
final class PollingPosts {
    private static final String FORM = "application/x-www-form-urlencoded";
    /** The field of a form that holds the messages. */
    private static final String FIELD = "d=";

    private PollingPosts() {}

    static void check(RoutingContext rc) {
        String body = rc.body().asString(StandardCharsets.UTF_8.name());
        if (body == null || messagesIn(rc, body).flatMap(SockJsFrames::messages).isPresent()) {
            rc.next();
        } else {
            rc.response().setStatusCode(400);
            Responses.end(rc, "400: a post is a JSON array of up to " + SockJsFrames.MAX_MESSAGES + " messages");
        }
    }

    private static Optional<String> messagesIn(RoutingContext rc, String body) {
        String type = rc.request().getHeader(HttpHeaders.CONTENT_TYPE);
        boolean form = rc.normalizedPath().endsWith("/jsonp_send") && FORM.equalsIgnoreCase(type);
        return form ? field(body) : Optional.of(body);
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
}
