package io.termbus.bridge.web;

import io.termbus.bridge.BridgeContext;
import io.termbus.bridge.ClientJson;
import io.termbus.bridge.ConnectionSlots;
import io.termbus.bridge.web.HttpPlaces.Doing;
import io.termbus.mcp.McpHeaders;
import io.termbus.mcp.McpServer;
import io.termbus.mcp.Reply;
import io.termbus.mcp.ToolCall;
import io.termbus.protocol.HubException;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.impl.RoutingContextInternal;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * MCP over HTTP: each message is a post of its own, with a token of its own, and never with a cookie. What lasts is answered
 * by a stream of events. On the event loop of its verticle.
 */
final class McpRoute {
    /** What may last longer, in milliseconds, is answered by a stream: those on the way cut what is silent. */
    static final long QUIET_MS = 15_000;
    /** Between two signs of life in a stream. */
    static final long PROGRESS_MS = 10_000;
    /** What is not answered by a stream may last so long, in milliseconds: silence of 90 s ends a connection. */
    static final long UNSTREAMED_MS = 60_000;
    /** Longer JSON is read and written by a worker. */
    private static final int LONG_BYTES = 65_536;

    private static final Logger LOG = LoggerFactory.getLogger(McpRoute.class);
    private static final String EXCHANGE = "termbus.mcp";
    private static final String JSON = "application/json";
    private static final String EVENTS = "text/event-stream";
    private static final String SCHEME = "bearer ";
    private static final int ACCEPTED = 202;
    private static final int UNAUTHORIZED = 401;
    private static final int WRONG_METHOD = 405;
    private static final int WRONG_TYPE = 415;

    /** @param question what the hub is asked; of other replies nothing */
    private record Read(Reply reply, Buffer question) {}

    private final Vertx vertx;
    private final BridgeContext hub;
    private final ConnectionSlots slots;
    private final PayerSlots payers;
    private final HttpPlaces<HttpConnection> places;
    private final McpServer server;
    private final long progressMs;

    McpRoute(Vertx vertx, WebContext web) {
        this.vertx = vertx;
        this.hub = web.hub;
        this.slots = web.mcpSlots;
        this.payers = web.mcpPayers;
        this.places = web.places;
        this.server = new McpServer(hub.version());
        this.progressMs = web.mcpProgressMs;
    }

    /** There is nothing to get: no revision that is spoken keeps sessions, or needs streams that nobody asked for. */
    static void onlyPosts(RoutingContext rc) {
        rc.response().putHeader(HttpHeaders.ALLOW, "POST");
        Responses.end(rc, WRONG_METHOD, "405: messages are posted");
    }

    /** Before the body is read: who does not say a right token need not send one. */
    void login(RoutingContext rc) {
        if (rc.response().closed()) {
            return;
        }
        Optional<String> token = token(rc.request());
        if (token.isEmpty()) {
            refuse(rc, UNAUTHORIZED, "give a token of the hub: Authorization: Bearer …");
        } else if (!isJson(rc.request())) {
            refuse(rc, WRONG_TYPE, "a message is application/json");
        } else if (!slots.tryTake()) {
            full(rc, "half of all connections are requests of agents already");
        } else {
            McpExchange exchange = new McpExchange(vertx, hub, rc);
            rc.put(EXCHANGE, exchange);
            rc.addEndHandler(end -> {
                slots.release();
                exchange.over();
            });
            rc.request().pause();
            exchange.login(token.get(), said -> {
                admit(rc, exchange.payer(), new JsonObject(said));
                rc.request().resume();
                return Future.succeededFuture();
            });
        }
    }

    private void admit(RoutingContext rc, String payer, JsonObject said) {
        if (rc.response().closed()) {
            return; // its end has been handled
        }
        if (isError(said)) {
            refuse(rc, said.getInteger("failureCode"), said.getString("message"));
        } else if (payers.tryTake(payer)) {
            rc.addEndHandler(end -> payers.release(payer));
            rc.next();
        } else {
            full(rc, "this agent has a quarter of the requests that agents may have already");
        }
    }

    private void full(RoutingContext rc, String why) {
        HubException full = HubException.limit("connection.max", why);
        hub.meters().loginRefused(full);
        refuse(rc, full.error().code(), String.valueOf(full.getMessage()));
    }

    /** Twice, or of another scheme, is none. */
    static Optional<String> token(HttpServerRequest request) {
        List<String> given = request.headers().getAll(HttpHeaders.AUTHORIZATION);
        return given.size() == 1 && given.get(0).regionMatches(true, 0, SCHEME, 0, SCHEME.length())
                ? Optional.of(given.get(0).substring(SCHEME.length()).strip())
                : Optional.empty();
    }

    /** What else pages of other sites may send without being asked first. */
    private static boolean isJson(HttpServerRequest request) {
        String type = request.getHeader(HttpHeaders.CONTENT_TYPE);
        return type != null && type.split(";", 2)[0].strip().equalsIgnoreCase(JSON);
    }

