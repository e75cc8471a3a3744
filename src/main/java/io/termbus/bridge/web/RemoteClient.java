package io.termbus.bridge.web;

import io.termbus.config.ProxyConfig;
import io.termbus.protocol.Grant;
import io.termbus.protocol.Role;
import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.auth.User;
import io.vertx.ext.web.RoutingContext;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Who sent a request, as the socket tells, or, where the socket is that of a trusted proxy, the proxy.
 * Headers of anybody else are not looked at.
 *
 * @param address IP address
 * @param peer for logs
 * @param secure whether the browser speaks TLS
 * @param host host and port that the browser asked for
 * @param user let in by the proxy
 * @param login whom the program that the hub is part of has let in, where its own router brought the request
 */
record RemoteClient(
        String address,
        String peer,
        boolean secure,
        @Nullable String host,
        Optional<Grant> user,
        Optional<User> login) {
    private static final String REMEMBERED = "termbus.visitor";
    private static final Pattern ADDRESS = Pattern.compile("[0-9A-Fa-f:.]{2,45}");
    private static final Pattern USER = Pattern.compile("[^\\p{Cntrl}]{1,200}");

    /** For the handlers that follow. */
    static void remember(RoutingContext rc, ProxyConfig proxy) {
        rc.put(REMEMBERED, of(rc.request(), proxy, Optional.ofNullable(rc.user())));
        rc.next();
    }

    static RemoteClient remembered(RoutingContext rc) {
        return rc.get(REMEMBERED);
    }

    private static RemoteClient of(HttpServerRequest request, ProxyConfig proxy, Optional<User> login) {
        String socket = String.valueOf(request.remoteAddress());
        String address = String.valueOf(request.remoteAddress().hostAddress());
        String host = request.authority() == null ? null : request.authority().toString();
        if (!proxy.addresses().contains(address)) {
            return new RemoteClient(address, socket, request.isSSL(), host, Optional.empty(), login);
        }
        MultiMap headers = request.headers();
        Optional<String> client = client(headers, proxy);
        return new RemoteClient(
                client.orElse(address),
                client.map(it -> it + " by " + socket).orElse(socket),
                last(headers, "X-Forwarded-Proto").map("https"::equals).orElse(request.isSSL()),
                last(headers, "X-Forwarded-Host").orElse(host),
                user(headers, proxy),
                login);
    }

    /** The last one that no trusted proxy has: what is before it the client may have made up. */
    private static Optional<String> client(MultiMap headers, ProxyConfig proxy) {
        List<String> hops = values(headers, "X-Forwarded-For");
        Collections.reverse(hops);
        return hops.stream()
                .filter(hop -> !proxy.addresses().contains(hop))
                .findFirst()
                .filter(hop -> ADDRESS.matcher(hop).matches());
    }

    private static Optional<String> last(MultiMap headers, String name) {
        List<String> values = values(headers, name);
        return values.isEmpty() ? Optional.empty() : Optional.of(values.get(values.size() - 1));
    }

    /** Of all headers of that name, which are lists parted by commas. */
    static List<String> values(MultiMap headers, CharSequence name) {
        List<String> values = new ArrayList<>();
        for (String line : headers.getAll(name)) {
            for (String value : line.split(",", -1)) {
                values.add(value.strip());
            }
        }
        return values;
    }

    /** A header that is there twice was not set by the proxy alone. */
    private static Optional<Grant> user(MultiMap headers, ProxyConfig proxy) {
        List<String> names = proxy.userHeader().map(headers::getAll).orElse(List.of());
        if (names.size() != 1 || !USER.matcher(names.get(0)).matches()) {
            return Optional.empty();
        }
        return Role.of(proxy.userRole()).map(role -> Grant.of("user:" + names.get(0), role));
    }
}
