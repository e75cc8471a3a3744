package io.termbus.cluster;

import static io.termbus.cluster.Members.local;
import static io.termbus.cluster.Members.member;
import static org.assertj.core.api.Assertions.assertThat;

import com.hazelcast.cluster.Member;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Who may stay in a cluster. Members are in the order in which they came. */
class ClusterNodeTest {
    private static final String OURS = "print of our token";
    private static final String OTHER = "print of another";

    private final Member self = local("self", OURS);

    private void assertStays(Member... members) {
        assertThat(ClusterNode.refusing(List.of(members), OURS)).isEmpty();
    }

    @Test
    void whoIsAloneStays() {
        assertStays(self);
    }

    @Test
    void whoFindsOneOfItsKindStays() {
        assertStays(member("friend", OURS), self);
        assertStays(member("stranger", OTHER), member("friend", OURS), self);
    }

    @Test
    void whoFoundsAClusterStaysWhoeverComes() {
        assertStays(self, member("stranger", OTHER), member("another stranger", OTHER));
    }

    @Test
    void whoFindsStrangersOnlyIsRefusedByTheOldest() {
        Member oldest = member("oldest", OTHER);

        assertThat(ClusterNode.refusing(List.of(oldest, member("second", OTHER), self), OURS))
                .contains(oldest);
    }

    @Test
    void oneOfItsKindThatCameLaterIsOfNoHelp() {
        Member stranger = member("stranger", OTHER);

        assertThat(ClusterNode.refusing(List.of(stranger, self, member("as wrong as self", OURS)), OURS))
                .contains(stranger);
    }
}
