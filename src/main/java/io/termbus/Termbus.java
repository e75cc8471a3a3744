package io.termbus;

import io.termbus.app.Hub;
import io.termbus.bridge.Authenticator;
import io.termbus.bridge.Authorizer;
import io.termbus.bridge.Embedding;
import io.termbus.config.ConfigException;
import io.termbus.config.EmbeddedConfig;
import io.termbus.protocol.Addresses;
import io.termbus.protocol.ErrorCode;
import io.termbus.protocol.Ids;
import io.termbus.protocol.Operation;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A hub that is part of a program, in the Vert.x of that program. It begins with {@link #start}, ends with {@link #close} and
 * leaves Vert.x as it was. Set it up on one thread; any may call what follows. Futures complete on the caller's context
 * and fail with a {@link TermbusException}, those of requests with 503 before the hub has started and after it was closed.
 */
public final class Termbus {
    private static final Logger LOG = LoggerFactory.getLogger(Termbus.class);

    private final Vertx vertx;
    private final EmbeddedConfig settings;
    /** What a client's connection is to sessions: waits and leases are its own. */
    private final String connection = Ids.next();

    private Optional<TermbusAuthenticator> authenticator = Optional.empty();
    private Optional<TermbusAuthorizer> authorizer = Optional.empty();
    private Optional<Future<Hub>> hub = Optional.empty();
    private Optional<Future<Void>> closed = Optional.empty();

    private Termbus(Vertx vertx, EmbeddedConfig settings) {
        this.vertx = vertx;
        this.settings = settings;
    }

    /** @throws IllegalArgumentException with every setting that is not allowed, and what is */
    public static Termbus create(Vertx vertx, TermbusOptions options) {
        try {
            EmbeddedConfig settings = EmbeddedConfig.of(options.toJson());
            settings.warnings().forEach(LOG::warn);
            return new Termbus(vertx, settings);
        } catch (ConfigException e) {
            throw new IllegalArgumentException(String.join("\n", e.problems()), e);
        }
    }

    /** Who says who clients are, instead of tokens of the hub's own. Before {@link #start}. */
    public Termbus authenticator(TermbusAuthenticator given) {
        mustNotHaveStarted();
        authenticator = Optional.of(given);
        return this;
    }

    /** Who says what clients may do of that which their roles allow. Before {@link #start}. */
    public Termbus authorizer(TermbusAuthorizer given) {
        mustNotHaveStarted();
        authorizer = Optional.of(given);
        return this;
    }

    private synchronized void mustNotHaveStarted() {
        if (hub.isPresent() || closed.isPresent()) {
            throw new IllegalStateException("the hub has started, or was closed");
        }
    }

    /** Once. Where it fails nothing is left behind. */
    public synchronized Future<Void> start() {
        mustNotHaveStarted();
        Embedding embedding = new Embedding(
                Optional.of(settings.addressPrefix()),
                authorizer.<Authorizer>map(Grants::port).orElse(Authorizer.ROLES),
                settings.listensTcp(),
                settings.listensHttp());
        Future<Hub> starting =
                Hub.embed(vertx, settings.config(), authenticator.<Authenticator>map(Grants::port), embedding);
        hub = Optional.of(starting);
        return starting.mapEmpty();
    }

    /** Ends the sessions, tells their subscribers, and closes the clients' connections. Idempotent. */
    public synchronized Future<Void> close() {
        if (closed.isEmpty()) {
            closed = Optional.of(hub.map(it -> it.transform(
                            started -> started.succeeded() ? started.result().close() : Future.<Void>succeededFuture()))
                    .orElseGet(Future::succeededFuture));
        }
        return closed.get();
    }

    /** Makes a session; fails with 400 where an option is not allowed. */
    public Future<TermbusSession> create(SessionOptions options) {
        return ask(Addresses.HUB, Operation.CREATE, options.toJson()).map(this::session);
    }

    /** Those that there are, the oldest first. */
    public Future<List<TermbusSession>> sessions() {
        return ask(Addresses.HUB, Operation.LIST, new JsonObject())
                .map(answer -> answer.getJsonArray("sessions").stream()
                        .map(each -> session((JsonObject) each))
                        .toList());
    }

    /** @return fails with 404 where there is none such */
    public Future<TermbusSession> session(String id) {
        return ask(Addresses.session(id), Operation.INFO, new JsonObject()).map(this::session);
    }

    /** Watches a session, as a client does that is trusted. */
    public Future<Subscription> attach(String id, AttachOptions options) {
        Context home = vertx.getOrCreateContext();
        return ask(Addresses.FLOW, Operation.ATTACH, options.toJson().put("session", id))
                .map(answer -> subscription(answer.getString("subscriber"), home));
    }

    /** Of the hub's own listener; 0 where {@code http.port} was not given. */
    public int httpPort() {
        return core().httpPort();
    }

    /** Of the hub's own listener; 0 where {@code tcp.port} was not given. */
    public int tcpPort() {
        return core().tcpPort();
    }

    /** Where {@code /metrics} is; 0 where {@code metrics.port} was not given. */
    public int metricsPort() {
        return core().metricsPort();
    }

    Vertx vertx() {
        return vertx;
    }

    Router router() {
        if (!runs()) {
            throw new IllegalStateException("the hub does not run");
        }
        return core().router();
    }

    private Subscription subscription(String subscriber, Context home) {
        String owner = core().shards().addressOfSubscriber(subscriber).orElseThrow();
        return new Subscription(requests(), home, subscriber, owner);
    }

    private TermbusSession session(JsonObject info) {
        return new TermbusSession(requests(), info);
    }

    private Future<JsonObject> ask(String address, Operation operation, JsonObject arguments) {
        return runs()
                ? requests().ask(address, operation.action(), arguments)
                : Future.failedFuture(new TermbusException(ErrorCode.UNAVAILABLE.code(), "the hub does not run"));
    }

    private LocalRequests requests() {
        return new LocalRequests(vertx, core().bus(), connection);
    }

    private synchronized boolean runs() {
        return closed.isEmpty() && hub.filter(Future::succeeded).isPresent();
    }

    private synchronized Hub core() {
        return hub.map(Future::result).orElseThrow(() -> new IllegalStateException("the hub has not started"));
    }
}
