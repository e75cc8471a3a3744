package io.termbus.bridge.web;

import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.RoutingContext;

/** Headers that keep browsers from running or showing what the hub did not serve. */
final class SecurityHeaders {
    /**
     * xterm.js sets style attributes and draws images from memory, which it decodes with WebAssembly of its own; nothing
     * is inline but style, and no text becomes a script.
     */
    private static final String POLICY = "default-src 'self'; script-src 'self' 'wasm-unsafe-eval';"
            + " style-src 'self' 'unsafe-inline';"
            + " img-src 'self' data: blob:; connect-src 'self'; object-src 'none'; form-action 'self';"
            + " frame-ancestors 'none'; base-uri 'none'";

    private SecurityHeaders() {}

    static void put(RoutingContext rc) {
        put(rc.response());
        rc.next();
    }

    static void put(HttpServerResponse response) {
        response.putHeader("Content-Security-Policy", POLICY)
                .putHeader("X-Content-Type-Options", "nosniff")
                .putHeader("X-Frame-Options", "DENY")
                .putHeader("Cross-Origin-Opener-Policy", "same-origin")
                .putHeader("Referrer-Policy", "no-referrer");
    }
}
