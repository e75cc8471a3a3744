package io.termbus.app;

import io.termbus.audit.Audit;
import io.termbus.auth.Access;
import io.termbus.auth.SharesVerticle;
import io.termbus.bridge.Authenticator;
import io.termbus.bridge.BridgeContext;
import io.termbus.bridge.ConnectionSlots;
import io.termbus.bridge.TlsFiles;
import io.termbus.bridge.tcp.TcpBridgeVerticle;
import io.termbus.bridge.web.WebContext;
import io.termbus.bridge.web.WebVerticle;
import io.termbus.cluster.ClusterNode;
import io.termbus.cluster.ClusterVerticles;
import io.termbus.config.HubConfig;
import io.termbus.config.SessionConfig;
import io.termbus.flow.FlowControlVerticle;
import io.termbus.loop.Loops;
import io.termbus.protocol.Addresses;
import io.termbus.protocol.FlowMessage;
import io.termbus.protocol.FlowShards;
import io.termbus.protocol.Grant;
import io.termbus.protocol.Headers;
import io.termbus.protocol.Ids;
import io.termbus.protocol.LocalCodec;
import io.termbus.pty.PtyBackend;
import io.termbus.pty.PtyBackends;
import io.termbus.pty.PtySettings;
import io.termbus.session.HubVerticle;
import io.vertx.core.Deployable;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.eventbus.DeliveryOptions;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Function;
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
    private final String node;
    private int httpPort;
    private int tcpPort;

    private Hub(Vertx vertx, HubConfig config, PtyBackend backend, Optional<ClusterNode> cluster) {
        this.vertx = vertx;
        this.loops = Loops.of(vertx);
        this.shards = new FlowShards(loops.count());
        this.cluster = cluster;
        this.node = cluster.map(ClusterNode::name).orElseGet(Hub::newNodeName);
        this.config = config;
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
        return start(vertx, config, access, version, Optional.empty());
    }

    /** @param cluster the member of a cluster that {@code vertx} is */
    static Future<Hub> start(
            Vertx vertx, HubConfig config, Access access, String version, Optional<ClusterNode> cluster) {
        LocalCodec.register(vertx);
        return vertx.executeBlocking(() -> openBackend(config))
                .map(backend -> new Hub(vertx, config, backend, cluster))
                .compose(hub -> hub.deploy(access, version)
                        .map(hub)
                        .recover(cause -> hub.closeBackend().transform(closed -> Future.failedFuture(cause))));
    }

    /** New at each start, so that nothing meant for an earlier one can reach this one. */
    static String newNodeName() {
        return "node-" + Ids.next().substring(0, NODE_ID_CHARS);
    }

    private static PtyBackend openBackend(HubConfig config) {
        config.session().child().umask().ifPresent(mask -> PtyBackends.umask(Integer.parseInt(mask, OCTAL)));
        return PtyBackends.open(ptySettings(config));
    }

    /** Who is disconnected by force is in the warnings, with the reason. */
    private void auditDisconnects() {
        vertx.eventBus().<JsonObject>localConsumer(Addresses.WARNINGS, message -> {
            String reason = message.body().getString("reason");
            if (reason != null && !message.headers().contains(Headers.NODE)) {
                JsonObject facts = new JsonObject()
                        .put("session", message.body().getString("session"))
                        .put("subscriber", message.body().getString("subscriber"))
                        .put("connection", message.body().getString("connection"));
                Audit.record("disconnect", facts, reason);
            }
        });
    }

    private Future<Void> deploy(Access access, String version) {
        return TlsFiles.open(vertx, config.tls())
                .recover(cause -> Future.failedFuture(new TlsException(cause)))
                .compose(tls -> deploy(
                        access, new BridgeContext(node, version, config, shards, authenticator(access), slots, tls)));
    }

    private Future<Void> deploy(Access access, BridgeContext bridge) {
        auditDisconnects();
        WebContext web = new WebContext(bridge);
        return deployFlow()
                .compose(v -> vertx.deployVerticle(new HubVerticle(
                        node,
                        bridge.version(),
                        config.session(),
                        backend,
                        loops,
                        shards,
                        System.getenv(),
                        cluster.isPresent())))
                .compose(v -> cluster.map(ClusterVerticles::deploy).orElseGet(Future::succeededFuture))
                .compose(v -> deployBridge(() -> new TcpBridgeVerticle(bridge), TcpBridgeVerticle::port)
                        .recover(ListenException.naming(
                                "tcp", config.tcp().host(), config.tcp().port())))
                .onSuccess(port -> tcpPort = port)
                .compose(v -> deployBridge(() -> new WebVerticle(web), WebVerticle::port)
                        .recover(ListenException.naming(
                                "http", config.http().host(), config.http().port())))
                .onSuccess(port -> httpPort = port)
                .compose(port -> vertx.deployVerticle(new SharesVerticle(
                        access.shares(),
                        ReadyLine.baseUrl(config, port),
                        config.http().publicUrl().map(url -> url + "/"),
                        node,
                        cluster.map(member -> member::nodes))))
                .mapEmpty();
    }

    private static Authenticator authenticator(Access access) {
        return new Authenticator() {
            @Override
            public Optional<Grant> grantOf(String token) {
                return access.grantOf(token);
            }

            @Override
            public String refusal(String token) {
                return access.refusal(token);
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
                                node,
                                shard,
                                shards,
                                config.flow(),
                                config.session().maxSubscribers(),
                                cluster.map(member -> member::nodes))))
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

    /** Ends every child at once, without a word to anyone. Blocks for milliseconds. */
    void killChildren() {
        backend.close();
    }

    /**
     * Admits no more connections, tells subscribers, ends the sessions (HUP, then KILL), and releases the PTYs. The bridges close with
     * Vert.x.
     */
    public Future<Void> close() {
        slots.close();
        DeliveryOptions local = new DeliveryOptions().setLocalOnly(true);
        List<Future<Object>> told = IntStream.range(0, shards.count())
                .mapToObj(shard -> vertx.eventBus()
                        .request(Addresses.flowShard(shard), new FlowMessage.ShutDown(), local)
                        .map(Function.<Object>identity()))
                .toList();
        return Future.join(told)
                .onFailure(cause -> LOG.warn("not every subscriber was told of the end", cause))
                .eventually(() -> HubVerticle.drain(
                                vertx, config.session().killGrace().plus(DRAIN_SLACK))
                        .onFailure(cause -> LOG.warn("not every session has ended: {}", cause.getMessage())))
                .transform(drained -> closeBackend());
    }

    private Future<Void> closeBackend() {
        return vertx.executeBlocking(() -> {
            backend.close();
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
                config.session().child().openFiles());
    }
}
