package io.termbus.bridge;

import io.termbus.config.HubConfig;
import io.termbus.protocol.FlowShards;

/**
 * What every connection of this node shares.
 *
 * @param node name of this node
 * @param version version of the hub
 * @param addresses what one client address may do
 * @param httpSlots the {@code http.maxConnections} connections of browsers to this node
 * @param tls what listeners show to clients
 * @param slots the {@code connection.max} client connections of this node
 * @param crowd the connections that send more than others
 * @param admission who may be connected
 * @param unread what clients have not read
 */
public record BridgeContext(
        String node,
        String version,
        HubConfig config,
        FlowShards shards,
        Authenticator authenticator,
        ConnectionSlots slots,
        TlsFiles tls,
        AddressLimits addresses,
        ConnectionSlots httpSlots,
        Crowd crowd,
        Admission admission,
        UnreadPool unread) {

    /** With limits as the settings have them. */
    public BridgeContext(
            String node,
            String version,
            HubConfig config,
            FlowShards shards,
            Authenticator authenticator,
            ConnectionSlots slots,
            TlsFiles tls) {
        this(
                node,
                version,
                config,
                shards,
                authenticator,
                slots,
                tls,
                new AddressLimits(
                        config.connection().maxPerAddress(), config.auth().maxFailures()));
    }

    private BridgeContext(
            String node,
            String version,
            HubConfig config,
            FlowShards shards,
            Authenticator authenticator,
            ConnectionSlots slots,
            TlsFiles tls,
            AddressLimits addresses) {
        this(
                node,
                version,
                config,
                shards,
                authenticator,
                slots,
                tls,
                addresses,
                new ConnectionSlots(config.http().maxConnections()),
                new Crowd(Runtime.getRuntime().availableProcessors()),
                new Admission(slots, addresses),
                UnreadPool.ofHeap(Runtime.getRuntime().maxMemory()));
    }
}
