package io.termbus.bridge.web;

import io.termbus.bridge.BridgeContext;
import io.termbus.bridge.web.WebSocketConnection.Framing;
import io.termbus.config.HttpConfig;
import io.termbus.protocol.Addresses;
import io.termbus.protocol.ErrorCode;
import io.vertx.core.Vertx;
import io.vertx.core.eventbus.DeliveryOptions;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.handler.BodyHandler;
import io.vertx.ext.web.handler.FileSystemAccess;
import io.vertx.ext.web.handler.StaticHandler;
import io.vertx.ext.web.handler.sockjs.SockJSHandler;
import io.vertx.ext.web.handler.sockjs.SockJSHandlerOptions;
import java.util.Optional;
import java.util.regex.Pattern;

/** What is served where over HTTP. */
final class Routes {
    /** How long a polling client may stay away between two polls, in milliseconds. WebSockets have no such limit. */
    private static final long POLL_GAP_MS = 10_000;

    /** What the paths of the bus begin with, below the base path. */
    static final String BUS_PATH = "/eventbus/";

    private static final String BUS = BUS_PATH + "*";

    /** {@code /eventbus/<server>/<session>/websocket}; {@code /eventbus/websocket} is raw. */
    private static final String WEBSOCKET = "/eventbus/[^/.]+/[^/.]+/websocket";

    /** No group: the SockJS handler takes the first one of any route for the id of its session. */
    private static final String POLL = "/eventbus/[^/.]+/[^/.]+/(?:xhr|xhr_streaming|eventsource|htmlfile.*|jsonp)";

    private static final String POST = "/eventbus/[^/.]+/[^/.]+/(?:xhr|jsonp)_send";

    /** Its group is the id of the session. */
    private static final String SESSION = "/eventbus/[^/.]+/([^/.]+)/.*";

    private Routes() {}

    static Router of(Vertx vertx, BridgeContext hub, SlowClients slow) {
        HttpConfig http = hub.config().http();
        String base = http.basePath();
        String bus = base + BUS;
        TokenLogin login = new TokenLogin(hub.authenticator(), hub.addresses(), base + "/");
        HostNames names = new HostNames(http);
        SameOrigin origin = new SameOrigin(http.origins());
        PollingOwners owners = new PollingOwners(vertx);
        Router router = Router.router(vertx);
        Failures.answer(router);
        router.route()
                .handler(slow::requested)
                .handler(SecurityHeaders::put)
                .handler(names::check)
                .handler(rc -> Visitor.remember(rc, hub.config().proxy()));
        router.get("/healthz").handler(rc -> health(vertx, rc));
        router.route(bus).handler(origin::check).handler(TokenLogin::remember);
        router.get(base + "/eventbus/iframe*").handler(rc -> rc.fail(404));
        router.post(bus).handler(BodyHandler.create(false).setBodyLimit(WebVerticle.MAX_MESSAGE_BYTES));
        router.routeWithRegex(Pattern.quote(base) + SESSION).handler(owners::check);
        router.postWithRegex(Pattern.quote(base) + POST).handler(rc -> PollingPosts.check(vertx, rc));
        router.routeWithRegex(Pattern.quote(base) + POLL).handler(Routes::closeAfterPoll);
        router.getWithRegex(Pattern.quote(base) + WEBSOCKET)
                .handler(rc -> WebSocketConnection.upgrade(vertx, hub, Framing.SOCKJS, slow, rc));
        router.get(base + "/eventbus/websocket")
                .handler(rc -> WebSocketConnection.upgrade(vertx, hub, Framing.NONE, slow, rc));
        Router sockJs = SockJSHandler.create(vertx, sockJs())
                .socketHandler(socket -> PollingConnection.accept(vertx, hub, owners, socket));
        Failures.answer(sockJs);
        router.route(bus).subRouter(sockJs);
        router.get(base + "/").handler(login::handle);
        router.get(base + Assets.PATH + "*").handler(new Assets(vertx)::handle);
        router.get(base + "/*").handler(Routes::revalidate).handler(files());
        return router;
    }

    /**
     * SockJS closes the connection with each answer to a poll, and at the end of a stream. A client that is not told so
     * sends its next request on it, and loses it.
     */
    private static void closeAfterPoll(RoutingContext rc) {
        rc.response().putHeader(HttpHeaders.CONNECTION, HttpHeaders.CLOSE);
        rc.next();
    }

    private static SockJSHandlerOptions sockJs() {
        return new SockJSHandlerOptions().setInsertJSESSIONID(false).setSessionTimeout(POLL_GAP_MS);
    }

    /** From the jar: Vert.x looks into the working directory first, where a {@code webroot} may be anybody's. */
    private static StaticHandler files() {
        return StaticHandler.create(FileSystemAccess.RELATIVE, "io/termbus/webroot")
                .setDirectoryListing(false)
                .setIncludeHidden(false)
                .setDefaultContentEncoding("UTF-8");
    }

    /** In a cluster also how it is there. 503 where it has been out of it for long, and cannot come back by itself. */
    private static void health(Vertx vertx, RoutingContext rc) {
        vertx.eventBus()
                .<JsonObject>request(Addresses.HEALTH, "", new DeliveryOptions().setLocalOnly(true))
                .map(answer -> Optional.of(answer.body()))
                .otherwise(Optional.empty())
                .onSuccess(cluster -> health(rc, cluster));
    }

    private static void health(RoutingContext rc, Optional<JsonObject> cluster) {
        boolean well = cluster.map(it -> it.getBoolean("well")).orElse(true);
        JsonObject health = new JsonObject().put("status", well ? "up" : "out of the cluster");
        cluster.ifPresent(it -> health.put("cluster", it));
        rc.response()
                .setStatusCode(well ? 200 : ErrorCode.UNAVAILABLE.code())
                .putHeader(HttpHeaders.CACHE_CONTROL, "no-store")
                .putHeader(HttpHeaders.CONTENT_TYPE, "application/json");
        Responses.end(rc, health.encode());
    }

    /** A hub that was replaced by a newer one must not be seen through the old one's scripts. */
    private static void revalidate(RoutingContext rc) {
        rc.response().putHeader(HttpHeaders.CACHE_CONTROL, "no-cache");
        rc.next();
    }
}
