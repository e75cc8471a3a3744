package io.termbus.cluster;

import com.hazelcast.cluster.Member;
import com.hazelcast.cluster.MembershipEvent;
import com.hazelcast.cluster.MembershipListener;
import com.hazelcast.core.HazelcastInstance;
import io.termbus.protocol.Addresses;
import io.vertx.core.Vertx;
import io.vertx.core.eventbus.DeliveryOptions;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells this node's verticles who has come and who has left, of those that have its admin token. Called on threads of
 * Hazelcast.
 */
final class Membership implements MembershipListener {
    static final String NAME_ATTRIBUTE = "termbus.node";
    static final String TOKEN_ATTRIBUTE = "termbus.token";
    private static final Logger LOG = LoggerFactory.getLogger(Membership.class);
    private static final DeliveryOptions LOCAL = new DeliveryOptions().setLocalOnly(true);

    private final Vertx vertx;
    private final String tokenPrint;

    Membership(Vertx vertx, String tokenPrint) {
        this.vertx = vertx;
        this.tokenPrint = tokenPrint;
    }

    /**
     * From now on, until the cluster is left.
     *
     * @param tokenPrint of the admin token of this node
     */
    static void watch(HazelcastInstance hazelcast, Vertx vertx, String tokenPrint) {
        hazelcast.getCluster().addMembershipListener(new Membership(vertx, tokenPrint));
    }

    static boolean hasToken(Member member, String tokenPrint) {
        return tokenPrint.equals(member.getAttribute(TOKEN_ATTRIBUTE));
    }

    @Override
    public void memberAdded(MembershipEvent event) {
        if (hasToken(event.getMember(), tokenPrint)) {
            nameOf(event.getMember()).ifPresent(node -> tell("{} has joined", Addresses.NODE_JOINED, node));
        } else {
            // one that has just started leaves by itself; after a partition nobody does
            LOG.error("{}: nothing passes between them", stranger(event));
        }
    }

    @Override
    public void memberRemoved(MembershipEvent event) {
        if (hasToken(event.getMember(), tokenPrint)) {
            nameOf(event.getMember()).ifPresent(node -> tell("{} has left", Addresses.NODE_LEFT, node));
        } else {
            LOG.info("{}: it is gone", stranger(event));
        }
    }

    private static String stranger(MembershipEvent event) {
        return TrustedNodes.otherToken(nameOf(event.getMember()).orElse("a member"));
    }

    private void tell(String text, String address, String node) {
        LOG.info(text, node);
        vertx.eventBus().publish(address, node, LOCAL);
    }

    /** The name that the node has given itself. */
    static Optional<String> nameOf(Member member) {
        return Optional.ofNullable(member.getAttribute(NAME_ATTRIBUTE));
    }
}
