package io.termbus.bridge;

import io.termbus.config.HubConfig;
import io.termbus.protocol.FlowShards;

/**
 * What every connection of this node shares.
 *
 * @param node name of this node
 * @param version version of the hub
 * @param tls what listeners show to clients
 * @param slots the {@code connection.max} client connections of this node
 */
public record BridgeContext(
        String node,
        String version,
        HubConfig config,
        FlowShards shards,
        Authenticator authenticator,
        ConnectionSlots slots,
        TlsFiles tls) {}
