package io.termbus.config;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** Settings about who gets in and how far. Immutable. */
public record Security(Web web, Proxy proxy, Tls tls) {
    /** What holds where nothing is set. */
    public static final Security DEFAULTS = new Security(
            new Web("", Optional.empty(), List.of()),
            new Proxy(List.of(), Optional.empty(), "operator"),
            new Tls(Optional.empty(), Optional.empty(), Optional.empty()));

    /**
     * @param basePath what every path begins with, such as {@code /termbus}; empty: nothing
     * @param publicUrl where others reach the web app, without a slash at the end
     * @param origins of pages beside the hub's own that may use the bus
     */
    public record Web(String basePath, Optional<String> publicUrl, List<String> origins) {}

    /**
     * @param addresses of the proxies whose headers are believed
     * @param userHeader names the user that the proxy has let in
     * @param userRole role of such users
     */
    public record Proxy(List<String> addresses, Optional<String> userHeader, String userRole) {}

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
