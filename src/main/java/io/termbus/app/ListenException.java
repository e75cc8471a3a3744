package io.termbus.app;

import io.termbus.bridge.tcp.UnixSocketException;
import io.vertx.core.Future;
import java.io.IOException;
import java.net.BindException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.OptionalInt;
import java.util.function.Function;

/** A listener cannot be bound. The message names the setting and the address. */
final class ListenException extends Exception {
    private static final long serialVersionUID = 1;

    private final String key;
    private final int port;

    /**
     * @param key of the settings to change, such as {@code http}
     * @param host what it asked for
     * @param port what it asked for
     */
    ListenException(String key, String host, int port, Throwable cause) {
        super(
                "cannot listen on " + ReadyLine.address(host, port) + " (" + key + ".host, " + key + ".port): "
                        + cause.getMessage(),
                cause);
        this.key = key;
        this.port = port;
    }

    /** For {@code listen(…).recover(…)}. What fails at the Unix domain socket beside the port says so itself. */
    static <T> Function<Throwable, Future<T>> naming(String key, String host, int port) {
        return cause -> Future.failedFuture(
                cause instanceof UnixSocketException ? cause : new ListenException(key, host, port, cause));
    }

    /**
     * Tries the port, so that one that is taken is told before anything is started. Blocks for milliseconds. Whatever
     * else may be wrong with the address the listener itself will tell.
     *
     * @throws ListenException where somebody else listens there
     */
    static void probe(String key, String host, int port) throws ListenException {
        try (ServerSocket socket = new ServerSocket()) {
            socket.setReuseAddress(true);
            socket.bind(new InetSocketAddress(host, port));
        } catch (IOException | IllegalArgumentException e) {
            ListenException failure = new ListenException(key, host, port, e);
            if (failure.takenPort().isPresent()) {
                throw failure;
            }
        }
    }

    /** The port, if the failure is that somebody else has it. */
    OptionalInt takenPort() {
        boolean taken = getCause() instanceof BindException
                && String.valueOf(getCause().getMessage()).contains("in use");
        return taken ? OptionalInt.of(port) : OptionalInt.empty();
    }

    /** The setting that names the port. */
    String portKey() {
        return key + ".port";
    }
}
