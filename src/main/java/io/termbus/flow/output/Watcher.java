package io.termbus.flow.output;

import io.termbus.protocol.Headers;
import io.termbus.protocol.Role;
import io.vertx.core.MultiMap;

/**
 * Who attached a subscriber, as its bridge stamped it. Callers inside the JVM have no bridge: of them all
 * is empty but the transport, which is {@code jvm}.
 *
 * @param connection id of the client connection
 * @param user see {@link io.termbus.protocol.Grant#user}
 * @param role when it attached
 * @param peer address
 * @param transport see {@link Headers#TRANSPORT}
 */
record Watcher(String connection, String user, String role, String peer, String transport) {
    static Watcher of(MultiMap headers) {
        return new Watcher(
                header(headers, Headers.CONNECTION, ""),
                header(headers, Headers.USER, ""),
                header(headers, Headers.ROLE, ""),
                header(headers, Headers.PEER, ""),
                header(headers, Headers.TRANSPORT, "jvm"));
    }

    /** May not write, whatever the mode. Callers inside the JVM may. */
    boolean onlyReads() {
        return role.equals(Role.VIEWER.toString());
    }

    private static String header(MultiMap headers, String name, String otherwise) {
        String value = headers.get(name);
        return value == null ? otherwise : value;
    }
}
