package io.termbus.bridge.web;

import io.vertx.ext.auth.User;
import io.vertx.ext.web.RoutingContext;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;

/**
 * Who opened a session of SockJS: the id of one stands in its URLs, where proxies log it, so it alone lets nobody
 * speak or listen.
 *
 * @param credentials what the first request came with
 */
record PollingOwner(String credentials) {
    static PollingOwner of(RoutingContext rc) {
        RemoteClient visitor = RemoteClient.remembered(rc);
        return new PollingOwner(TokenLogin.remembered(rc)
                .map(token -> "token " + token)
                .or(() -> visitor.user().map(grant -> "user " + grant.user()))
                .or(() -> visitor.login().map(User::subject).map(subject -> "login " + subject))
                .orElseGet(() -> "address " + visitor.address()));
    }

    boolean sent(RoutingContext rc) {
        return MessageDigest.isEqual(bytes(), of(rc).bytes());
    }

    private byte[] bytes() {
        return credentials.getBytes(StandardCharsets.UTF_8);
    }

    /** Without the token. */
    @Override
    public String toString() {
        return "PollingOwner";
    }
}
