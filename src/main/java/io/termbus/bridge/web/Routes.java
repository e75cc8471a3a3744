package io.termbus.bridge.web;

import io.termbus.bridge.BridgeContext;
import io.termbus.bridge.web.HttpConnectionLimits.Patience;
import io.termbus.bridge.web.WebSocketConnection.Framing;
import io.termbus.config.HttpConfig;
import io.termbus.mcp.McpServer;
import io.vertx.core.Context;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.handler.BodyHandler;
import io.vertx.ext.web.handler.FileSystemAccess;
import io.vertx.ext.web.handler.StaticHandler;
import io.vertx.ext.web.handler.sockjs.SockJSHandler;
import io.vertx.ext.web.handler.sockjs.SockJSHandlerOptions;
import io.vertx.ext.web.handler.sockjs.SockJSSocket;
import io.vertx.ext.web.handler.sockjs.Transport;
import java.util.List;
import java.util.regex.Pattern;

/** What is served where over HTTP. */
final class Routes {
    /** What the paths of the bus begin with, below the base path. */
    static final String BUS_PATH = "/eventbus/";

    /** Where agents post, below the base path. */
    private static final String MCP_PATH = "/mcp";

    private static final String BUS = BUS_PATH + "*";

    /** What a session of SockJS has its paths below: {@code /eventbus/<server>/<session>/}. */
    private static final String SESSION = "/eventbus/[^/.]+/(?<" + PollingClients.SESSION + ">[^/.]+)/";

    private Routes() {}

    static Handler<HttpServerRequest> of(
            Vertx vertx, WebContext web, HttpConnectionLimits slow, PollingClients polling) {
        BridgeContext hub = web.hub;
        HttpConfig http = hub.config().http();
        HostNames names = new HostNames(http);
        Router router = Router.router(vertx);
        FailureHandler.answer(router);
        router.route()
                .handler(slow::requested)
                .handler(SecurityHeaders::put)
                .handler(names::check)
                .handler(rc -> RemoteClient.remember(rc, hub.config().proxy()));
        Health health = new Health(hub.bus(vertx));
        router.get("/healthz").handler(health::alive);
        router.get("/readyz").handler(health::ready);
        serve(router, http.basePath(), vertx, web, slow, polling);
        return Strays.before(router, names);
    }

    /**
     * For a router of the program that the hub is part of, below a path that ends with {@code /*}. Connections, TLS and host
     * names are that program's.
     */
    static Router mounted(Vertx vertx, WebContext web) {
        BridgeContext hub = web.hub;
        HttpConnectionLimits none = new HttpConnectionLimits(
                vertx, Patience.DEFAULT, new RequestTurns(vertx, hub.crowd(), System::nanoTime), web.places);
        Router router = Router.router(vertx);
        FailureHandler.answer(router);
        router.route()
                .handler(Routes::mustBeOnEventLoop)
                .handler(Routes::endWithSlash)
                .handler(SecurityHeaders::put)
                .handler(rc -> RemoteClient.remember(rc, hub.config().proxy()));
        serve(router, "", vertx, web, none, new PollingClients(vertx, web));
        return router;
    }

