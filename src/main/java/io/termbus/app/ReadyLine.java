package io.termbus.app;

import io.termbus.auth.AdminToken;
import io.termbus.config.HubConfig;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Set;

/**
 * The one line on stdout that says the hub is up:
 *
 * <pre>Termbus ready http=127.0.0.1:8080 tcp=127.0.0.1:7000 socket=/run/termbus url=http://127.0.0.1:8080/?token=…</pre>
 *
 * <p>After {@code Termbus ready} come fields {@code name=value}, each after a single space, in this order; a parser
 * should skip names it does not know. {@code http} and {@code tcp} are host and bound port, an IPv6 address in
 * brackets; so is {@code metrics}, which is there if {@code metrics.port} is set. {@code socket} is there if {@code tcp.socket} is set; blanks, control characters and {@code %} in its path
 * are percent-encoded as UTF-8. {@code url} logs an administrator in: it holds the admin token, percent-encoded, also
 * where the user chose the token; where the hub listens on every address it names the loopback one.
 */
final class ReadyLine {
    private static final Set<String> ANY_4 = Set.of("0.0.0.0", "0");
    private static final Set<String> ANY_6 = Set.of("::", "0:0:0:0:0:0:0:0", "::0");

    private ReadyLine() {}

    /** @param httpPort the port that was bound, as are {@code tcpPort} and, where it is set, {@code metricsPort} */
    static String of(HubConfig config, int httpPort, int tcpPort, int metricsPort, AdminToken token) {
        StringBuilder line = new StringBuilder("Termbus ready");
        line.append(" http=").append(address(config.http().host(), httpPort));
        line.append(" tcp=").append(address(config.tcp().host(), tcpPort));
        config.metrics()
                .port()
                .ifPresent(set ->
                        line.append(" metrics=").append(address(config.metrics().host(), metricsPort)));
        config.tcp().socket().ifPresent(path -> line.append(" socket=").append(encodePath(path.toString())));
        line.append(" url=").append(baseUrl(config, httpPort)).append("?token=");
        return line.append(URLEncoder.encode(token.reveal(), StandardCharsets.UTF_8))
                .toString();
    }

    /** Where a browser on this machine finds the web app; ends with a slash. */
    static String baseUrl(HubConfig config, int httpPort) {
        String host = reachable(config.http().host()).replace("%", "%25");
        String scheme = config.tls().on() ? "https://" : "http://";
        return scheme + address(host, httpPort) + config.http().basePath() + "/";
    }

    /** {@code host:port}, an IPv6 address in brackets. */
    static String address(String host, int port) {
        return (host.contains(":") ? "[" + host + "]" : host) + ":" + port;
    }

    private static String reachable(String host) {
        if (ANY_4.contains(host)) {
            return "127.0.0.1";
        }
        return ANY_6.contains(host) ? "::1" : host;
    }

    private static String encodePath(String path) {
        StringBuilder encoded = new StringBuilder();
        path.codePoints().forEach(point -> {
            boolean plain = point != '%' && !Character.isWhitespace(point) && !Character.isISOControl(point);
            String text = Character.toString(point);
            encoded.append(
                    plain
                            ? text
                            : URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20"));
        });
        return encoded.toString();
    }
}
