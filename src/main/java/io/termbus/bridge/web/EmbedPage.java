package io.termbus.bridge.web;

import io.vertx.core.Vertx;
import io.vertx.core.http.HttpHeaders;
import io.vertx.ext.web.RoutingContext;
import java.util.List;

/**
 * {@code GET /?embed}: the page with one terminal and nothing else, which pages of the origins in {@code
 * http.frameAncestors} may have in a frame. On any event loop.
 */
final class EmbedPage {
    private static final String PARAMETER = "embed";
    private static final String FILE = "io/termbus/webroot/embed.html";

    private final Vertx vertx;
    private final List<String> origins;

    EmbedPage(Vertx vertx, List<String> origins) {
        this.vertx = vertx;
        this.origins = origins;
    }

    /** What asks for no such page is for the next handler. */
    void handle(RoutingContext rc) {
        if (!rc.queryParams().contains(PARAMETER)) {
            rc.next();
            return;
        }
        vertx.fileSystem().readFile(FILE).onFailure(rc::fail).onSuccess(page -> {
            SecurityHeaders.allowFrames(rc.response(), origins);
            rc.response()
                    .putHeader(HttpHeaders.CONTENT_TYPE, "text/html;charset=UTF-8")
                    .putHeader(HttpHeaders.CACHE_CONTROL, "no-cache");
            Responses.end(rc, page);
        });
    }
}
