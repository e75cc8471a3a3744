package io.termbus.cluster;

import com.hazelcast.cluster.Member;
import com.hazelcast.config.Config;
import com.hazelcast.core.HazelcastInstance;
import io.termbus.config.Cluster;
import io.termbus.config.Security;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxBuilder;
import io.vertx.core.VertxOptions;
import io.vertx.core.eventbus.EventBusOptions;
import io.vertx.core.http.ClientAuth;
import io.vertx.core.net.PemKeyCertOptions;
import io.vertx.core.net.PemTrustOptions;
import java.io.IOException;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** This process as a member of a cluster: its clustered Vert.x, and who else is there. Any thread may call. */
public final class ClusterNode {
    private static final Logger LOG = LoggerFactory.getLogger(ClusterNode.class);
    /** A peer that does not answer a ping of the bus so long loses what is queued for it. */
    private static final long PING_MILLIS = 5_000;

    private final String name;
    private final Vertx vertx;
    private final HazelcastInstance hazelcast;
    private final String tokenPrint;

    private ClusterNode(String name, Vertx vertx, HazelcastInstance hazelcast, String tokenPrint) {
        this.tokenPrint = tokenPrint;
        this.name = name;
        this.vertx = vertx;
        this.hazelcast = hazelcast;
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
     * @param name of this node, new at each start
     * @param tokenPrint proves to other members that this node has the same admin token
     * @return fails with a {@link TokenException} where it has not; the caller closes {@link #vertx}
     */
    public static Future<ClusterNode> join(VertxBuilder builder, Cluster settings, String name, String tokenPrint) {
        // it logs before it has read its configuration
        System.setProperty("hazelcast.logging.type", "slf4j");
        Config config;
        try {
            config = ClusterFiles.read(settings);
        } catch (IOException | RuntimeException e) {
            return Future.failedFuture(e);
        }
        config.getMemberAttributeConfig().setAttribute(Membership.NAME_ATTRIBUTE, name);
        config.getMemberAttributeConfig().setAttribute(Membership.TOKEN_ATTRIBUTE, tokenPrint);
        TrustedNodes manager = new TrustedNodes(config, tokenPrint);
        EventBusOptions bus = busOptions(settings).setClusterNodeMetadata(TrustedNodes.metadata(name, tokenPrint));
        return builder.with(new VertxOptions().setEventBusOptions(bus))
                .withClusterManager(manager)
                .buildClustered()
                .compose(vertx -> {
                    ClusterNode node = new ClusterNode(name, vertx, manager.getHazelcastInstance(), tokenPrint);
                    return node.checkTokens()
                            .map(node)
                            .recover(cause -> vertx.close().transform(closed -> Future.failedFuture(cause)));
                })
                .onSuccess(ClusterNode::watch);
    }

    private static EventBusOptions busOptions(Cluster settings) {
        EventBusOptions options = new EventBusOptions()
                .setHost(settings.host())
                .setPort(settings.busPort())
                .setClusterPublicHost(settings.publicHost().orElse(settings.host()))
                .setClusterPingInterval(PING_MILLIS)
                .setClusterPingReplyInterval(PING_MILLIS);
        options.setTcpNoDelay(true);
        Security.Tls tls = settings.tls();
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
        return refusing(hazelcast.getCluster().getMembers(), tokenPrint)
                .map(stranger -> Future.<Void>failedFuture(
                        new TokenException(Membership.nameOf(stranger).orElse("another member"))))
                .orElseGet(Future::succeededFuture);
    }

    /**
     * Who finds nobody, or others of its kind among strangers, may stay: they are a cluster of their own. Those count
     * alone that were there before: who comes at the same time may have a wrong token as well.
     *
     * @param members oldest first, the local one among them
     * @return a member because of which the local one may not stay
     */
    static Optional<Member> refusing(Collection<Member> members, String tokenPrint) {
        List<Member> older =
                members.stream().takeWhile(member -> !member.localMember()).toList();
        return older.stream().anyMatch(member -> Membership.hasToken(member, tokenPrint))
                ? Optional.empty()
                : older.stream().findFirst();
    }

    private boolean isTrusted(Member member) {
        return Membership.hasToken(member, tokenPrint);
    }

    private void watch() {
        LOG.info("{} is in a cluster of {}", name, nodes().size());
        Membership.watch(hazelcast, vertx, tokenPrint);
    }

    /** Of this node. */
    public String name() {
        return name;
    }

    public Vertx vertx() {
        return vertx;
    }

    /** Names of all members with this node's admin token, itself among them, oldest first. Does not block. */
    public List<String> nodes() {
        return names(this::isTrusted);
    }

    /** Names of the members with another admin token, with which this node has nothing to do. Does not block. */
    List<String> strangers() {
        return names(member -> !isTrusted(member));
    }

    private List<String> names(Predicate<Member> which) {
        return hazelcast.getCluster().getMembers().stream()
                .filter(which)
                .flatMap(member -> Membership.nameOf(member).stream())
                .toList();
    }
}
