package io.termbus.bridge.web;

import io.termbus.bridge.ConnectionSlots;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.impl.HttpServerConnection;
import io.vertx.ext.web.RoutingContext;
import java.util.HashMap;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Cuts off HTTP connections that are too many, or on which a request takes too long to come; those with many requests get
 * turns. On the event loop of its verticle.
 */
final class SlowClients {
    private static final Logger LOG = LoggerFactory.getLogger(SlowClients.class);

    /**
     * How long a request may take to come, in milliseconds.
     *
     * @param headMs from the connection, or from the last answer, to the end of its head
     * @param bodyMs from there to the end of its body
     */
    record Patience(long headMs, long bodyMs) {
        static final Patience DEFAULT = new Patience(15_000, 30_000);
    }

    private final Vertx vertx;
    private final ConnectionSlots slots;
    private final Patience patience;
    private final RequestTurns turns;
    /** Timers of the connections that speak HTTP and hold a slot; upgraded ones do not. */
    private final Map<HttpConnection, Long> timers = new HashMap<>();

    /** @param slots the {@code http.maxConnections} connections of this node */
    SlowClients(Vertx vertx, ConnectionSlots slots, Patience patience, RequestTurns turns) {
        this.vertx = vertx;
        this.slots = slots;
        this.patience = patience;
        this.turns = turns;
    }

    void connected(HttpConnection connection) {
        if (!slots.tryTake()) {
            LOG.debug("connection of {} refused: http.maxConnections is reached", connection.remoteAddress());
            close(connection);
            return;
        }
        PipelineLimit.on(
                ((HttpServerConnection) connection).channelHandlerContext().channel());
        timers.put(connection, timer(connection, patience.headMs()));
        connection.closeHandler(closed -> forget(connection));
    }

    /** The head of a request is there. */
    void requested(RoutingContext rc) {
        HttpServerRequest request = rc.request();
        HttpConnection connection = request.connection();
        if (!timers.containsKey(connection)) {
            close(connection); // refused, but TLS has brought a request already
            return;
        }
        stop(connection);
        if (!request.isEnded()) {
            timers.put(connection, vertx.setTimer(patience.bodyMs(), timer -> {
                if (!request.isEnded()) {
                    close(connection);
                }
            }));
        }
        rc.addEndHandler(answered -> {
            if (timers.containsKey(connection)) {
                stop(connection);
                timers.put(connection, timer(connection, patience.headMs()));
            }
        });
        turns.await(rc);
    }

    /**
     * It is closed, or a WebSocket from now on, to which the bridge's limits apply: Vert.x tells its close to
     * the WebSocket alone. Idempotent.
     */
    void forget(HttpConnection connection) {
        turns.forget(connection);
        Long timer = timers.remove(connection);
        if (timer != null) {
            vertx.cancelTimer(timer);
            slots.release();
        }
    }

    private void stop(HttpConnection connection) {
        Long timer = timers.get(connection);
        if (timer != null) {
            vertx.cancelTimer(timer);
        }
    }

    private long timer(HttpConnection connection, long ms) {
        return vertx.setTimer(ms, timer -> close(connection));
    }

    /** What is written to it is flushed first. */
    static void close(HttpConnection connection) {
        connection.close().onFailure(failure -> LOG.debug("closing {}", connection.remoteAddress(), failure));
    }
}
