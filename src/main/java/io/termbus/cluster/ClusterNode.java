package io.termbus.cluster;

import io.termbus.config.ClusterConfig;
import io.termbus.config.TlsConfig;
import io.termbus.protocol.Nodes;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxBuilder;
import io.vertx.core.VertxOptions;
import io.vertx.core.eventbus.EventBusOptions;
import io.vertx.core.http.ClientAuth;
import io.vertx.core.net.PemKeyCertOptions;
import io.vertx.core.net.PemTrustOptions;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** This process as a member of a cluster: its clustered Vert.x, and who else is there. Any thread may call. */
public final class ClusterNode implements Nodes {
    private static final Logger LOG = LoggerFactory.getLogger(ClusterNode.class);
    /** A peer that does not answer a ping of the bus so long loses what is queued for it. */
    private static final long PING_MILLIS = 5_000;
    /**
     * A peer that does not read for so long loses its connection, as by the ping; only where Vert.x uses epoll. That a wire
     * is cut the hub's transport sees after 2 s.
     */
    private static final int UNREAD_MILLIS = 10_000;
    /** A connection that is not there by then is tried anew by the next message: a cut may be over. */
    private static final int CONNECT_MILLIS = 500;

    private final Vertx vertx;
    private final Directory directory;

    private ClusterNode(Vertx vertx, Directory directory) {
        this.vertx = vertx;
        this.directory = directory;
    }

    /** All members that were there before have another admin token. The message is for the user. */
    public static final class TokenException extends Exception {
        private static final long serialVersionUID = 1;

        TokenException(String node) {
            super("auth.token is not the one of the cluster, where " + node
                    + " is: all nodes take the same, from auth.token or home/token");
        }
    }

    /**
     * Joins, or founds, the cluster.
     *
     * @param builder of the Vert.x that joins
     * @param options of the same, which get those of the cluster
     * @param name of this node, new at each start
     * @param tokenPrint proves to other members that this node has the same admin token
     * @return fails with a {@link TokenException} where it has not; the caller closes {@link #vertx}
     */
    public static Future<ClusterNode> join(
            VertxBuilder builder, VertxOptions options, ClusterConfig settings, String name, String tokenPrint) {
        try {
            Membership hazelcast = HazelcastMembership.of(settings);
            return join(builder, options, settings, name, tokenPrint, vertx -> hazelcast);
        } catch (IOException | RuntimeException e) {
            return Future.failedFuture(e);
        }
    }

    /** @param memberships makes what finds other nodes */
    static Future<ClusterNode> join(
            VertxBuilder builder,
            VertxOptions options,
            ClusterConfig settings,
            String name,
            String tokenPrint,
            Function<Vertx, Membership> memberships) {
        Directory directory = new Directory(name, tokenPrint, memberships);
        EventBusOptions bus = busOptions(settings).setClusterNodeMetadata(Peer.metadata(name, tokenPrint));
        return builder.with(options.setEventBusOptions(bus))
                .withClusterManager(directory)
                .buildClustered()
                .compose(vertx -> {
                    ClusterNode node = new ClusterNode(vertx, directory);
                    return node.checkTokens()
                            .compose(checked -> node.watch())
                            .map(node)
                            .recover(cause -> vertx.close().transform(closed -> Future.failedFuture(cause)));
                });
    }

    private static EventBusOptions busOptions(ClusterConfig settings) {
        EventBusOptions options = new EventBusOptions()
                .setHost(settings.host())
                .setPort(settings.busPort())
                .setClusterPublicHost(settings.publicHost().orElse(settings.host()))
                .setClusterPingInterval(PING_MILLIS)
                .setClusterPingReplyInterval(PING_MILLIS);
        options.setTcpNoDelay(true).setTcpUserTimeout(UNREAD_MILLIS).setConnectTimeout(CONNECT_MILLIS);
        TlsConfig tls = settings.tls();
        if (tls.on()) {
            options.setSsl(true)
                    .setClientAuth(ClientAuth.REQUIRED)
                    .setKeyCertOptions(new PemKeyCertOptions()
                            .setCertPath(tls.certificate().orElseThrow().toString())
                            .setKeyPath(tls.key().orElseThrow().toString()))
                    .setTrustOptions(new PemTrustOptions()
                            .addCertPath(tls.clientCa().orElseThrow().toString()));
        }
        return options;
    }

    private Future<Void> checkTokens() {
        return refusing(directory.members(), directory.roster().self())
                .map(stranger -> Future.<Void>failedFuture(new TokenException(stranger.name())))
                .orElseGet(Future::succeededFuture);
    }

    /**
     * Who finds nobody, or others of its kind among strangers, may stay: they are a cluster of their own. Those count
     * alone that were there before: who comes at the same time may have a wrong token as well.
     *
     * @param members oldest first, {@code self} among them
     * @return a member because of which {@code self} may not stay
     */
    static Optional<Peer> refusing(List<Peer> members, Peer self) {
        List<Peer> older = members.stream()
                .takeWhile(each -> !each.name().equals(self.name()))
                .toList();
        return older.stream().anyMatch(each -> each.tokenPrint().equals(self.tokenPrint()))
                ? Optional.empty()
                : older.stream().findFirst();
    }

    private Future<Void> watch() {
        LOG.info("{} is in a cluster of {}", self(), names().size());
        directory.announce(vertx);
        vertx.exceptionHandler(new UnhandledFailures());
        return vertx.deployVerticle(
                        new RosterVerticle(directory.roster(), directory::state, directory::mend, new Random()))
                .mapEmpty();
    }

    @Override
    public String self() {
        return directory.getNodeId();
    }

    @Override
    public boolean isCluster() {
        return true;
    }

    public Vertx vertx() {
        return vertx;
    }

    /** Members with this node's admin token. */
    @Override
    public List<String> names() {
        return directory.roster().names();
    }

    /** Names of the nodes that were members, and may be again. Does not block. */
    List<String> lost() {
        return directory.roster().lostNames();
    }

    /** Names of the members with another admin token, with which this node has nothing to do. Does not block. */
    List<String> strangers() {
        return directory.roster().strangers();
    }
}
