package io.termbus.app;

import io.termbus.audit.AuditPace;
import io.termbus.auth.Access;
import io.termbus.auth.AdminToken;
import io.termbus.auth.HomeDirectory;
import io.termbus.auth.Shares;
import io.termbus.auth.SharesVerticle;
import io.termbus.bridge.Authenticator;
import io.termbus.bridge.BridgeContext;
import io.termbus.bridge.ConnectionSlots;
import io.termbus.bridge.Credentials;
import io.termbus.bridge.Embedding;
import io.termbus.bridge.TlsFiles;
import io.termbus.bridge.tcp.TcpBridgeVerticle;
import io.termbus.bridge.tcp.UnixSocketException;
import io.termbus.bridge.web.MetricsVerticle;
import io.termbus.bridge.web.WebContext;
import io.termbus.bridge.web.WebVerticle;
import io.termbus.cluster.ClusterNode;
import io.termbus.cluster.ClusterVerticles;
import io.termbus.config.HubConfig;
import io.termbus.config.SessionConfig;
import io.termbus.flow.FlowControlVerticle;
import io.termbus.loop.Loops;
import io.termbus.metrics.Meters;
import io.termbus.protocol.Addresses;
import io.termbus.protocol.ErrorCode;
import io.termbus.protocol.FlowMessage;
import io.termbus.protocol.FlowShards;
import io.termbus.protocol.Grant;
import io.termbus.protocol.Headers;
import io.termbus.protocol.HubBus;
import io.termbus.protocol.HubException;
import io.termbus.protocol.Ids;
import io.termbus.protocol.LocalCodec;
import io.termbus.protocol.Nodes;
import io.termbus.pty.PtyBackend;
import io.termbus.pty.PtyBackends;
import io.termbus.pty.PtySettings;
import io.termbus.record.RecordingFiles;
import io.termbus.record.RecordingsVerticle;
import io.termbus.session.HubVerticle;
import io.termbus.session.StateInput;
import io.vertx.core.Deployable;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.Vertx;
import io.vertx.core.eventbus.EventBus;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Supplier;
import java.util.function.ToIntFunction;
import java.util.stream.IntStream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The composition root: deploys flow control, sessions and bridges in that order, and ends them in the
 * reverse one. Methods may be called from any thread.
 */
public final class Hub {
    private static final Logger LOG = LoggerFactory.getLogger(Hub.class);
    /** Beyond the time from HUP to KILL: for reaping. */
    private static final Duration DRAIN_SLACK = Duration.ofSeconds(4);

    private static final int OCTAL = 8;
    private static final int NODE_ID_CHARS = 8;

    private final Vertx vertx;
    private final HubConfig config;
    private final PtyBackend backend;
    private final Loops loops;
    private final FlowShards shards;
    private final ConnectionSlots slots;
    private final Optional<ClusterNode> cluster;
    private final Embedding embedding;
    private final EventBus bus;
    private final Nodes nodes;
    private final Optional<Exposition> metrics;
    private final Meters meters;
    private final RecordingFiles recordings;
    private final Optional<StateInput> kept;
    private Optional<WebContext> web = Optional.empty();
    private Optional<AuditPace> audit = Optional.empty();
    /** Id of all that runs in another's Vert.x. */
    private Optional<String> root = Optional.empty();

    private int httpPort;
    private int tcpPort;
    private int metricsPort;

    private Hub(
            Vertx vertx,
            HubConfig config,
            PtyBackend backend,
            Optional<ClusterNode> cluster,
            Optional<Exposition> metrics,
            Embedding embedding,
            Optional<StateInput> kept) {
        this.kept = kept;
        this.metrics = metrics;
        this.meters = metrics.map(Exposition::meters).orElse(Meters.OFF);
        this.vertx = vertx;
        this.embedding = embedding;
        this.bus = embedding.bus(vertx);
        this.loops = Loops.of(vertx);
        this.shards = new FlowShards(loops.count());
        this.cluster = cluster;
        this.nodes = cluster.<Nodes>map(member -> member)
                .orElseGet(() -> Nodes.alone(
                        kept.map(state -> state.hub().getString("node")).orElseGet(Hub::newNodeName)));
        this.config = config;
        this.recordings = new RecordingFiles(config.recordings(), config.record(), InstantSource.system());
        this.backend = backend;
        this.slots = new ConnectionSlots(config.connection().max());
    }

