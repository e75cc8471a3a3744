package io.termbus.bridge.web;

import io.termbus.audit.Audit;
import io.termbus.bridge.AddressLimits;
import io.termbus.bridge.Authenticator;
import io.termbus.protocol.Grant;
import io.termbus.protocol.HubException;
import io.vertx.core.http.Cookie;
import io.vertx.core.http.CookieSameSite;
import io.vertx.core.http.HttpHeaders;
import io.vertx.ext.web.RoutingContext;
import java.util.Optional;

/** Turns the token of a login URL into a cookie, and finds the token of a SockJS request. */
final class TokenLogin {
    private static final String COOKIE = "termbus_token";
    private static final String PARAMETER = "token";
    private static final String REMEMBERED = "termbus.token";

    private final Authenticator authenticator;
    private final AddressLimits addresses;
    private final String home;

    /** @param home path of the web app, ending with a slash */
    TokenLogin(Authenticator authenticator, AddressLimits addresses, String home) {
        this.authenticator = authenticator;
        this.addresses = addresses;
        this.home = home;
    }

    /** {@code GET /?token=…}: sets the cookie and takes the token out of the address bar. */
    void handle(RoutingContext rc) {
        Optional<String> token = parameter(rc);
        if (token.isEmpty()) {
            rc.next();
            return;
        }
        RemoteClient visitor = RemoteClient.remembered(rc);
        String address = visitor.address();
        Optional<Grant> grant = authenticator.grantOf(token.get());
        if (grant.isEmpty() && mustWait(rc, address)) {
            return;
        }
        if (grant.isPresent() || addresses.mayLog(address, token.get())) {
            Audit.record(
                    "login",
                    Grant.facts(grant).put("peer", visitor.peer()),
                    grant.isPresent() ? Audit.OK : "wrong token");
        }
        if (grant.isPresent()) {
            addresses.succeeded(address, token.get());
            rc.response()
                    .addCookie(cookie(rc, token.get()))
                    .putHeader(HttpHeaders.CACHE_CONTROL, "no-store")
                    .putHeader(HttpHeaders.LOCATION, home)
                    .setStatusCode(303);
            Responses.end(rc, "");
        } else {
            addresses.failed(address, token.get());
            refuse(rc);
        }
    }

    /** Keeps the token of the URL or the cookie for {@link #remembered}: SockJS drops the cookies it did not set. */
    static void remember(RoutingContext rc) {
        parameter(rc).or(() -> ofCookie(rc)).ifPresent(token -> rc.put(REMEMBERED, token));
        rc.next();
    }

    static Optional<String> remembered(RoutingContext rc) {
        return Optional.ofNullable(rc.get(REMEMBERED));
    }

    private static Optional<String> parameter(RoutingContext rc) {
        return rc.queryParam(PARAMETER).stream().findFirst();
    }

    private static Optional<String> ofCookie(RoutingContext rc) {
        return Optional.ofNullable(rc.request().getCookie(COOKIE)).map(Cookie::getValue);
    }

    private Cookie cookie(RoutingContext rc, String token) {
        return Cookie.cookie(COOKIE, token)
                .setPath(home)
                .setHttpOnly(true)
                .setSameSite(CookieSameSite.STRICT)
                .setSecure(RemoteClient.remembered(rc).secure());
    }

    /** Then the answer has been given. */
    private boolean mustWait(RoutingContext rc, String address) {
        try {
            addresses.checkMayTry(address);
            return false;
        } catch (HubException e) {
            tooManyTries(rc, String.valueOf(e.getMessage()));
            return true;
        }
    }

    private static void tooManyTries(RoutingContext rc, String why) {
        rc.response().setStatusCode(429).putHeader(HttpHeaders.CACHE_CONTROL, "no-store");
        Responses.end(rc, "429: " + why);
    }

    private static void refuse(RoutingContext rc) {
        rc.response()
                .setStatusCode(401)
                .putHeader(HttpHeaders.CACHE_CONTROL, "no-store")
                .putHeader(HttpHeaders.CONTENT_TYPE, "text/html; charset=utf-8");
        Responses.end(
                rc,
                "<!doctype html><title>Termbus</title><h1>Wrong token</h1>"
                        + "<p>The login URL that the hub printed at its start has the right one.</p>");
    }
}
