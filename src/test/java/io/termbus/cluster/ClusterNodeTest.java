package io.termbus.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

/** Who may stay in a cluster. Members are in the order in which they came. */
class ClusterNodeTest {
    private static final String OURS = "print of our token";
    private static final String OTHER = "print of another";

    private final Peer self = peer("self", OURS);

    private static Peer peer(String name, String token) {
        return new Peer(name, "127.0.0.1", 1, token);
    }

    private void assertStays(Peer... members) {
        assertThat(ClusterNode.refusing(List.of(members), self)).isEmpty();
    }

    @Test
    void whoIsAloneStays() {
        assertStays(self);
    }

    @Test
    void whoFindsOneOfItsKindStays() {
        assertStays(peer("friend", OURS), self);
        assertStays(peer("stranger", OTHER), peer("friend", OURS), self);
    }

    @Test
    void whoFoundsAClusterStaysWhoeverComes() {
        assertStays(self, peer("stranger", OTHER), peer("another stranger", OTHER));
    }

    @Test
    void whoFindsStrangersOnlyIsRefusedByTheOldest() {
        Peer oldest = peer("oldest", OTHER);

        assertThat(ClusterNode.refusing(List.of(oldest, peer("second", OTHER), self), self))
                .contains(oldest);
    }

    @Test
    void oneOfItsKindThatCameLaterIsOfNoHelp() {
        Peer stranger = peer("stranger", OTHER);

        assertThat(ClusterNode.refusing(List.of(stranger, self, peer("as wrong as self", OURS)), self))
                .contains(stranger);
    }
}
