package io.termbus.bridge.web;

import io.netty.util.NetUtil;
import io.termbus.config.HttpConfig;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.RoutingContext;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * By which names browsers may ask for this hub. A page of a stranger can make a name of its own lead to this address once
 * it is open (DNS rebinding), and is of the same origin as the hub then; its name gives it away. An address is no name: a
 * page that was fetched from there came from here. Ports do not matter. Immutable; any thread may call.
 */
final class HostNames {
    private static final Pattern AUTHORITY =
            Pattern.compile("(\\[[0-9A-Fa-f:.]{2,45}]|[A-Za-z0-9._-]{1,255})(?::[0-9]{0,5})?");
    /** The target of a request as proxies get it; its host counts, RFC 9112, 3.2.2. */
    private static final Pattern ABSOLUTE = Pattern.compile("[A-Za-z][A-Za-z0-9+.-]*://([^/?#]*).*", Pattern.DOTALL);

    private static final String LOCALHOST = "localhost";
    private static final String ANY_BELOW = "*.";

    private final List<String> names = new ArrayList<>();
    /** Each with the dot before it. */
    private final List<String> domains = new ArrayList<>(List.of("." + LOCALHOST));

    HostNames(HttpConfig web) {
        this(web, web.host());
    }

    /** @param listener what it asked to listen on */
    HostNames(HttpConfig web, String listener) {
        names.add(LOCALHOST);
        names.add(plain(listener));
        web.publicUrl().map(url -> URI.create(url).getHost()).ifPresent(host -> names.add(plain(host)));
        for (String host : web.hosts()) {
            if (host.startsWith(ANY_BELOW)) {
                domains.add(plain(host.substring(1)));
            } else {
                names.add(plain(host));
            }
        }
    }

    /** What is asked for by another name goes no further. */
    void check(RoutingContext rc) {
        Optional<Refusal> refusal = refusal(rc.request());
        if (refusal.isPresent()) {
            refusal.get().head(rc.response());
            Responses.end(rc, refusal.get().text());
        } else {
            rc.next();
        }
    }

    /** Empty: the request is for this hub. */
    Optional<Refusal> refusal(HttpServerRequest request) {
        Optional<String> host = Optional.ofNullable(request.getHeader(HttpHeaders.HOST));
        for (Optional<String> each : List.of(host, target(request))) {
            if (each.isPresent() && name(each.get()).isEmpty()) {
                return Optional.of(new Refusal(400, "400: Host must be a name or an address, perhaps with a port"));
            }
            if (each.isPresent() && !allows(each.get())) {
                return Optional.of(new Refusal(
                        421,
                        "421: this hub is not known as '" + name(each.get()).orElseThrow()
                                + "'. If it should be, name it in the setting http.hosts, or in http.publicUrl."));
            }
        }
        return Optional.empty();
    }

    /** The host that the target of the request names. */
    private static Optional<String> target(HttpServerRequest request) {
        if (request.method() == HttpMethod.CONNECT) {
            return Optional.of(request.uri());
        }
        Matcher absolute = ABSOLUTE.matcher(request.uri());
        return absolute.matches() ? Optional.of(absolute.group(1)) : Optional.empty();
    }

    /** Why a request goes no further. */
    record Refusal(int status, String text) {
        void head(HttpServerResponse response) {
            response.setStatusCode(status)
                    .putHeader(HttpHeaders.CACHE_CONTROL, "no-store")
                    .putHeader(HttpHeaders.CONTENT_TYPE, "text/plain; charset=utf-8");
        }
    }

    /** @param authority a name or an address, perhaps with a port */
    boolean allows(String authority) {
        return name(authority).filter(this::isOurs).isPresent();
    }

    private boolean isOurs(String name) {
        return name.startsWith("[")
                || NetUtil.isValidIpV4Address(name)
                || names.contains(name)
                || domains.stream().anyMatch(domain -> name.endsWith(domain) && name.length() > domain.length());
    }

    /** Without port, in small letters; empty where it is neither a name nor an address. */
    private static Optional<String> name(String authority) {
        Matcher parts = AUTHORITY.matcher(authority);
        if (!parts.matches()) {
            return Optional.empty();
        }
        String name = parts.group(1);
        boolean wrong = name.startsWith("[") && !NetUtil.isValidIpV6Address(name.substring(1, name.length() - 1));
        return wrong ? Optional.empty() : Optional.of(plain(name));
    }

    /** A dot at the end says that the name is whole. */
    private static String plain(String name) {
        String small = name.toLowerCase(Locale.ROOT);
        return small.endsWith(".") ? small.substring(0, small.length() - 1) : small;
    }
}
