package io.termbus.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import com.hazelcast.core.Hazelcast;
import com.hazelcast.core.HazelcastInstance;
import io.termbus.config.ClusterConfig;
import io.termbus.config.TlsConfig;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Members that find each other by Hazelcast, and one whose Hazelcast has given up. */
@Timeout(180)
class HazelcastMembershipTest {
    private final Peer one = new Peer("node-one", "127.0.0.1", 1, "print");
    private final Peer two = new Peer("node-two", "127.0.0.1", 2, "another print");
    private final String name = "test-" + UUID.randomUUID();
    private final int port = freePort();
    private final HazelcastMembership first = HazelcastMembership.of(settings());
    private final HazelcastMembership second = HazelcastMembership.of(settings());

    HazelcastMembershipTest() throws IOException {}

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    private ClusterConfig settings() {
        return new ClusterConfig(
                Optional.empty(),
                name,
                "127.0.0.1",
                port,
                0,
                Optional.empty(),
                List.of("127.0.0.1:" + port, "127.0.0.1:" + (port + 1)),
                TlsConfig.NONE);
    }

    @AfterEach
    void stop() {
        first.leave();
        second.leave();
    }

    private void awaitBoth() {
        Awaitility.await()
                .atMost(Duration.ofSeconds(60))
                .until(() -> List.of(first, second).stream()
                        .allMatch(each ->
                                each.members().size() == 2 && each.members().containsAll(List.of(one, two))));
    }

    /** As Hazelcast does itself when it cannot merge. */
    private void giveUp(Peer peer) {
        for (HazelcastInstance each : Hazelcast.getAllHazelcastInstances()) {
            if (peer.attributes().equals(each.getCluster().getLocalMember().getAttributes())) {
                each.getLifecycleService().terminate();
            }
        }
    }

    @Test
    void whereHazelcastHasShutDownItIsStartedAnewAndTheMembersAreTheSame() {
        first.join(one, changed -> {});
        second.join(two, changed -> {});
        awaitBoth();

        giveUp(two);

        assertThat(second.state()).isEqualTo(Membership.State.REJOINING);
        assertThat(second.members()).isEmpty();

        second.mend();

        assertThat(second.state()).isEqualTo(Membership.State.JOINED);
        awaitBoth();
    }

    @Test
    void whoHasLeftIsNotStartedAnew() {
        first.join(one, changed -> {});
        first.leave();

        first.mend();

        assertThat(first.state()).isEqualTo(Membership.State.REJOINING);
    }
}
