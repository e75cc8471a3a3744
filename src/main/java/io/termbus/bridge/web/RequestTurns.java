package io.termbus.bridge.web;

import io.termbus.guard.FairShare;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpConnection;
import io.vertx.ext.web.RoutingContext;
import java.util.HashMap;
import java.util.Map;
import java.util.function.LongSupplier;

/**
 * Lets the requests of one HTTP connection wait once there were many in a short time, since an event loop serves many
 * browsers; the next one of the connection comes only when this one is answered. On that event loop.
 */
final class RequestTurns {
    /** Requests in one turn; a browser loads the web app with half as many on each of its connections. */
    static final int TURN_REQUESTS = 16;
    /** What they take. */
    static final long TURN_NANOS = 2_000_000;

    private static final class Turn {
        private long began;
        private int requests;
        private final FairShare.Member member;

        private Turn(FairShare.Member member) {
            this.member = member;
        }
    }

    private final Vertx vertx;
    private final FairShare crowd;
    private final LongSupplier nanoTime;
    private final Map<HttpConnection, Turn> turns = new HashMap<>();

    /** @param crowd the connections that send more than others */
    RequestTurns(Vertx vertx, FairShare crowd, LongSupplier nanoTime) {
        this.vertx = vertx;
        this.crowd = crowd;
        this.nanoTime = nanoTime;
    }

    /** Call before anything takes what the request brings. */
    void await(RoutingContext rc) {
        HttpConnection connection = rc.request().connection();
        Turn turn = turns.computeIfAbsent(connection, first -> new Turn(crowd.member()));
        if (nanoTime.getAsLong() - turn.began >= crowd.rest(TURN_NANOS)) {
            begin(turn);
        }
        if (++turn.requests <= TURN_REQUESTS) {
            rc.next();
            return;
        }
        rc.request().pause();
        vertx.setTimer(turn.member.rest(TURN_NANOS), timer -> {
            if (turns.containsKey(connection)) {
                begin(turn);
                turn.requests = 1;
                rc.request().resume();
                rc.next();
            }
        });
    }

    private void begin(Turn turn) {
        turn.began = nanoTime.getAsLong();
        turn.requests = 0;
        turn.member.leave();
    }

    /** The connection is closed, or a WebSocket. Idempotent. */
    void forget(HttpConnection connection) {
        Turn turn = turns.remove(connection);
        if (turn != null) {
            turn.member.leave();
        }
    }
}
