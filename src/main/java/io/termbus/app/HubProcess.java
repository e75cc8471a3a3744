package io.termbus.app;

import io.termbus.auth.AdminToken;
import io.termbus.bridge.Authenticator;
import io.termbus.config.HubConfig;
import io.termbus.protocol.Role;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
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
    /** What closing may take beyond the grace that sessions get. */
    private static final Duration CLOSE_MARGIN = Duration.ofSeconds(10);

    private final HubConfig config;
    private final AdminToken token;

    HubProcess(HubConfig config, AdminToken token) {
        this.config = config;
        this.token = token;
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
        StopSignals signals = StopSignals.install();
        Vertx vertx = Vertx.vertx();
        Hub hub = start(vertx);
        signals.beforeSecond(hub::killChildren);
        ready.accept(ReadyLine.of(config, hub.httpPort(), hub.tcpPort(), token));
        LOG.info("{}: the hub ends", signals.await());
        return stop(hub, vertx);
    }

    private Hub start(Vertx vertx) throws StartException, InterruptedException {
        Authenticator authenticator = given -> token.matches(given) ? Optional.of(Role.ADMIN) : Optional.empty();
        try {
            return await(Hub.start(vertx, config, authenticator, Version.text()), START_LIMIT);
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
            if (cause instanceof ListenException) {
                return new StartException(ExitCode.UNAVAILABLE, String.valueOf(cause.getMessage()), failure);
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

    /** Each address that was asked for and the key that did, for a failure that does not say which it is about. */
    private String listeners() {
        return ReadyLine.address(config.http().host(), config.http().port()) + " (http.host, http.port) or "
                + ReadyLine.address(config.tcp().host(), config.tcp().port()) + " (tcp.host, tcp.port)"
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
