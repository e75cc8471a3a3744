package io.termbus.bridge.web;

import io.termbus.bridge.AddressLimits;
import io.termbus.bridge.BridgeContext;
import io.termbus.bridge.ConnectionSlots;
import io.termbus.bridge.web.HttpConnectionLimits.Patience;
import io.termbus.config.MetricsConfig;
import io.termbus.protocol.ErrorCode;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.VerticleBase;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.MIMEHeader;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import org.jspecify.annotations.Nullable;

/**
 * Serves {@code /metrics} on a listener of its own, without login: nothing of it names a session, a user or an address. Its
 * connections have the limits of {@code http.*}, but are counted apart, so that whoever scrapes takes no browser's place.
 */
public final class MetricsVerticle extends VerticleBase {
    private static final String OPEN_METRICS = "openmetrics-text";

    private final BridgeContext hub;
    private final Scrapes scrapes;
    private @Nullable HttpServer server;

    public MetricsVerticle(BridgeContext hub, Scrapes scrapes) {
        this.hub = hub;
        this.scrapes = scrapes;
    }

    /** The bound port. Call after deployment; any thread may. */
    public int port() {
        HttpServer bound = server;
        if (bound == null) {
            throw new IllegalStateException("not deployed");
        }
        return bound.actualPort();
    }

    @Override
    public Future<?> start() {
        MetricsConfig settings = hub.config().metrics();
        HttpPlaces<HttpConnection> places = new HttpPlaces<>(
                new ConnectionSlots(hub.config().http().maxConnections()),
                hub.config().http().maxPerAddress(),
                AddressLimits::isLoopback);
        HttpConnectionLimits slow = new HttpConnectionLimits(
                vertx, Patience.DEFAULT, new RequestTurns(vertx, hub.crowd(), System::nanoTime), places);
        return WebVerticle.listen(
                        vertx, hub.tls(), slow, routes(slow), settings.port().orElseThrow(), settings.host())
                .onSuccess(bound -> server = bound);
    }

    private Handler<HttpServerRequest> routes(HttpConnectionLimits slow) {
        HostNames names =
                new HostNames(hub.config().http(), hub.config().metrics().host());
        Router router = Router.router(vertx);
        FailureHandler.answer(router);
        router.route().handler(slow::requested).handler(SecurityHeaders::put).handler(names::check);
        router.get("/metrics").handler(this::scrape);
        return Strays.before(router, names);
    }

    private void scrape(RoutingContext rc) {
        scrapes.scrape(wantsOpenMetrics(rc))
                .onSuccess(scraped -> {
                    rc.response()
                            .putHeader(HttpHeaders.CONTENT_TYPE, scraped.contentType())
                            .putHeader(HttpHeaders.CACHE_CONTROL, "no-store");
                    Responses.end(rc, scraped.text());
                })
                .onFailure(cause -> rc.fail(ErrorCode.UNAVAILABLE.code(), cause));
    }

    /** Of the formats that there are the one that is preferred. */
    private static boolean wantsOpenMetrics(RoutingContext rc) {
        return rc.parsedHeaders().accept().stream()
                .map(MIMEHeader::subComponent)
                .filter(format -> format.equals(OPEN_METRICS) || format.equals("plain") || format.equals("*"))
                .findFirst()
                .filter(OPEN_METRICS::equals)
                .isPresent();
    }

    @Override
    public Future<?> stop() {
        HttpServer bound = server;
        return bound == null ? Future.succeededFuture() : bound.close();
    }
}
