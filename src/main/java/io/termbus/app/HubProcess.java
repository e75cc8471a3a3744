package io.termbus.app;

import io.termbus.auth.Access;
import io.termbus.auth.AdminToken;
import io.termbus.auth.ClusterKeys;
import io.termbus.auth.Shares;
import io.termbus.bridge.tcp.UnixSocketException;
import io.termbus.cluster.ClusterNode;
import io.termbus.config.ConfigLoader;
import io.termbus.config.HubConfig;
import io.termbus.session.StateInput;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxBuilder;
import io.vertx.core.VertxOptions;
import java.io.IOException;
import java.net.SocketException;
import java.net.UnknownHostException;
import java.nio.channels.UnresolvedAddressException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One hub as a process: starts Vert.x and the hub, waits for a signal, ends both. Blocks the thread that runs it. */
final class HubProcess {
    private static final Logger LOG = LoggerFactory.getLogger(HubProcess.class);
    private static final Duration START_LIMIT = Duration.ofSeconds(60);
    /** Members may be starting too, or merging. */
    private static final Duration JOIN_LIMIT = Duration.ofSeconds(120);
    /** What closing may take beyond the grace that sessions get. */
    private static final Duration CLOSE_MARGIN = Duration.ofSeconds(10);

    private final HubConfig config;
    private final AdminToken token;
    private final boolean clustered;
    private final Optional<StateInput> kept;

    /**
     * @param clustered joins the nodes that {@code cluster.members} names
     * @param kept what an earlier program of this process has left
     */
    HubProcess(HubConfig config, AdminToken token, boolean clustered, Optional<StateInput> kept) {
        this.kept = kept;
        this.config = config;
        this.token = token;
        this.clustered = clustered;
    }

    /** The hub did not come up; nothing of it is left. The message is for the user. */
    static final class StartException extends Exception {
        private static final long serialVersionUID = 1;
        private final int exitCode;

        StartException(int exitCode, String message, Throwable cause) {
            super(message, cause);
            this.exitCode = exitCode;
        }

        int exitCode() {
            return exitCode;
        }
    }

    /**
     * @param ready gets the ready line
     * @return the status to exit with once the hub is closed
     */
    int run(Consumer<String> ready) throws StartException, InterruptedException {
        probePorts();
        OutOfMemory.endsTheProcess();
        tellMemory();
        StopSignals signals = StopSignals.install();
        Optional<Exposition> metrics = Hub.metrics(config);
        Base base = base(metrics);
        Vertx vertx = base.vertx();
        Hub hub = start(base, metrics);
        signals.beforeSecond(hub::killChildren);
        Upgrade.offer(vertx, hub, config);
        ready.accept(ReadyLine.of(config, hub.httpPort(), hub.tcpPort(), hub.metricsPort(), token));
        ServiceManager manager = ServiceManager.of(System.getenv());
        manager.tell(ServiceManager.READY);
        LOG.info("{}: the hub ends", signals.await());
        manager.tell(ServiceManager.STOPPING);
        return stop(hub, vertx);
    }

    /** With default settings it is no news: those who never look at them shall not learn to pass over warnings. */
    private void tellMemory() {
        MemoryNeed need = MemoryNeed.of(config, clustered);
        long heap = Runtime.getRuntime().maxMemory();
        if (need.exceeds(heap) && need.isMoreThan(MemoryNeed.of(ConfigLoader.defaults(), clustered))) {
            LOG.warn(need.describe(heap));
        } else {
            LOG.info(need.describe(heap));
        }
    }

    private void probePorts() throws StartException {
        try {
            ListenException.probe("tcp", config.tcp().host(), config.tcp().port());
            ListenException.probe("http", config.http().host(), config.http().port());
            if (config.metrics().port().isPresent()) {
                ListenException.probe(
                        "metrics",
                        config.metrics().host(),
                        config.metrics().port().get());
            }
            if (config.tcp().socket().isPresent()) {
                UnixSocketException.probe(config.tcp().socket().get());
            }
        } catch (ListenException e) {
            throw new StartException(ExitCode.UNAVAILABLE, describe(e), e);
        } catch (UnixSocketException e) {
            throw new StartException(ExitCode.UNAVAILABLE, String.valueOf(e.getMessage()), e);
        }
    }

    /** What a hub stands on: one Vert.x alone, or a member of a cluster and the keys that its members share. */
    private record Base(Vertx vertx, Optional<ClusterNode> cluster, Optional<String> shareKey) {}

