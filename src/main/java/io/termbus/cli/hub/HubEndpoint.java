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

/** Where the hub is and what lets one in; {@link #connect} may be called again when a connection was lost. */
public interface HubEndpoint {
    /** Connects and logs in. */
    HubConnection connect() throws CliException;

    /** Whether it runs on this machine, as far as one can tell. */
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
            } catch (SocketTimeoutException e) {
                throw new CliException(
                        Status.UNAVAILABLE,
                        "no hub at " + at() + ": nothing answers"
                                + (tls.isPresent() ? " in TLS; if the hub has none leave --tls and --tls-ca out;" : ";")
                                + " give the hub's host and TCP port by --host and --port");
            } catch (SSLException e) {
                throw new CliException(Status.UNAVAILABLE, "no TLS with " + at() + ": " + TlsSocket.reason(e));
            } catch (ConnectException e) {
                throw new CliException(
                        Status.UNAVAILABLE,
                        "no hub at " + at() + ": " + e.getMessage()
                                + "; start one (java -jar termbus.jar), or give --host, --port or --socket");
            } catch (UnknownHostException | UnresolvedAddressException e) {
                throw new CliException(Status.UNAVAILABLE, "no such host: " + host + "; give --host");
            } catch (IOException e) {
                throw new CliException(
                        Status.UNAVAILABLE,
                        "no hub at " + at() + ": " + Frames.reason(e) + "; give --host and --port of one");
            }
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