    private static void refuse(RoutingContext rc, int status, String why) {
        if (status == UNAUTHORIZED) {
            rc.response().putHeader("WWW-Authenticate", "Bearer");
        }
        rc.response().putHeader(HttpHeaders.CACHE_CONTROL, "no-store");
        Responses.end(rc, status, status + ": " + why);
    }

    /** The message is there. */
    void answer(RoutingContext rc) {
        Buffer body = Optional.ofNullable(rc.body().buffer()).orElseGet(Buffer::buffer);
        ((RoutingContextInternal) rc).setBody(null); // it may be long, and the answer may take long
        McpHeaders headers = new McpHeaders(rc.request().headers()::getAll);
        boolean takesEvents = takesEvents(rc.request());
        work(body.length(), () -> read(body, headers, takesEvents))
                .onSuccess(read -> tell(rc, read))
                .onFailure(rc::fail);
    }

    private Read read(Buffer body, McpHeaders headers, boolean takesEvents) {
        Reply reply = reply(body, headers);
        if (!(reply instanceof Reply.Ask ask)) {
            return new Read(reply, Buffer.buffer());
        }
        ToolCall call = ask.call();
        if (!takesEvents) {
            call.lastAtMost(UNSTREAMED_MS);
        }
        return new Read(reply, McpExchange.question(call.address(), call.action(), call.body()));
    }

    private Reply reply(Buffer body, McpHeaders headers) {
        try {
            return server.take(ClientJson.objectOf(body), Optional.of(headers));
        } catch (HubException e) {
            return McpServer.noObject(body.length() > 0 && body.getByte(0) == '[');
        }
    }

    private <T> Future<T> work(int bytes, Callable<T> work) {
        if (bytes > LONG_BYTES) {
            return vertx.executeBlocking(work);
        }
        try {
            return Future.succeededFuture(work.call());
        } catch (Exception e) {
            return Future.failedFuture(e);
        }
    }

    private void tell(RoutingContext rc, Read read) {
        if (rc.response().closed()) {
            return; // its end has been handled
        }
        if (read.reply() instanceof Reply.Done done) {
            head(rc, JSON).setStatusCode(done.status());
            Responses.end(rc, done.message().encode());
        } else if (read.reply() instanceof Reply.Ask ask) {
            ask(rc, ask.call(), read.question());
        } else {
            Responses.end(rc, ACCEPTED, "");
        }
    }

    private void ask(RoutingContext rc, ToolCall call, Buffer question) {
        McpExchange exchange = rc.get(EXCHANGE);
        boolean streams = call.lastsMs() > QUIET_MS && takesEvents(rc.request());
        HttpServerResponse response = head(rc, streams ? EVENTS : JSON);
        if (streams) {
            stream(rc, call);
        }
        exchange.ask(
                question,
                said -> work(said.length(), () -> written(call, said, streams))
                        .compose(response::end)
                        .onFailure(failure -> lost(rc, failure)));
    }

    /** The client is not left waiting for what will not come. */
    private static void lost(RoutingContext rc, Throwable failure) {
        LOG.debug("a request was not answered", failure);
        HttpConnectionLimits.close(rc.request().connection());
    }

    private static Buffer written(ToolCall call, Buffer said, boolean streams) {
        JsonObject frame = new JsonObject(said);
        JsonObject answer = isError(frame)
                ? call.refused(frame.getInteger("failureCode"), frame.getString("message"))
                : call.answered(frame.getJsonObject("body"));
        return streams ? event(answer) : answer.toBuffer();
    }

    private static boolean isError(JsonObject frame) {
        return "err".equals(frame.getString("type"));
    }

    private static HttpServerResponse head(RoutingContext rc, String type) {
        return rc.response().putHeader(HttpHeaders.CONTENT_TYPE, type).putHeader(HttpHeaders.CACHE_CONTROL, "no-store");
    }

    /** HTTP/1.0 has nothing that tells where such an answer ends. */
    private static boolean takesEvents(HttpServerRequest request) {
        String accepted = request.getHeader(HttpHeaders.ACCEPT);
        return request.version() == HttpVersion.HTTP_1_1
                && accepted != null
                && accepted.toLowerCase(Locale.ROOT).contains(EVENTS);
    }

    /** It begins at once, and says something now and then until the answer comes. */
    private void stream(RoutingContext rc, ToolCall call) {
        places.does(rc.request().connection(), Doing.POLLING);
        HttpServerResponse response = rc.response().setChunked(true).putHeader("X-Accel-Buffering", "no");
        long began = System.nanoTime();
        say(response, Buffer.buffer(":\n\n"));
        long timer = vertx.setPeriodic(progressMs, due -> {
            long seconds = TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - began);
            say(response, call.progress(seconds).map(McpRoute::event).orElseGet(() -> Buffer.buffer(":\n\n")));
        });
        rc.addEndHandler(end -> vertx.cancelTimer(timer));
    }

    private static Buffer event(JsonObject message) {
        return Buffer.buffer("event: message\ndata: " + message.encode() + "\n\n");
    }

    private static void say(HttpServerResponse response, Buffer event) {
        if (!response.ended()) {
            response.write(event).onFailure(failure -> LOG.debug("nothing reaches the client", failure));
        }
    }
}
