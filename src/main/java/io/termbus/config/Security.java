package io.termbus.config;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/** Settings about who gets in and how far. Immutable. */
public record Security(Web web, Proxy proxy, Tls tls, Limits limits, Child child, Optional<Path> auditFile) {
    /** What holds where nothing is set. */
    public static final Security DEFAULTS = new Security(
            new Web("", Optional.empty(), List.of(), List.of()),
            new Proxy(Networks.NONE, Optional.empty(), "operator"),
            new Tls(Optional.empty(), Optional.empty(), Optional.empty()),
            new Limits(0, 1024, 64, 20_000, 64 << 20, 1024, 256, 10),
            new Child(List.of(), List.of(), Optional.empty(), List.of(), OptionalLong.empty()),
            Optional.empty());

    /**
     * @param sessionsPerUser live sessions; 0: as many as there may be
     * @param subscribersPerSession of all connections together
     * @param connectionsPerAddress to the bus; loopback addresses have no such limit
     * @param requestsPerSecond of one connection
     * @param inputBytesPerSecond messages of one connection, in bytes
     * @param httpConnections of this node
     * @param httpConnectionsPerAddress that speak HTTP; loopback addresses and proxies have no such limit
     * @param loginFailures wrong tokens of one address before it must wait
     */
    public record Limits(
            int sessionsPerUser,
            int subscribersPerSession,
            int connectionsPerAddress,
            int requestsPerSecond,
            int inputBytesPerSecond,
            int httpConnections,
            int httpConnectionsPerAddress,
            int loginFailures) {}

    /**
     * @param commands programs that sessions may run, absolute paths; none: all
     * @param directories that sessions may start in or below; none: all
     * @param umask of the hub and its sessions, octal; empty: the one it was started with
     * @param keepEnvironment variables of the terminal that the hub was started in which sessions get all the
     *     same: names, or beginnings of names with * behind
     * @param openFiles soft limit of open files; empty: the one that the hub was started with
     */
    public record Child(
            List<String> commands,
            List<String> directories,
            Optional<String> umask,
            List<String> keepEnvironment,
            OptionalLong openFiles) {}

    /**
     * @param basePath what every path begins with, such as {@code /termbus}; empty: nothing
     * @param publicUrl where others reach the web app, without a slash at the end
     * @param origins of pages beside the hub's own that may use the bus
     * @param hosts names by which browsers may ask for the hub, beside those of the listener and {@code publicUrl};
     *     {@code *.} before one stands for any below it
     */
    public record Web(String basePath, Optional<String> publicUrl, List<String> origins, List<String> hosts) {}

    /**
     * @param addresses of the proxies whose headers are believed
     * @param userHeader names the user that the proxy has let in
     * @param userRole role of such users
     */
    public record Proxy(Networks addresses, Optional<String> userHeader, String userRole) {}

    /**
     * PEM files; certificate and key are both there or both not.
     *
     * @param clientCa clients must show a certificate that one of these signed
     */
    public record Tls(Optional<Path> certificate, Optional<Path> key, Optional<Path> clientCa) {
        public boolean on() {
            return certificate.isPresent();
        }
    }
}
