package io.termbus.cluster;

import com.hazelcast.cluster.Member;
import com.hazelcast.cluster.MembershipEvent;
import com.hazelcast.cluster.MembershipListener;
import com.hazelcast.config.Config;
import com.hazelcast.core.Hazelcast;
import com.hazelcast.core.HazelcastInstance;
import com.hazelcast.core.HazelcastInstanceNotActiveException;
import io.termbus.config.ClusterConfig;
import java.io.IOException;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Membership by Hazelcast. What a node says of itself is in the attributes of its member, so none of Hazelcast's
 * distributed maps is used, whose partitions stall with a member that hangs. Its merge after a partition may end with
 * "Could not join cluster. Shutting down now!": then it is started anew, with the same attributes.
 */
final class HazelcastMembership implements Membership {
    private static final Logger LOG = LoggerFactory.getLogger(HazelcastMembership.class);

    /** Nodes that start at the same moment on a machine that is busy may not agree in time on who is the first. */
    private static final int TRIES = 4;

    private final Config config;
    private Consumer<Membership> changed = membership -> {};
    private volatile @Nullable HazelcastInstance hazelcast;
    private volatile boolean left;

    /** @param config the attributes of the member go in here */
    HazelcastMembership(Config config) {
        this.config = config;
    }

    /** @throws IOException where the settings' file cannot be read; blocks */
    static HazelcastMembership of(ClusterConfig settings) throws IOException {
        // it logs before it has read its configuration
        System.setProperty("hazelcast.logging.type", "slf4j");
        return new HazelcastMembership(ClusterFiles.read(settings));
    }

    @Override
    public void join(Peer self, Consumer<Membership> listener) {
        changed = listener;
        self.attributes().forEach(config.getMemberAttributeConfig()::setAttribute);
        for (int tries = TRIES; ; tries--) {
            try {
                start();
                return;
            } catch (IllegalStateException e) {
                if (tries == 1) {
                    throw e;
                }
                LOG.warn("no cluster was joined yet: {}", e.getMessage());
            }
        }
    }

    private void start() {
        HazelcastInstance started = Hazelcast.newHazelcastInstance(config);
        hazelcast = started;
        started.getCluster().addMembershipListener(new MembershipListener() {
            @Override
            public void memberAdded(MembershipEvent event) {
                tell();
            }

            @Override
            public void memberRemoved(MembershipEvent event) {
                tell();
            }
        });
        started.getLifecycleService().addLifecycleListener(event -> tell());
        tell();
    }

    private void tell() {
        changed.accept(this);
    }

    @Override
    public void leave() {
        left = true;
        HazelcastInstance running = hazelcast;
        if (running != null) {
            running.shutdown();
        }
    }

    @Override
    public void mend() {
        if (!left && state() == State.REJOINING) {
            LOG.warn("Hazelcast has shut down; its sessions stay, and it is started anew");
            start();
            LOG.info("Hazelcast has been started anew");
        }
    }

    @Override
    public List<Peer> members() {
        HazelcastInstance running = hazelcast;
        if (running == null) {
            return List.of();
        }
        try {
            return running.getCluster().getMembers().stream()
                    .map(Member::getAttributes)
                    .flatMap(attributes -> Peer.of(attributes).stream())
                    .toList();
        } catch (HazelcastInstanceNotActiveException e) {
            LOG.debug("Hazelcast is not active", e);
            return List.of();
        }
    }

    @Override
    public State state() {
        HazelcastInstance running = hazelcast;
        return running != null && running.getLifecycleService().isRunning() ? State.JOINED : State.REJOINING;
    }
}
