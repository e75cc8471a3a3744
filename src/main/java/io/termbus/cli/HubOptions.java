package io.termbus.cli;

import io.termbus.cli.hub.HubEndpoint;
import io.termbus.cli.hub.PemKey;
import io.termbus.cli.hub.TlsSocket;
import io.termbus.cli.process.CliException;
import io.termbus.cli.process.CommandContext;
import io.termbus.cli.process.Status;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/**
 * Options that say which hub, and the variables that stand for them: those of the hub's own settings, so
 * that a hub and its clients share an environment.
 */
final class HubOptions {
    private static final int DEFAULT_PORT = 7000;
    private static final int MAX_PORT = 65_535;
    private static final String LOOPBACK = "127.0.0.1";

    /** The variable begins so where Kubernetes set it for a service named termbus-tcp; the hub passes it over, too. */
    private static final String SERVICE = "tcp://";

    /** Shown after the options of the command itself. */
    private static final int ORDER = 10;

    @Option(
            order = ORDER,
            names = "--host",
            paramLabel = "HOST",
            description = "Host of the hub's TCP port; else TERMBUS_TCP_HOST, else 127.0.0.1.")
    private @Nullable String host;

    @Option(
            order = ORDER,
            names = "--port",
            paramLabel = "PORT",
            description = "TCP port of the hub; else TERMBUS_TCP_PORT, else 7000.")
    private @Nullable Integer port;

    @Option(
            order = ORDER,
            names = "--socket",
            paramLabel = "PATH",
            description = "Unix domain socket of the hub instead; else TERMBUS_TCP_SOCKET.")
    private @Nullable String socket;

    @Option(
            order = ORDER,
            names = "--token-file",
            paramLabel = "FILE",
            description = "File with the token; else TERMBUS_AUTH_TOKEN, else the file token in TERMBUS_HOME"
                    + " or ~/.termbus.")
    private @Nullable String tokenFile;

    @Option(order = ORDER, names = "--tls", description = "TLS on the TCP port, trusting what Java trusts.")
    private boolean tls;

    @Option(
            order = ORDER,
            names = "--tls-ca",
            paramLabel = "FILE",
            description = "TLS on the TCP port, trusting the certificates of this PEM file.")
    private @Nullable String authorities;

    @Option(
            order = ORDER,
            names = "--tls-cert",
            paramLabel = "FILE",
            description = "This client's certificate, PEM, where the hub wants one; with --tls-key.")
    private @Nullable String certificate;

    @Option(order = ORDER, names = "--tls-key", paramLabel = "FILE", description = "Its key, PEM, PKCS#8.")
    private @Nullable String key;

    /** @throws CliException where the options contradict each other or a file cannot be read */
    HubEndpoint hub(CommandContext context) throws CliException {
        boolean tcp = host != null || port != null;
        if (socket != null && (tcp || secure())) {
            throw new CliException(Status.USAGE, "--socket goes with no --host, --port or --tls; leave one out");
        }
        Optional<String> path = socket != null
                ? Optional.of(socket)
                : tcp || secure() ? Optional.empty() : context.variable("TERMBUS_TCP_SOCKET");
        if (path.isPresent()) {
            return new HubEndpoint.Unix(context.path(path.get()), Token.find(file(context, tokenFile), context));
        }
        String name = host != null ? host : context.variable("TERMBUS_TCP_HOST").orElse(LOOPBACK);
        String connectable = name.equals("0.0.0.0") || name.equals("::") ? LOOPBACK : name;
        return new HubEndpoint.Tcp(
                connectable,
                port(context),
                secure()
                        ? Optional.of(TlsSocket.factory(file(context, authorities), client(context)))
                        : Optional.empty(),
                Token.find(file(context, tokenFile), context));
    }

    private boolean secure() {
        return tls || authorities != null || certificate != null || key != null;
    }

    private static Optional<Path> file(CommandContext context, @Nullable String name) {
        return Optional.ofNullable(name).map(context::path);
    }

    private Optional<PemKey> client(CommandContext context) throws CliException {
        if ((certificate == null) != (key == null)) {
            throw new CliException(Status.USAGE, "--tls-cert and --tls-key go together; give both");
        }
        return file(context, certificate).flatMap(shown -> file(context, key).map(secret -> new PemKey(shown, secret)));
    }

    private int port(CommandContext context) throws CliException {
        String text = port != null
                ? port.toString()
                : context.variable("TERMBUS_TCP_PORT")
                        .filter(value -> !value.startsWith(SERVICE))
                        .orElse(Integer.toString(DEFAULT_PORT));
        try {
            int number = Integer.parseInt(text.strip());
            if (number >= 1 && number <= MAX_PORT) {
                return number;
            }
        } catch (NumberFormatException e) {
            // Said below.
            text = text.strip();
        }
        throw new CliException(
                Status.USAGE, "no port to connect to: " + text + "; give --port, as tcp= in the hub's ready line");
    }
}
