package io.termbus.bridge;

import io.termbus.audit.AuditPace;
import io.termbus.config.HubConfig;
import io.termbus.guard.FairShare;
import io.termbus.metrics.Meters;
import io.termbus.protocol.FlowShards;
import io.vertx.core.Vertx;
import io.vertx.core.eventbus.EventBus;
import java.util.concurrent.atomic.AtomicInteger;

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
 * @param debts of connections that have gone
 * @param longs answers that may be long
 * @param audit lines of the audit log that change nothing
 * @param embedding what the program decides that the hub is part of
 * @param connections those that there are
 * @param meters what they count
 * @param number of the hub among those of this process, 0, 1, 2, …
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
        FairShare crowd,
        Admission admission,
        UnreadPool unread,
        Debts debts,
        LongAnswers longs,
        AuditPace audit,
        Embedding embedding,
        Connections connections,
        BridgeMeters meters,
        int number) {
    /** Those that send more than others, over TCP, WebSockets and HTTP alike, keep one of so many processors busy. */
    private static final int PROCESSORS_PER_BUSY_ONE = 8;

    /** Kinds of listener that a hub may have. */
    public static final int LISTENERS = 2;

    private static final AtomicInteger HUBS = new AtomicInteger();

    /** Of a hub that has the process for itself, with limits as the settings have them, without metrics. */
    public BridgeContext(
            String node,
            String version,
            HubConfig config,
            FlowShards shards,
            Authenticator authenticator,
            ConnectionSlots slots,
            TlsFiles tls) {
        this(node, version, config, shards, authenticator, slots, tls, Embedding.NONE, Meters.OFF);
    }

    /** With limits as the settings have them. */
    public BridgeContext(
            String node,
            String version,
            HubConfig config,
            FlowShards shards,
            Authenticator authenticator,
            ConnectionSlots slots,
            TlsFiles tls,
            Embedding embedding,
            Meters meters) {
        this(
                node,
                version,
                config,
                shards,
                authenticator,
                slots,
                tls,
                embedding,
                new BridgeMeters(meters),
                new AddressLimits(
                        config.connection().maxPerAddress(), config.auth().maxFailures()),
                new FairShare(Runtime.getRuntime().availableProcessors(), PROCESSORS_PER_BUSY_ONE));
    }

    private BridgeContext(
            String node,
            String version,
            HubConfig config,
            FlowShards shards,
            Authenticator authenticator,
            ConnectionSlots slots,
            TlsFiles tls,
            Embedding embedding,
            BridgeMeters meters,
            AddressLimits addresses,
            FairShare crowd) {
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
                crowd,
                new Admission(slots, addresses),
                UnreadPool.ofHeap(Runtime.getRuntime().maxMemory()),
                new Debts(crowd),
                new LongAnswers(Runtime.getRuntime().availableProcessors()),
                new AuditPace(),
                embedding,
                new Connections(),
                meters,
                HUBS.getAndIncrement());
    }

    /** The bus as the hub sees it. */
    public EventBus bus(Vertx vertx) {
        return embedding.bus(vertx);
    }
}