    /**
     * Starts a hub.
     *
     * @param vertx carries this hub alone; the caller closes it after {@link #close}
     * @param version what clients are told
     * @return completes when every listener is bound; fails, with nothing left behind but {@code vertx},
     *     where one cannot be
     */
    public static Future<Hub> start(Vertx vertx, HubConfig config, Access access, String version) {
        return vertx.executeBlocking(() -> metrics(config))
                .compose(metrics -> start(vertx, config, access, version, Optional.empty(), metrics, Optional.empty()));
    }

    /**
     * @param cluster the member of a cluster that {@code vertx} is
     * @param metrics as of {@link #metrics}
     * @param kept what an earlier program of this process has left
     */
    static Future<Hub> start(
            Vertx vertx,
            HubConfig config,
            Access access,
            String version,
            Optional<ClusterNode> cluster,
            Optional<Exposition> metrics,
            Optional<StateInput> kept) {
        LocalCodec.register(vertx);
        return openBackend(vertx, config, metrics)
                .map(backend -> new Hub(vertx, config, backend, cluster, metrics, Embedding.NONE, kept))
                .compose(hub -> hub.deploy(authenticator(access), Optional.of(access.shares()), version)
                        .map(hub)
                        .recover(cause -> hub.closeBackend().transform(closed -> Future.failedFuture(cause))));
    }

    /**
     * Starts a hub that is part of a program, whose Vert.x goes on after {@link #close}.
     *
     * @param authenticator of the program; empty: the hub's own tokens, in {@code home}
     * @return as of {@link #start}
     */
    public static Future<Hub> embed(
            Vertx vertx, HubConfig config, Optional<Authenticator> authenticator, Embedding embedding) {
        LocalCodec.register(vertx);
        return vertx.executeBlocking(() -> prepare(vertx, config, authenticator.isEmpty()))
                .compose(access -> vertx.executeBlocking(() -> metrics(config))
                        .compose(metrics -> openBackend(vertx, config, metrics)
                                .map(backend -> new Hub(
                                        vertx,
                                        config,
                                        backend,
                                        Optional.empty(),
                                        metrics,
                                        embedding,
                                        Optional.empty())))
                        .compose(hub -> hub.deployAsOne(
                                authenticator.orElseGet(() -> authenticator(access.orElseThrow())),
                                access.map(Access::shares))));
    }

    /**
     * What tells the metrics, where {@code metrics.port} is set.
     *
     * @throws IllegalStateException where a program that the hub is part of has not the libraries for it
     */
    static Optional<Exposition> metrics(HubConfig config) {
        try {
            return config.metrics().port().map(port -> new PrometheusMetrics());
        } catch (NoClassDefFoundError e) {
            throw new IllegalStateException(
                    "metrics.port takes micrometer-registry-prometheus and vertx-micrometer-metrics on the class path",
                    e);
        }
    }

    /** Blocks. */
    private static Optional<Access> prepare(Vertx vertx, HubConfig config, boolean ownTokens) throws IOException {
        if (config.tcp().socket().isPresent()) {
            UnixSocketException.probe(config.tcp().socket().get());
        }
        if (!ownTokens) {
            return Optional.empty();
        }
        HomeDirectory.prepare(config.home());
        return Optional.of(new Access(AdminToken.of(config), Shares.of(vertx, config.home())));
    }

    private Future<Hub> deployAsOne(Authenticator authenticator, Optional<Shares> shares) {
        VerticleBase all = new VerticleBase() {
            @Override
            public Future<?> start() {
                return Hub.this.deploy(authenticator, shares, BuildVersion.text());
            }

            /** The program may close its Vert.x alone. */
            @Override
            public Future<?> stop() {
                return closeBackend();
            }
        };
        return vertx.deployVerticle(all, embedding.deployment())
                .onSuccess(id -> root = Optional.of(id))
                .map(this)
                .recover(cause -> closeBackend().transform(closed -> Future.failedFuture(cause)));
    }

    /** New at each start, so that nothing meant for an earlier one can reach this one. */
    static String newNodeName() {
        return "node-" + Ids.next().substring(0, NODE_ID_CHARS);
    }

    private static Future<PtyBackend> openBackend(Vertx vertx, HubConfig config, Optional<Exposition> metrics) {
        return vertx.executeBlocking(() -> openBackend(config))
                .onFailure(cause -> metrics.ifPresent(Exposition::close));
    }

    static PtyBackend openBackend(HubConfig config) {
        config.session().child().umask().ifPresent(mask -> PtyBackends.umask(Integer.parseInt(mask, OCTAL)));
        return PtyBackends.open(ptySettings(config));
    }

