package io.termbus;

import io.vertx.core.Vertx;
import io.vertx.ext.web.Router;

/**
 * The web app, SockJS and the WebSocket of a hub, for a server of the program that it is part of.
 *
 * <p>The server's connections are the program's: TLS, the names of its host, its largest WebSocket message, and how many
 * connections it takes or how long a request may take to come. What applies to a client once it speaks to the hub applies
 * here too. The server must run on event loops; WebSockets need HTTP/1.1.
 */
public final class TermbusHandler {
    private TermbusHandler() {}

    /**
     * To be mounted as {@code router.route("/terminals/*").subRouter(…)}. A handler before it that sets the request's user is
     * the program's own login: the user is in the {@link Credentials}.
     *
     * @param vertx that of the hub
     * @param hub one that has started
     * @throws IllegalStateException where it does not run
     */
    public static Router create(Vertx vertx, Termbus hub) {
        if (vertx != hub.vertx()) {
            throw new IllegalArgumentException("the hub is in another Vert.x");
        }
        return hub.router();
    }
}
