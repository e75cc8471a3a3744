package io.termbus.bridge.web;

import io.netty.channel.ChannelHandlerContext;
import io.termbus.bridge.web.HttpPlaces.Doing;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.RoutingContext;
import java.util.HashMap;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Cuts off HTTP connections that are in the way of others, or on which a request takes too long to come; those with many
 * requests get turns. On the event loop of its verticle.
 */
final class HttpConnectionLimits {
    private static final Logger LOG = LoggerFactory.getLogger(HttpConnectionLimits.class);

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
    private final Patience patience;
    private final RequestTurns turns;
    private final HttpPlaces<HttpConnection> places;
    /** Timers of the connections that speak HTTP and hold a slot; upgraded ones do not. */
    private final Map<HttpConnection, Long> timers = new HashMap<>();

    /** @param places of the connections of all event loops */
    HttpConnectionLimits(Vertx vertx, Patience patience, RequestTurns turns, HttpPlaces<HttpConnection> places) {
        this.vertx = vertx;
        this.patience = patience;
        this.turns = turns;
        this.places = places;
    }

    void connected(HttpConnection connection) {
        String address = String.valueOf(connection.remoteAddress().hostAddress());
        places.enter(connection, address).forEach(other -> {
            LOG.debug("connection of {} makes room for one of {}", other.remoteAddress(), address);
            abort(other);
        });
        if (!places.has(connection)) {
            LOG.debug("connection of {} refused: http.maxConnections is reached", connection.remoteAddress());
            close(connection);
            return;
        }
        PipelineLimit.on(WebVerticle.channelOf(connection));
        timers.put(connection, timer(connection, patience.headMs()));
        connection.closeHandler(closed -> forget(connection));
    }

    /** Nothing waits for a peer that may not read. Any thread. */
    static void abort(HttpConnection connection) {
        ChannelHandlerContext first =
                WebVerticle.channelOf(connection).pipeline().firstContext();
        if (first != null) { // else it is closed already
            first.close();
        }
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
        places.does(connection, Doing.BUSY);
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
                places.does(connection, Doing.WAITING);
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
        places.leave(connection);
        Long timer = timers.remove(connection);
        if (timer != null) {
            vertx.cancelTimer(timer);
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
