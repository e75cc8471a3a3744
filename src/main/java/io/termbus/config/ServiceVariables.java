package io.termbus.config;

import java.util.regex.Pattern;

/**
 * Variables that Kubernetes sets in every pod for each service of the namespace, and Docker for a linked container:
 * beside a service named {@code termbus} or {@code termbus-…} they begin as the hub's own do. Both name and value must
 * have the shape; so a slip such as {@code TERMBUS_PORT=7000} stays an error.
 */
final class ServiceVariables {
    private static final String URL = "(tcp|udp|sctp)://(\\[[0-9A-Fa-f:.]+]|[0-9A-Fa-f:.]+):[0-9]{1,5}";
    private static final String ADDRESS = "[0-9A-Fa-f:.]{2,45}";
    private static final String NUMBER = "[0-9]{1,5}";
    private static final String OF_PORT = "_PORT_[0-9]{1,5}_(TCP|UDP|SCTP)";

    /** Names and values, joined by {@code =}; the name of the service is {@code TERMBUS} and what follows it. */
    private static final Pattern SHAPE = Pattern.compile("TERMBUS(_[A-Z0-9_]+)?("
            + "_SERVICE_HOST=" + ADDRESS
            + "|_SERVICE_PORT(_[A-Z0-9_]+)?=" + NUMBER
            + "|_PORT=" + URL
            + "|" + OF_PORT + "=" + URL
            + "|" + OF_PORT + "_PROTO=(tcp|udp|sctp)"
            + "|" + OF_PORT + "_PORT=" + NUMBER
            + "|" + OF_PORT + "_ADDR=" + ADDRESS
            + ")");

    private ServiceVariables() {}

    /** Whether the variable is told of a service, not of this hub. */
    static boolean has(String name, String value) {
        return SHAPE.matcher(name + "=" + value.strip()).matches();
    }
}
