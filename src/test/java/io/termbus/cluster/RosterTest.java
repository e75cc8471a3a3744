package io.termbus.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Who is there, by what the membership lists and by who answers. Time is the test's. */
class RosterTest {
    private static final String OURS = "print of our token";

    private final List<String> news = new ArrayList<>();
    private long now = 1_000_000_000_000L;
    private final Peer self = peer("node-self");
    private final Peer one = peer("node-one");
    private final Peer two = peer("node-two");
    private final Roster roster = new Roster(self, () -> now, new Random(1), new Roster.Listener() {
        @Override
        public void joined(Peer peer) {
            news.add("+" + peer.shortForm());
        }

        @Override
        public void left(Peer peer) {
            news.add("-" + peer.shortForm());
        }

        @Override
        public void stranger(Peer peer, boolean there) {
            news.add((there ? "stranger " : "no stranger ") + peer.shortForm());
        }
    });

    private static Peer peer(String name) {
        return new Peer(name, "127.0.0.1", 1, OURS);
    }

    private List<Peer> askedAfter(long nanos) {
        now += nanos;
        return roster.toAsk();
    }

    @Test
    void whoIsListedIsThereAndNotAsked() {
        roster.listed(List.of(one, self, two));

        assertThat(news).containsExactly("+one", "+two");
        assertThat(roster.names()).containsExactly("node-one", "node-self", "node-two");
        assertThat(askedAfter(Roster.ASK_LOST_NANOS)).isEmpty();
    }

    @Test
    void whoIsDroppedByTheMembershipStaysAsLongAsItAnswers() {
        roster.listed(List.of(self, one, two));
        roster.listed(List.of(self, two));

        for (int i = 0; i < 20; i++) {
            assertThat(askedAfter(Roster.ASK_MEMBER_NANOS)).containsExactly(one);
            roster.heard(one);
        }

        assertThat(roster.names()).contains("node-one");
        assertThat(news).containsExactly("+one", "+two");
    }

    @Test
    void whoIsDroppedAndDoesNotAnswerTwiceHasLeft() {
        roster.listed(List.of(self, one));
        roster.listed(List.of(self));

        assertThat(askedAfter(0)).containsExactly(one);
        assertThat(askedAfter(Roster.ASK_MEMBER_NANOS)).containsExactly(one);
        assertThat(news).containsExactly("+one");
        roster.toAsk();
        now += Roster.ASK_MEMBER_NANOS;
        roster.toAsk();

        assertThat(news).containsExactly("+one", "-one");
        assertThat(roster.names()).containsExactly("node-self");
        assertThat(roster.lostNames()).containsExactly("node-one");
    }

    @Test
    void aMachineThatSaysThatNothingListensThereEndsItAtOnce() {
        roster.listed(List.of(self, one));
        roster.refused("node-one");
        assertThat(news).as("it is listed: somebody else may have its port").containsExactly("+one");
        roster.listed(List.of(self));

        roster.refused("node-one");

        assertThat(news).containsExactly("+one", "-one");
        assertThat(roster.lostNames()).isEmpty();
        assertThat(askedAfter(Roster.ASK_LOST_NANOS)).isEmpty();
    }

    @Test
    void whoWasLostIsBackAsSoonAsItAnswersWhateverTheMembershipSays() {
        lose(one);

        assertThat(askedAfter(Roster.ASK_LOST_NANOS)).containsExactly(one);
        roster.heard(one);

        assertThat(news).containsExactly("+one", "-one", "+one");
        assertThat(roster.member("one")).contains(one);
    }

    private void lose(Peer peer) {
        roster.listed(List.of(self, peer));
        roster.listed(List.of(self));
        for (int i = 0; i < 3; i++) {
            askedAfter(Roster.ASK_MEMBER_NANOS);
        }
        assertThat(roster.lost(peer.shortForm())).contains(peer);
    }

    @Test
    void whoIsLostForAnHourIsForgotten() {
        lose(one);

        now += Roster.FORGET_NANOS;
        roster.toAsk();

        assertThat(roster.lostNames()).isEmpty();
    }

    @Test
    void whoeverIsRumouredIsAskedAndIsThereWhenItAnswers() {
        roster.rumoured(List.of(one, self));

        assertThat(news).isEmpty();
        assertThat(askedAfter(0)).containsExactly(one);
        roster.heard(one);
        assertThat(news).containsExactly("+one");
    }

    @Test
    void strangersAreKnownAndNothingElse() {
        Peer stranger = new Peer("node-odd", "127.0.0.1", 1, "print of another");
        roster.listed(List.of(stranger, self, one));
        roster.heard(stranger);
        roster.rumoured(List.of(stranger));

        assertThat(news).containsExactly("+one", "stranger odd");
        assertThat(roster.names()).containsExactly("node-self", "node-one");
        assertThat(roster.strangers()).containsExactly("node-odd");

        roster.listed(List.of(self, one));

        assertThat(roster.strangers()).isEmpty();
        assertThat(askedAfter(Roster.ASK_LOST_NANOS)).isEmpty();
    }

    @Test
    void aRoundAsksNoMoreThanItMayInALargeCluster() {
        List<Peer> many =
                IntStream.range(0, 1000).mapToObj(i -> peer("node-" + i)).toList();
        roster.listed(many);
        roster.listed(List.of());

        assertThat(askedAfter(0)).hasSize(Roster.ASKED_AT_ONCE);
        assertThat(roster.names()).hasSize(1001);
    }

    @Test
    void noMoreAreRememberedThanMayBe() {
        roster.rumoured(IntStream.range(0, Roster.MAX_LOST + 10)
                .mapToObj(i -> peer("node-" + i))
                .toList());
        roster.toAsk();

        assertThat(roster.lostNames()).hasSize(Roster.MAX_LOST);
    }
}
