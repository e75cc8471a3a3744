package io.termbus.bridge.web;

import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.RoutingContext;
import java.net.URI;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Admits pages of this hub and programs, not pages of others: a browser sends {@code Origin} with
 * WebSockets and posts, and {@code Sec-Fetch-Site} with scripts, which have no origin.
 */
final class SameOrigin {
    private static final int HTTP_PORT = 80;
    private static final int HTTPS_PORT = 443;

    private final List<String> others;

    /** @param others the setting {@code http.origins} */
    SameOrigin(List<String> others) {
        this.others = others;
    }

    void check(RoutingContext rc) {
        HttpServerRequest request = rc.request();
        String origin = request.getHeader(HttpHeaders.ORIGIN);
        String host = RemoteClient.remembered(rc).host();
        if (origin != null && others.contains(origin)) {
            rc.next();
        } else if (allowed(origin, host) && sameSite(request.getHeader("Sec-Fetch-Site"))) {
            rc.next();
        } else {
            Responses.end(rc, 403, "403: pages of other origins may not use this hub");
        }
    }

    /** Host and port of the origin are those that the request was sent to; no origin, no page. */
    static boolean allowed(@Nullable String origin, @Nullable String host) {
        if (origin == null) {
            return true;
        }
        Optional<URI> page = parse(origin);
        if (host == null || page.isEmpty() || page.get().getHost() == null) {
            return false;
        }
        String scheme = page.get().getScheme();
        return parse(scheme + "://" + host)
                .filter(here -> here.getHost() != null)
                .filter(here -> authority(here).equals(authority(page.get())))
                .isPresent();
    }

    private static boolean sameSite(@Nullable String site) {
        return site == null || site.equals("same-origin") || site.equals("none");
    }

    private static String authority(URI uri) {
        int standard = "https".equals(uri.getScheme()) ? HTTPS_PORT : HTTP_PORT;
        int port = uri.getPort() < 0 ? standard : uri.getPort();
        return uri.getHost().toLowerCase(Locale.ROOT) + ":" + port;
    }

    private static Optional<URI> parse(String text) {
        try {
            return Optional.of(URI.create(text));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }
}
