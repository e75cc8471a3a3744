package io.termbus.bridge.web;

import io.termbus.audit.Audit;
import io.termbus.bridge.AddressLimits;
import io.termbus.bridge.BridgeContext;
import io.termbus.bridge.Credentials;
import io.termbus.bridge.Login;
import io.termbus.protocol.ErrorCode;
import io.termbus.protocol.Grant;
import io.termbus.protocol.HubException;
import io.vertx.core.Vertx;
import io.vertx.core.http.Cookie;
import io.vertx.core.http.CookieSameSite;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RoutingContext;
import java.util.Optional;

/** Turns the token of a login URL into a cookie, and finds the token of a SockJS request. */
final class TokenLogin {
    private static final String COOKIE = "termbus_token";
    private static final String PARAMETER = "token";
    private static final String REMEMBERED = "termbus.token";

    private final Vertx vertx;
    private final BridgeContext hub;
    private final AddressLimits addresses;
    private final String base;

    /** @param base path of the web app, below that of its router; without a slash at its end */
    TokenLogin(Vertx vertx, BridgeContext hub, String base) {
        this.vertx = vertx;
        this.hub = hub;
        this.addresses = hub.addresses();
        this.base = base;
    }

    /** {@code GET /?token=…}: sets the cookie and takes the token out of the address bar. */
    void handle(RoutingContext rc) {
        Optional<String> token = parameter(rc);
        if (token.isEmpty()) {
            rc.next();
            return;
        }
        RemoteClient visitor = RemoteClient.remembered(rc);
        Credentials given = new Credentials(token, visitor.login(), visitor.address(), visitor.peer());
        Login.ask(vertx, hub, given)
                .onSuccess(grant -> admit(rc, visitor, token.get(), grant))
                .onFailure(cause -> refuse(rc, visitor, token.get(), (HubException) cause));
    }

    private void admit(RoutingContext rc, RemoteClient visitor, String token, Grant grant) {
        JsonObject facts = Grant.facts(Optional.of(grant)).put("peer", visitor.peer());
        hub.audit().record(grant.user(), "login", facts, Audit.OK);
        hub.meters().loggedIn();
        addresses.succeeded(visitor.address(), token);
        rc.response()
                .addCookie(cookie(rc, token))
                .putHeader(HttpHeaders.CACHE_CONTROL, "no-store")
                .putHeader(HttpHeaders.LOCATION, home(rc))
                .setStatusCode(303);
        Responses.end(rc, "");
    }

    private void refuse(RoutingContext rc, RemoteClient visitor, String token, HubException why) {
        hub.meters().loginRefused(why);
        boolean wrong = why.error() == ErrorCode.NOT_LOGGED_IN;
        if (wrong && mustWait(rc, visitor.address())) {
            return;
        }
        if (addresses.mayLog(visitor.address(), token)) {
            hub.audit()
                    .record(
                            "@" + AddressLimits.network(visitor.address()),
                            "login",
                            new JsonObject().put("peer", visitor.peer()),
                            wrong ? "wrong token" : String.valueOf(why.getMessage()));
        }
        if (wrong) {
            addresses.failed(visitor.address(), token);
            refuse(rc);
        } else {
            rc.response().putHeader(HttpHeaders.CACHE_CONTROL, "no-store");
            Responses.end(rc, why.error().code(), why.error().code() + ": " + why.getMessage());
        }
    }

    /** Path of the web app, ending with a slash, as its browser sees it. */
    private String home(RoutingContext rc) {
        String mount = Optional.ofNullable(rc.mountPoint()).orElse("");
        return (mount.endsWith("/") ? mount.substring(0, mount.length() - 1) : mount) + base + "/";
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
                .setPath(home(rc))
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
