package io.termbus.cluster;

import io.termbus.protocol.Ids;
import io.vertx.core.json.JsonObject;
import io.vertx.core.spi.cluster.NodeInfo;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A node as others know it.
 *
 * @param name new at each start, so all the rest of it is the same as long as it is the same node
 * @param host where its event bus is reached
 * @param port of its event bus
 * @param tokenPrint proves to others which admin token it has
 */
record Peer(String name, String host, int port, String tokenPrint) {
    private static final String NAME = "termbus.node";
    private static final String HOST = "termbus.host";
    private static final String PORT = "termbus.port";
    private static final String TOKEN = "termbus.token";

    /** As attributes of a member. */
    Map<String, String> attributes() {
        return Map.of(NAME, name, HOST, host, PORT, Integer.toString(port), TOKEN, tokenPrint);
    }

    /** Empty for a member that is no node of a hub. */
    static Optional<Peer> of(Map<String, String> attributes) {
        return of(attributes.get(NAME), attributes.get(HOST), attributes.get(PORT), attributes.getOrDefault(TOKEN, ""));
    }

    private static Optional<Peer> of(
            @Nullable String name, @Nullable String host, @Nullable String port, String token) {
        if (name == null || host == null || port == null) {
            return Optional.empty();
        }
        try {
            return Optional.of(new Peer(name, host, Integer.parseInt(port), token));
        } catch (NumberFormatException e) {
            return Optional.empty();
        }
    }

    /** As what Vert.x' managers tell of a node beside its address. */
    static JsonObject metadata(String name, String tokenPrint) {
        return new JsonObject().put(NAME, name).put(TOKEN, tokenPrint);
    }

    static Optional<Peer> of(NodeInfo info) {
        JsonObject metadata = info.metadata();
        return metadata == null
                ? Optional.empty()
                : of(
                        metadata.getString(NAME),
                        info.host(),
                        Integer.toString(info.port()),
                        metadata.getString(TOKEN, ""));
    }

    NodeInfo info() {
        return new NodeInfo(host, port, metadata(name, tokenPrint));
    }

    JsonObject toJson() {
        return metadata(name, tokenPrint).put(HOST, host).put(PORT, port);
    }

    static Optional<Peer> of(JsonObject json) {
        return of(
                json.getString(NAME),
                json.getString(HOST),
                String.valueOf(json.getValue(PORT)),
                json.getString(TOKEN, ""));
    }

    /** What stands for it in the ids of its sessions. */
    String shortForm() {
        return Ids.shortForm(name);
    }
}
