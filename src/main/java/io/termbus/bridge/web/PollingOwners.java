package io.termbus.bridge.web;

import io.vertx.core.Vertx;
import io.vertx.core.shareddata.LocalMap;
import io.vertx.core.shareddata.Shareable;
import io.vertx.ext.web.RoutingContext;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import org.jspecify.annotations.Nullable;

/**
 * Who opened which session of SockJS: the id of one stands in its URLs, where proxies log it, so it alone lets nobody
 * speak or listen. One for all event loops, as the sessions are; on any of them.
 */
final class PollingOwners {
    /** What the handlers of SockJS take for the id: the query and the body may hold one as well, and then win. */
    private static final String ID = "param0";

    private final LocalMap<String, Owner> owners;

    /**
     * @param credentials what the first request came with
     * @param connection told from an earlier one of that id
     */
    record Owner(String credentials, String connection) implements Shareable {}

    PollingOwners(Vertx vertx) {
        owners = vertx.sharedData().getLocalMap("termbus.polling");
    }

    /** For a route whose only group is the id. A session that is not there yet, or no more, is anybody's. */
    void check(RoutingContext rc) {
        Owner owner = owners.get(id(rc));
        if (owner == null || isSame(owner.credentials(), credentials(rc))) {
            rc.next();
        } else {
            rc.response().setStatusCode(403);
            Responses.end(rc, "403: this session was opened with another token, by another user or from elsewhere");
        }
    }

    /** @param first request of the session */
    Owner opened(RoutingContext first, String connection) {
        Owner owner = new Owner(credentials(first), connection);
        owners.put(id(first), owner);
        return owner;
    }

    void closed(RoutingContext first, Owner owner) {
        owners.removeIfPresent(id(first), owner);
    }

    private static String id(RoutingContext rc) {
        @Nullable String id = rc.request().getParam(ID);
        return id == null ? "" : id;
    }

    private static String credentials(RoutingContext rc) {
        Visitor visitor = Visitor.remembered(rc);
        return TokenLogin.remembered(rc)
                .map(token -> "token " + token)
                .or(() -> visitor.user().map(grant -> "user " + grant.user()))
                .orElseGet(() -> "address " + visitor.address());
    }

    private static boolean isSame(String one, String other) {
        return MessageDigest.isEqual(one.getBytes(StandardCharsets.UTF_8), other.getBytes(StandardCharsets.UTF_8));
    }
}
