package io.termbus.bridge.web;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.termbus.bridge.BridgeConnection;
import io.termbus.bridge.BridgeContext;
import io.termbus.bridge.Dialect;
import io.termbus.bridge.Transport;
import io.termbus.protocol.Addresses;
import io.termbus.protocol.Headers;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RoutingContext;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * One request of MCP: a connection of the bridge of its own for as long as it is answered, so that roles, reach, limits and
 * the end of a token are those of the bridges. On the event loop of its HTTP connection.
 */
final class McpExchange implements Transport {
    /** Where answers to a {@link #question} come. */
    static final String ANSWER = "answer";

    /** Gets an answer of the hub; its future is done when that has left for the client. */
    @FunctionalInterface
    interface Taker extends Function<Buffer, Future<Void>> {}

    private final RoutingContext rc;
    private final RemoteClient visitor;
    private final BridgeConnection connection;
    private @Nullable Taker taker;
    /** The hub's last word, which nobody had asked for. */
    private Optional<Buffer> lastWord = Optional.empty();

    McpExchange(Vertx vertx, BridgeContext hub, RoutingContext rc) {
        this.rc = rc;
        this.visitor = RemoteClient.remembered(rc);
        this.connection = new BridgeConnection(vertx, hub, this);
    }

    /** Call once, before {@link #ask}. */
    void login(String token, Taker answer) {
        taker = answer;
        connection.open(Optional.empty());
        connection.received(question(Addresses.HUB, "login", new JsonObject().put("token", token)));
    }

    /** Who pays for the request, once it has logged in. */
    String payer() {
        return connection.payer();
    }

    /** Asks the hub a {@link #question}; one at a time. */
    void ask(Buffer question, Taker answer) {
        if (lastWord.isPresent()) {
            answer.apply(lastWord.get()).onFailure(gone -> connection.closed());
            return;
        }
        taker = answer;
        connection.received(question);
    }

    /** As it is asked. Any thread. */
    static Buffer question(String address, String action, JsonObject body) {
        return command(address, action, body).put("replyAddress", ANSWER).toBuffer();
    }

    /** The same without an answer. Any thread. */
    static JsonObject command(String address, String action, JsonObject body) {
        return new JsonObject()
                .put("type", "send")
                .put("address", address)
                .put("headers", new JsonObject().put(Headers.ACTION, action))
                .put("body", body);
    }

    /** It is answered, or the client has gone: what the hub still does for it ends. Idempotent. */
    void over() {
        connection.closed();
    }

    @Override
    public Future<Void> write(ByteBuf message) {
        Buffer frame = Buffer.buffer(ByteBufUtil.getBytes(message));
        message.release();
        Taker asked = taker;
        taker = null;
        if (asked == null) {
            lastWord = Optional.of(frame);
            return Future.succeededFuture();
        }
        return asked.apply(frame);
    }

    /** The request ends when it is answered. */
    @Override
    public void close() {}

    @Override
    public void abort() {
        HttpConnectionLimits.abort(rc.request().connection());
    }

    @Override
    public boolean isOneRequest() {
        return true;
    }

    @Override
    public Dialect dialect() {
        return Dialect.SOCKJS;
    }

    @Override
    public String address() {
        return visitor.address();
    }

    @Override
    public String name() {
        return "mcp";
    }

    @Override
    public String peer() {
        return visitor.peer();
    }
}