    /** Who is disconnected by force is in the warnings, with the reason. */
    private void auditDisconnects(AuditPace pace) {
        audit = Optional.of(pace);
        bus.<JsonObject>localConsumer(Addresses.WARNINGS, message -> {
            String reason = message.body().getString("reason");
            if (reason != null && !message.headers().contains(Headers.NODE)) {
                String session = message.body().getString("session", "");
                JsonObject facts = new JsonObject()
                        .put("session", session)
                        .put("subscriber", message.body().getString("subscriber"))
                        .put("connection", message.body().getString("connection"));
                pace.record(session, "disconnect", facts, reason);
            }
        });
    }

    private Future<Void> deploy(Authenticator authenticator, Optional<Shares> shares, String version) {
        return TlsFiles.open(vertx, config.tls())
                .recover(cause -> Future.failedFuture(new TlsException(cause)))
                .compose(tls -> deploy(
                        shares,
                        new BridgeContext(
                                nodes.self(), version, config, shards, authenticator, slots, tls, embedding, meters)));
    }

    private Future<Void> deploy(Optional<Shares> shares, BridgeContext bridge) {
        auditDisconnects(bridge.audit());
        WebContext context = new WebContext(bridge);
        web = Optional.of(context);
        return vertx.deployVerticle(new RecordingsVerticle(recordings), embedding.deployment())
                .compose(v -> deployFlow())
                .compose(v -> vertx.deployVerticle(
                        new HubVerticle(
                                nodes,
                                bridge.version(),
                                config.session(),
                                config.record(),
                                backend,
                                loops,
                                shards,
                                System.getenv(),
                                shares.map(own -> config.home().resolve("shell")),
                                meters),
                        embedding.deployment()))
                .compose(v -> kept.map(this::adopt).orElseGet(Future::succeededFuture))
                .compose(v -> cluster.map(ClusterVerticles::deploy).orElseGet(Future::succeededFuture))
                .compose(v -> embedding.listensTcp() ? listenTcp(bridge) : Future.succeededFuture(0))
                .compose(v -> embedding.listensHttp() ? listenHttp(context) : Future.succeededFuture(0))
                .compose(v -> metrics.isPresent() ? listenMetrics(bridge, metrics.get()) : Future.succeededFuture(0))
                .compose(v -> shares.isPresent() ? deployShares(shares.get()) : refuseShares());
    }

    private Future<Void> adopt(StateInput state) {
        return HubVerticle.adopt(bus, state)
                .eventually(() -> vertx.executeBlocking(() -> {
                    state.close();
                    return null;
                }))
                .onSuccess(done -> LOG.info(
                        "upgraded from version {}: {} sessions go on, {} are lost",
                        state.hub().getString("version"),
                        done.getInteger("kept"),
                        done.getInteger("dropped")))
                .mapEmpty();
    }

    private Future<Integer> listenTcp(BridgeContext bridge) {
        return deployBridge(() -> new TcpBridgeVerticle(bridge), TcpBridgeVerticle::port)
                .recover(ListenException.naming(
                        "tcp", config.tcp().host(), config.tcp().port()))
                .onSuccess(port -> tcpPort = port);
    }

    private Future<Integer> listenHttp(WebContext context) {
        return deployBridge(() -> new WebVerticle(context), WebVerticle::port)
                .recover(ListenException.naming(
                        "http", config.http().host(), config.http().port()))
                .onSuccess(port -> httpPort = port);
    }

    private Future<Integer> listenMetrics(BridgeContext bridge, Exposition told) {
        MetricsVerticle verticle = new MetricsVerticle(
                bridge, new MetricsScrapes(vertx, new Figures(bus, bridge)::ask, told, System::nanoTime));
        return vertx.deployVerticle(verticle)
                .map(id -> verticle.port())
                .recover(ListenException.naming(
                        "metrics",
                        config.metrics().host(),
                        config.metrics().port().orElseThrow()))
                .onSuccess(port -> metricsPort = port);
    }

    private Future<Void> deployShares(Shares shares) {
        return vertx.deployVerticle(
                        new SharesVerticle(
                                shares,
                                embedding.listensHttp() ? ReadyLine.baseUrl(config, httpPort) : "",
                                config.http().publicUrl().map(url -> url + "/"),
                                nodes),
                        embedding.deployment())
                .mapEmpty();
    }

    private Future<Void> refuseShares() {
        return bus.localConsumer(
                        Addresses.SHARES,
                        asked -> asked.fail(
                                ErrorCode.NOT_FOUND.code(),
                                "there are no shares: logins are for the program that this hub is part of"))
                .completion();
    }

    private static Authenticator authenticator(Access access) {
        return new Authenticator() {
            @Override
            public Future<Grant> authenticate(Credentials credentials) {
                return Authenticator.answer(credentials, access::grantOf, access::refusal);
            }

            @Override
            public boolean holds(Grant grant) {
                return access.holds(grant);
            }
        };
    }