    private static void serve(
            Router router,
            String base,
            Vertx vertx,
            WebContext web,
            HttpConnectionLimits slow,
            PollingClients polling) {
        BridgeContext hub = web.hub;
        String bus = base + BUS;
        TokenLogin login = new TokenLogin(vertx, hub, base);
        SameOrigin origin = new SameOrigin(hub.config().http().origins());
        router.route(bus).handler(origin::check).handler(TokenLogin::remember);
        router.get(base + "/eventbus/iframe*").handler(rc -> rc.fail(404));
        router.post(bus).handler(BodyHandler.create(false).setBodyLimit(WebVerticle.MAX_MESSAGE_BYTES));
        String session = Pattern.quote(base) + SESSION;
        for (PollFormat format : PollFormat.values()) {
            router.routeWithRegex(format.method(), session + format.path()).handler(rc -> polling.poll(format, rc));
        }
        router.postWithRegex(session + "xhr_send").handler(rc -> polling.post(rc, 204, ""));
        router.postWithRegex(session + "jsonp_send").handler(rc -> polling.post(rc, 200, "ok"));
        router.getWithRegex(session + "websocket")
                .handler(rc -> WebSocketConnection.upgrade(vertx, hub, Framing.SOCKJS, slow, rc));
        router.get(base + "/eventbus/websocket").handler(rc -> WebSocketConnection.upgradeRaw(vertx, hub, slow, rc));
        Router rest = restOfSockJs(vertx);
        FailureHandler.answer(rest);
        router.route(bus).subRouter(rest);
        McpRoute mcp = new McpRoute(vertx, web);
        router.route(base + MCP_PATH).handler(origin::check);
        router.post(base + MCP_PATH).handler(mcp::login);
        router.post(base + MCP_PATH)
                .handler(BodyHandler.create(false).setBodyLimit(McpServer.MAX_BYTES))
                .handler(mcp::answer);
        router.route(base + MCP_PATH).handler(McpRoute::onlyPosts);
        String recordings = base + RecordingRoute.PATH + "*";
        router.route(recordings).handler(origin::check).handler(TokenLogin::remember);
        router.get(recordings).handler(new RecordingRoute(vertx, hub)::handle);
        String live = Pattern.quote(base) + "/sessions/(?<id>[A-Za-z0-9_-]+)/live";
        router.routeWithRegex(live).handler(origin::check).handler(TokenLogin::remember);
        router.getWithRegex(live).handler(rc -> LiveConnection.upgrade(vertx, hub, slow, rc.pathParam("id"), rc));
        EmbedPage embed = new EmbedPage(vertx, hub.config().http().frameAncestors());
        router.get(base + "/").handler(login::handle).handler(embed::handle);
        router.get(base + Assets.PATH + "*").handler(new Assets(vertx)::handle);
        router.get(base + "/*").handler(Routes::revalidate).handler(files());
    }

    /** What belongs to a connection of the hub belongs to an event loop. */
    private static void mustBeOnEventLoop(RoutingContext rc) {
        if (Context.isOnEventLoopThread()) {
            rc.next();
        } else {
            rc.fail(new IllegalStateException("the server of a hub's router must be on an event loop"));
        }
    }

    /** The web app names its files from there on. */
    private static void endWithSlash(RoutingContext rc) {
        String mount = String.valueOf(rc.mountPoint());
        if (rc.request().path().equals(mount.endsWith("/") ? mount.substring(0, mount.length() - 1) : mount)) {
            String query = rc.request().query();
            rc.response()
                    .setStatusCode(308)
                    .putHeader(HttpHeaders.LOCATION, rc.request().path() + "/" + (query == null ? "" : "?" + query));
            Responses.end(rc, "");
        } else {
            rc.next();
        }
    }

    /** What clients ask before they connect, and answers to what is no WebSocket where one should be. */
    private static Router restOfSockJs(Vertx vertx) {
        SockJSHandlerOptions options = new SockJSHandlerOptions().setInsertJSESSIONID(false);
        for (Transport taken : List.of(Transport.EVENT_SOURCE, Transport.HTML_FILE, Transport.JSON_P)) {
            options.addDisabledTransport(taken.toString());
        }
        return SockJSHandler.create(vertx, options).socketHandler(SockJSSocket::close);
    }

    /** From the jar: Vert.x looks into the working directory first, where a {@code webroot} may be anybody's. */
    private static StaticHandler files() {
        return StaticHandler.create(FileSystemAccess.RELATIVE, "io/termbus/webroot")
                .setDirectoryListing(false)
                .setIncludeHidden(false)
                .setDefaultContentEncoding("UTF-8");
    }

    /** A hub that was replaced by a newer one must not be seen through the old one's scripts. */
    private static void revalidate(RoutingContext rc) {
        rc.response().putHeader(HttpHeaders.CACHE_CONTROL, "no-cache");
        rc.next();
    }
}
