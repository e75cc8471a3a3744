package io.termbus.bridge.web;

import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.ext.web.RoutingContext;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/** Reads the posts of SockJS. On the event loop of the connection; long ones on a worker. */
final class PollingPosts {
    private static final int LONG_BYTES = 65_536;
    private static final String FORM = "application/x-www-form-urlencoded";
    /** The field of a form that holds the messages. */
    private static final String FIELD = "d=";

    private PollingPosts() {}

    /** @param messages called with them on the event loop; not where there are none and the client was told so */
    static void read(Vertx vertx, RoutingContext rc, Consumer<List<String>> messages) {
        Buffer body = rc.body().buffer();
        boolean form = isForm(rc);
        if (body == null || body.length() == 0 || form && body.length() == FIELD.length()) {
            Responses.end(rc, 500, "Payload expected."); // as the protocol of SockJS has it
        } else if (body.length() <= LONG_BYTES) {
            tell(rc, messages(body, form), messages);
        } else {
            vertx.executeBlocking(() -> messages(body, form))
                    .onSuccess(read -> tell(rc, read, messages))
                    .onFailure(rc::fail);
        }
    }

    private static boolean isForm(RoutingContext rc) {
        return rc.normalizedPath().endsWith("/jsonp_send")
                && FORM.equalsIgnoreCase(rc.request().getHeader(HttpHeaders.CONTENT_TYPE));
    }

    private static Optional<List<String>> messages(Buffer body, boolean form) {
        String text = body.toString(StandardCharsets.UTF_8);
        return (form ? field(text) : Optional.of(text)).flatMap(SockJsFrames::messages);
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

    private static void tell(RoutingContext rc, Optional<List<String>> read, Consumer<List<String>> messages) {
        read.ifPresentOrElse(
                messages,
                () -> Responses.end(
                        rc, 400, "400: a post is a JSON array of up to " + SockJsFrames.MAX_MESSAGES + " messages"));
    }
}