    private Future<?> deployFlow() {
        return Future.all(IntStream.range(0, shards.count())
                .mapToObj(shard -> loops.deploy(
                        shard,
                        new FlowControlVerticle(
                                nodes,
                                shard,
                                shards,
                                config.flow(),
                                config.session().maxSubscribers(),
                                recordings,
                                meters),
                        embedding.deployment()))
                .toList());
    }

    /** Deploys instances that share one port, each on an event loop of its own, and tells the port. */
    private <T extends Deployable> Future<Integer> deployBridge(Supplier<T> bridge, ToIntFunction<T> port) {
        ConcurrentLinkedQueue<T> deployed = new ConcurrentLinkedQueue<>();
        return vertx.deployVerticle(
                        () -> {
                            T instance = bridge.get();
                            deployed.add(instance);
                            return instance;
                        },
                        new DeploymentOptions().setInstances(loops.count()))
                .map(id -> port.applyAsInt(deployed.element()));
    }

    /** The bound port; the one that was found where port 0 was asked for. */
    public int httpPort() {
        return httpPort;
    }

    /** The bound port; the one that was found where port 0 was asked for. */
    public int tcpPort() {
        return tcpPort;
    }

    /** The bound port; 0 where {@code metrics.port} is not set. */
    public int metricsPort() {
        return metricsPort;
    }

    /** The bus as this hub sees it. */
    public EventBus bus() {
        return bus;
    }

    /** Which flow-control instance owns what. */
    public FlowShards shards() {
        return shards;
    }

    /** The router of the web app and the bus, for a path of the program's own server. Call when the hub has started. */
    public Router router() {
        return web.orElseThrow().mounted(vertx);
    }

    /** The hub's name among others. */
    String node() {
        return nodes.self();
    }

    /** Whether sessions can be kept while the program of the process changes. */
    boolean keeps() {
        return backend.keeps() && !nodes.isCluster();
    }

    /** Sessions stand still, and subscribers are told that they will be there again in a moment. */
    Future<Void> suspend() {
        return HubVerticle.suspend(bus, true).compose(v -> tellFlow(new FlowMessage.Restarts(true)));
    }

    /** After all nothing changes. */
    Future<Void> goOn() {
        return HubVerticle.suspend(bus, false).compose(v -> tellFlow(new FlowMessage.Restarts(false)));
    }

    /** Completes when all instances have answered. */
    private Future<Void> tellFlow(FlowMessage message) {
        return Future.join(IntStream.range(0, shards.count())
                        .mapToObj(shard -> bus.request(Addresses.flowShard(shard), message, HubBus.LOCAL))
                        .toList())
                .mapEmpty();
    }

    /** The last lines of the audit log. */
    void finishAudit() {
        audit.ifPresent(AuditPace::finish);
    }

    boolean isClosing() {
        return slots.isClosed();
    }

    /** Ends every child at once, without a word to anyone. Blocks for milliseconds. */
    void killChildren() {
        backend.close();
    }

    /**
     * Admits no more connections, tells subscribers, ends the sessions (HUP, then KILL), and releases the PTYs. The bridges close with
     * Vert.x, or, where that is another's, here.
     */
    public Future<Void> close() {
        slots.close();
        return tellFlow(new FlowMessage.ShutDown())
                .onFailure(cause -> LOG.warn("not every subscriber was told of the end", cause))
                .eventually(() -> HubVerticle.drain(
                                bus, config.session().killGrace().plus(DRAIN_SLACK))
                        .onFailure(cause -> LOG.warn("not every session has ended: {}", cause.getMessage())))
                .transform(drained -> closeBackend())
                .onComplete(closed -> audit.ifPresent(AuditPace::finish))
                .eventually(this::undeploy);
    }

    private Future<Void> undeploy() {
        if (root.isEmpty()) {
            return Future.succeededFuture();
        }
        web.ifPresent(context -> context.endAll(new HubException(ErrorCode.UNAVAILABLE, "the hub is shutting down")));
        return vertx.undeploy(root.get());
    }

    private Future<Void> closeBackend() {
        return vertx.executeBlocking(() -> {
            backend.close();
            metrics.ifPresent(Exposition::close);
            return null;
        });
    }

    private static PtySettings ptySettings(HubConfig config) {
        SessionConfig session = config.session();
        return new PtySettings(
                session.inputQueueBytes(),
                session.killGrace(),
                session.exitGrace(),
                false,
                config.session().child().openFiles(),
                config.session().child().autogroupNice());
    }
}
