package io.termbus.cli.hub;

import io.termbus.cli.process.CliException;
import io.termbus.cli.process.Status;
import java.io.IOException;
import java.net.ConnectException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.nio.channels.UnresolvedAddressException;
import java.nio.file.Path;
import java.util.Optional;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSocketFactory;

/** The address of a hub, and a token for it; {@link #connect} may be called again when a connection was lost. */
public interface HubEndpoint {
    /** Connects and logs in. */
    HubConnection connect() throws CliException;

    /** Returns whether the hub runs on this machine, as far as its address tells. */
    boolean local();

    /** A hub's Unix domain socket. */
    record Unix(Path path, String token) implements HubEndpoint {
        @Override
        public HubConnection connect() throws CliException {
            try {
                return HubConnection.open(Wire.unix(path), token);
            } catch (IOException e) {
                throw new CliException(
                        Status.UNAVAILABLE,
                        "no hub at " + path + ": " + Frames.reason(e) + "; start one with --set tcp.socket=" + path
                                + ", or give --socket");
            }
        }

        @Override
        public boolean local() {
            return true;
        }
    }

    /**
     * A hub's TCP port.
     *
     * @param tls makes the sockets; empty: plain TCP
     */
    record Tcp(String host, int port, Optional<SSLSocketFactory> tls, String token) implements HubEndpoint {
        @Override
        public HubConnection connect() throws CliException {
            try {
                return HubConnection.open(
                        tls.isPresent() ? TlsSocket.connect(tls.get(), host, port) : Wire.of(Wire.connect(host, port)),
                        token);
            } catch (ConnectionLost e) {
                String fix = tls.isPresent()
                        ? "if the hub wants a certificate, give --tls-cert and --tls-key"
                        : "give the hub's TCP port by --port, and --tls-ca FILE if the hub has TLS";
                throw new CliException(Status.UNAVAILABLE, "no login at " + at() + ": " + e.getMessage() + "; " + fix);
            } catch (IOException | UnresolvedAddressException e) {
                throw new CliException(Status.UNAVAILABLE, failure(e));
            }
        }

        /** Says why there is no connection, and what helps. */
        private String failure(Exception e) {
            String none = "no hub at " + at() + ": ";
            if (e instanceof SocketTimeoutException) {
                return none + "nothing answers"
                        + (tls.isPresent() ? " in TLS; if the hub has none leave --tls and --tls-ca out;" : ";")
                        + " give the hub's host and TCP port by --host and --port";
            } else if (e instanceof SSLException failed) {
                return "no TLS with " + at() + ": " + TlsSocket.reason(failed);
            } else if (e instanceof ConnectException) {
                return none + e.getMessage()
                        + "; start one (java -jar termbus.jar), or give --host, --port or --socket";
            } else if (e instanceof IOException failed && !(e instanceof UnknownHostException)) {
                return none + Frames.reason(failed) + "; give --host and --port of one";
            }
            return "no such host: " + host + "; give --host";
        }

        @Override
        public boolean local() {
            return host.equals("localhost") || host.equals("::1") || host.startsWith("127.");
        }

        private String at() {
            return (host.contains(":") ? "[" + host + "]" : host) + ":" + port;
        }
    }
}
