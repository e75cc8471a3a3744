package io.termbus.bridge.web;

import io.termbus.bridge.web.HttpPlaces.Doing;
import io.vertx.core.Vertx;
import io.vertx.core.internal.ContextInternal;
import io.vertx.ext.web.RoutingContext;
import java.util.List;
import java.util.Optional;

/**
 * Takes the polls and posts of SockJS to their sessions, which may be on another event loop. Vert.x' own sessions have no
 * loop: of two at once the one may miss what the other wakes it for. On the event loop of the request.
 */
final class PollingClients {
    /** What the route calls the id of the session. */
    static final String SESSION = "session";

    /** As the protocol of SockJS has it. */
    private static final int FAILED = 500;

    private final Vertx vertx;
    private final WebContext web;

    PollingClients(Vertx vertx, WebContext web) {
        this.vertx = vertx;
        this.web = web;
    }

    /** That of the server, for the request has one that ends with it. */
    private ContextInternal context() {
        return ((ContextInternal) vertx.getOrCreateContext()).unwrap();
    }

    /** A request that waits for frames. The first one begins a session. */
    void poll(PollFormat format, RoutingContext rc) {
        Optional<String> callback = callback(rc);
        if (format.calls() && callback.filter(PollFormat::isCallback).isEmpty()) {
            Responses.end(rc, FAILED, "500: a callback must be named, of up to 32 letters, digits and _.-");
            return;
        }
        if (rc.response().closed()) {
            return;
        }
        String id = rc.pathParam(SESSION);
        ContextInternal context = context();
        PollingConnection session = web.sessions.getOrAdd(id, () -> new PollingConnection(vertx, web, context, id, rc));
        if (isOwner(session, rc)) {
            if (rc.request().isEnded()) {
                web.places.does(rc.request().connection(), Doing.POLLING);
            } else {
                rc.request().endHandler(whole -> web.places.does(rc.request().connection(), Doing.POLLING));
            }
            Poll poll = new Poll(rc, context, format, callback.orElse(""));
            rc.addEndHandler(end -> {
                if (end.failed()) {
                    session.home().runOnContext(now -> session.lost(poll));
                }
            });
            session.home().runOnContext(now -> session.poll(poll));
        }
    }

    /**
     * Messages for a session.
     *
     * @param status of the answer where the session has them
     * @param text of that
     */
    void post(RoutingContext rc, int status, String text) {
        Optional<PollingConnection> session = web.sessions.get(rc.pathParam(SESSION));
        if (session.isEmpty()) {
            isGone(rc);
        } else if (isOwner(session.get(), rc)) {
            PollingPosts.read(vertx, rc, messages -> bring(session.get(), messages, rc, status, text));
        }
    }

    /** The answer comes after the messages have, so that those of the next post come later. */
    private void bring(PollingConnection session, List<String> messages, RoutingContext rc, int status, String text) {
        ContextInternal context = context();
        session.home().runOnContext(now -> {
            boolean open = session.received(messages);
            context.runOnContext(then -> {
                if (open) {
                    Responses.ofBus(rc, "text/plain; charset=UTF-8");
                    Responses.end(rc, status, text);
                } else {
                    isGone(rc);
                }
            });
        });
    }

    private static boolean isOwner(PollingConnection session, RoutingContext rc) {
        boolean is = session.isOf(rc);
        if (!is) {
            Responses.end(
                    rc, 403, "403: this session was opened with another token, by another user or from elsewhere");
        }
        return is;
    }

    private static void isGone(RoutingContext rc) {
        Responses.end(rc, 404, "404: no such session");
    }

    private static Optional<String> callback(RoutingContext rc) {
        return Optional.ofNullable(rc.request().getParam("callback"))
                .or(() -> Optional.ofNullable(rc.request().getParam("c")));
    }
}
