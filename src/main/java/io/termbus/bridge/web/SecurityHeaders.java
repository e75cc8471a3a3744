package io.termbus.bridge.web;

import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.RoutingContext;
import java.util.List;

/** Headers that keep browsers from running or showing what the hub did not serve. */
final class SecurityHeaders {
    /**
     * xterm.js sets style attributes and draws images from memory, which it decodes with WebAssembly of its own; nothing
     * is inline but style, and no text becomes a script.
     */
    private static final String POLICY = "default-src 'self'; script-src 'self' 'wasm-unsafe-eval';"
            + " style-src 'self' 'unsafe-inline';"
            + " img-src 'self' data: blob:; connect-src 'self'; object-src 'none'; form-action 'self';"
            + " base-uri 'none'; frame-ancestors ";

    private static final String POLICY_HEADER = "Content-Security-Policy";
    private static final String FRAMES = "X-Frame-Options";

    private SecurityHeaders() {}

    static void put(RoutingContext rc) {
        put(rc.response());
        rc.next();
    }

    static void put(HttpServerResponse response) {
        response.putHeader(POLICY_HEADER, POLICY + "'none'")
                .putHeader("X-Content-Type-Options", "nosniff")
                .putHeader(FRAMES, "DENY")
                .putHeader("Cross-Origin-Opener-Policy", "same-origin")
                .putHeader("Referrer-Policy", "no-referrer");
    }

    /** Pages of these origins may have in a frame what is answered; no others, and none where there are no origins. */
    static void allowFrames(HttpServerResponse response, List<String> origins) {
        if (!origins.isEmpty()) {
            response.putHeader(POLICY_HEADER, POLICY + String.join(" ", origins))
                    .headers()
                    .remove(FRAMES);
        }
    }
}