    /** Nothing of the cluster's libraries is loaded where there is none. */
    private Base base(Optional<Exposition> metrics) throws StartException, InterruptedException {
        VertxBuilder builder = Vertx.builder().withTransport(new AcceptLimit());
        VertxOptions options = metrics.map(on -> on.observe(builder)).orElseGet(VertxOptions::new);
        if (!clustered) {
            return new Base(builder.build(), Optional.empty(), Optional.empty());
        }
        ClusterKeys keys = ClusterKeys.of(token);
        try {
            ClusterNode node = await(
                    ClusterNode.join(builder, options, config.cluster(), Hub.newNodeName(), keys.fingerprint()),
                    JOIN_LIMIT);
            return new Base(node.vertx(), Optional.of(node), Optional.of(keys.shareKey()));
        } catch (ExecutionException e) {
            boolean settings =
                    e.getCause() instanceof ClusterNode.TokenException || e.getCause() instanceof IOException;
            throw new StartException(
                    settings ? ExitCode.CONFIG : ExitCode.UNAVAILABLE,
                    "cannot join a cluster on " + config.cluster().host() + ":"
                            + config.cluster().port() + " (cluster.host, cluster.port): "
                            + e.getCause().getMessage(),
                    e.getCause());
        } catch (TimeoutException e) {
            throw new StartException(
                    ExitCode.UNAVAILABLE, "the cluster was not joined within " + JOIN_LIMIT.toSeconds() + " s", e);
        }
    }

    private Hub start(Base base, Optional<Exposition> metrics) throws StartException, InterruptedException {
        Vertx vertx = base.vertx();
        try {
            if (config.audit().file().isPresent()) {
                AuditFile.open(config.audit().file().get());
            }
            Access access = new Access(token, Shares.of(vertx, config.home(), base.shareKey()));
            return await(
                    Hub.start(vertx, config, access, BuildVersion.text(), base.cluster(), metrics, kept), START_LIMIT);
        } catch (IOException e) {
            closeAfterFailure(vertx);
            throw new StartException(
                    ExitCode.CONFIG, "home = " + config.home() + " or audit.file: cannot be used: " + e, e);
        } catch (ExecutionException e) {
            closeAfterFailure(vertx);
            throw startFailure(e.getCause());
        } catch (TimeoutException e) {
            closeAfterFailure(vertx);
            throw new StartException(
                    ExitCode.SOFTWARE, "the hub did not start within " + START_LIMIT.toSeconds() + " s", e);
        }
    }

    private int stop(Hub hub, Vertx vertx) throws InterruptedException {
        Duration limit = config.session().killGrace().plus(CLOSE_MARGIN);
        try {
            await(hub.close().eventually(vertx::close), limit);
            LOG.info("the hub has ended");
            return 0;
        } catch (ExecutionException e) {
            LOG.error("the hub did not end cleanly", e.getCause());
        } catch (TimeoutException e) {
            LOG.error("the hub did not end within {} s", limit.toSeconds());
        }
        return ExitCode.SOFTWARE;
    }

    private StartException startFailure(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof TlsException) {
                return new StartException(ExitCode.CONFIG, String.valueOf(cause.getMessage()), failure);
            }
            if (cause instanceof UnixSocketException) {
                return new StartException(ExitCode.UNAVAILABLE, String.valueOf(cause.getMessage()), failure);
            }
            if (cause instanceof ListenException listen) {
                return new StartException(ExitCode.UNAVAILABLE, describe(listen), failure);
            }
            if (cause instanceof SocketException
                    || cause instanceof UnknownHostException
                    || cause instanceof UnresolvedAddressException) {
                return new StartException(
                        ExitCode.UNAVAILABLE, "cannot listen on " + listeners() + ": " + cause, failure);
            }
        }
        LOG.error("the hub did not start", failure);
        return new StartException(ExitCode.SOFTWARE, "the hub did not start: " + failure.getMessage(), failure);
    }

    private static String describe(ListenException listen) {
        String message = String.valueOf(listen.getMessage());
        if (listen.takenPort().isEmpty()) {
            return message;
        }
        String owner = PortOwner.ofThisMachine()
                .of(listen.takenPort().getAsInt())
                .orElse("a process that cannot be seen from here");
        return message + ", by " + owner + "; end it, or give another port by --set " + listen.portKey()
                + "=PORT, 0 for any free one";
    }

    /** Each address that was asked for and the key that did, for a failure that does not say which it is about. */
    private String listeners() {
        return ReadyLine.address(config.http().host(), config.http().port()) + " (http.host, http.port) or "
                + ReadyLine.address(config.tcp().host(), config.tcp().port()) + " (tcp.host, tcp.port)"
                + config.metrics()
                        .port()
                        .map(port -> " or " + ReadyLine.address(config.metrics().host(), port)
                                + " (metrics.host, metrics.port)")
                        .orElse("")
                + config.tcp()
                        .socket()
                        .map(path -> " or " + path + " (tcp.socket)")
                        .orElse("");
    }

    private static void closeAfterFailure(Vertx vertx) throws InterruptedException {
        try {
            await(vertx.close(), CLOSE_MARGIN);
        } catch (ExecutionException | TimeoutException e) {
            LOG.warn("Vert.x did not close", e);
        }
    }

    private static <T extends @Nullable Object> T await(Future<T> future, Duration limit)
            throws ExecutionException, TimeoutException, InterruptedException {
        return future.toCompletionStage().toCompletableFuture().get(limit.toMillis(), TimeUnit.MILLISECONDS);
    }
}
