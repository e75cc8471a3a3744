package io.termbus.flow.output;

import static org.assertj.core.api.Assertions.assertThat;

import io.termbus.flow.edge.EdgeLink;
import io.termbus.flow.edge.EdgeLinks;
import io.termbus.protocol.Delivery;
import io.termbus.protocol.LinkMessage;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Sessions whose subscribers are on another node. */
@Timeout(30)
class LinkTest {
    private static final OptionalLong FROM_THE_START = OptionalLong.of(0);

    private static FlowFixture.Limits limits() {
        return new FlowFixture.Limits();
    }

    private static long outputs(TwoNodes nodes) {
        return nodes.sent().stream()
                .filter(LinkMessage.Output.class::isInstance)
                .count();
    }

    @Test
    void bytesCrossOnceHoweverManySubscribersThereAre() {
        TwoNodes nodes = new TwoNodes(limits());
        List<Subscriber> subscribers = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            subscribers.add(nodes.attach(false, FROM_THE_START));
        }

        nodes.owner.write(1000);
        nodes.settle();

        assertThat(outputs(nodes)).isEqualTo(1);
        for (Subscriber each : subscribers) {
            assertThat(nodes.edgeOutlet.bytes(each.id())).isEqualTo(FlowFixture.pattern(0, 1000));
        }
        assertThat(nodes.owner.flow.total()).isEqualTo(10);
    }

    @Test
    void aLinkThatIsAskedForTwiceIsOpenedOnce() {
        TwoNodes nodes = new TwoNodes(limits());
        Subscriber subscriber = nodes.attach(false, FROM_THE_START);
        nodes.owner.write(1000);
        LinkMessage.Open opened = nodes.feeds.all().iterator().next().edge();
        int sent = nodes.sent().size();

        LinkMessage.Position again =
                (LinkMessage.Position) nodes.feeds.received(opened).result();

        assertThat(again.number()).isEqualTo(sent);
        assertThat(nodes.sent()).hasSize(sent);
        nodes.owner.write(1000);
        nodes.settle();
        assertThat(nodes.edgeOutlet.bytes(subscriber.id())).isEqualTo(FlowFixture.pattern(0, 2000));
        assertThat(nodes.link().id()).isEqualTo(opened.link());
    }

    @Test
    void aNodeThatDoesNotAckHoldsOneWindow() {
        TwoNodes nodes = new TwoNodes(limits());
        nodes.attach(false, FROM_THE_START);

        nodes.owner.writeTimes(100, 65_536);

        LinkFeed feed = nodes.feeds.all().iterator().next();
        assertThat(feed.unackedBytes()).isBetween((long) LinkFeed.WINDOW_BYTES, LinkFeed.WINDOW_BYTES + 65_536L);
        assertThat(nodes.owner.outlet.taken).as("nobody waits for it").isEqualTo(100);
    }

    @Test
    void aNodeThatFellBehindGoesOnAtTheEndAndItsSubscribersGetASnapshot() {
        TwoNodes nodes = new TwoNodes(limits());
        Subscriber subscriber = nodes.attach(false, FROM_THE_START);

        nodes.owner.writeTimes(100, 65_536);
        while (nodes.carry()) {
            nodes.ackAll();
            nodes.pass(Duration.ofMillis(100));
            nodes.ackAll();
        }
        nodes.settle();
        nodes.owner.write(500);
        nodes.settle();

        nodes.assertContinuous(subscriber);
        assertThat(subscriber.offset()).isEqualTo(nodes.owner.written());
        assertThat(nodes.edgeOutlet.counted(subscriber.id()))
                .anyMatch(each -> each.kind() == Delivery.Kind.SNAPSHOT)
                .last()
                .matches(each -> each.offset() == nodes.owner.written());
    }

    @Test
    void aLosslessSubscriberHoldsTheOwnerBackAcrossNodes() {
        TwoNodes nodes = new TwoNodes(limits().bytes(1000, 2000, 10_000).backlog(20_000));
        Subscriber subscriber = nodes.attach(true, FROM_THE_START);
        nodes.edgeFlow().subscribers().notListening(subscriber, 0, false);
        nodes.edgeFlow().subscribers().listening(subscriber);

        for (int i = 0; i < 40; i++) {
            nodes.owner.write(2000);
            nodes.carryAll();
            nodes.edgeOutlet.passMillis(200);
        }

        assertThat(nodes.owner.outlet.taken).isLessThan(40);
        nodes.settle();
        assertThat(nodes.owner.outlet.taken).isEqualTo(40);
        nodes.assertContinuous(subscriber);
        assertThat(nodes.edgeOutlet.bytes(subscriber.id())).isEqualTo(FlowFixture.pattern(0, 80_000));
    }

    @Test
    void aSnapshotThatIsAheadOfTheOutputWaitsForIt() {
        TwoNodes nodes = new TwoNodes(limits());
        Subscriber subscriber = nodes.attach(false, OptionalLong.empty());
        nodes.owner.write(1000);
        nodes.owner.answerSnapshot(10);
        assertThat(subscriber.offset()).isEqualTo(1000);
        assertThat(nodes.edgeFlow().end()).isZero();

        nodes.owner.write(500);
        nodes.settle();

        nodes.assertContinuous(subscriber);
        assertThat(nodes.edgeOutlet.bytes(subscriber.id())).isEqualTo(FlowFixture.pattern(1000, 500));
    }

    @Test
    void whoComesFromAnotherNodeGoesOnWhereTheOwnerStillHoldsIt() {
        TwoNodes nodes = new TwoNodes(limits());
        nodes.owner.write(1000);

        Subscriber first = nodes.attach(false, OptionalLong.of(400));
        nodes.owner.write(100);
        Subscriber second = nodes.attach(false, OptionalLong.of(1100));
        nodes.settle();

        assertThat(nodes.edgeOutlet.bytes(first.id())).isEqualTo(FlowFixture.pattern(400, 700));
        assertThat(nodes.edgeOutlet.counted(second.id())).isEmpty();
        assertThat(second.offset()).isEqualTo(1100);
    }

    @Test
    void sizesAndTheExitComeWhereTheyBelong() {
        TwoNodes nodes = new TwoNodes(limits());
        Subscriber subscriber = nodes.attach(false, FROM_THE_START);
        nodes.owner.write(10);
        nodes.owner.flow.resized(100, 30);
        nodes.owner.write(10);
        nodes.owner.flow.exited(3, Optional.empty());
        nodes.owner.flow.removed();
        nodes.settle();

        assertThat(nodes.edgeOutlet.to(subscriber.id()).stream()
                        .map(Delivery::kind)
                        .toList())
                .containsExactly(Delivery.Kind.OUTPUT, Delivery.Kind.RESIZE, Delivery.Kind.OUTPUT, Delivery.Kind.EXIT);
        assertThat(nodes.owner.flow.isFinished()).isTrue();
        assertThat(nodes.edgeFlows).isEmpty();
    }

    @Test
    void whatWasLostOnTheWayIsSentAgain() {
        TwoNodes nodes = new TwoNodes(limits());
        Subscriber subscriber = nodes.attach(true, FROM_THE_START);
        nodes.owner.write(100);
        nodes.carryAll();
        nodes.owner.write(100);
        nodes.loseAll();

        nodes.settle();

        nodes.assertContinuous(subscriber);
        assertThat(nodes.edgeOutlet.bytes(subscriber.id())).isEqualTo(FlowFixture.pattern(0, 200));
    }

    @Test
    void anOwnerThatIsGoneIsGivenUpAfterTheGraceAndNothingItSendsThenCounts() {
        TwoNodes nodes = new TwoNodes(limits());
        Subscriber subscriber = nodes.attach(false, FROM_THE_START);
        nodes.owner.write(10);
        nodes.cut = true;
        nodes.edges.nodeLeft(TwoNodes.OWNER);

        nodes.edgeOutlet.pass(EdgeLinks.GRACE.minusSeconds(1));
        assertThat(nodes.edgeOutlet.notices(subscriber.id(), Delivery.Kind.DISCONNECTED))
                .isEmpty();
        nodes.edgeOutlet.pass(Duration.ofSeconds(2));

        assertThat(nodes.edgeOutlet.notices(subscriber.id(), Delivery.Kind.DISCONNECTED))
                .singleElement()
                .matches(body -> body.getString("reason").equals("owner_unreachable"));
        nodes.carryAll();
        assertThat(nodes.edgeOutlet.counted(subscriber.id())).isEmpty();
        assertThat(nodes.edgeFlows).isEmpty();
    }

    @Test
    void aLostLinkIsOpenedAnewWithoutWaitingForTheAnswerToTheAttemptBefore() {
        TwoNodes nodes = new TwoNodes(limits());
        Subscriber subscriber = nodes.attach(false, FROM_THE_START);
        nodes.holdsAnswers = true;
        nodes.cut = true;
        nodes.loseOne();

        nodes.edgeOutlet.passMillis(1_000);
        nodes.cut = false;
        nodes.holdsAnswers = false;
        nodes.edgeOutlet.passMillis(500);

        assertThat(nodes.link().state()).isEqualTo(EdgeLink.State.OPEN);
        nodes.owner.write(100);
        nodes.settle();
        assertThat(nodes.edgeOutlet.bytes(subscriber.id())).isEqualTo(FlowFixture.pattern(0, 102));
    }

    @Test
    void anAnswerToAnAttemptThatWasGivenUpSaysThatTheNewestIsWorthWaitingFor() {
        TwoNodes nodes = new TwoNodes(limits());
        nodes.attach(false, FROM_THE_START);
        nodes.holdsAnswers = true;
        nodes.edges.nodeLeft(TwoNodes.OWNER);
        nodes.loseAll();
        String first = nodes.link().id();
        nodes.edgeOutlet.passMillis(500);
        nodes.loseAll();
        String second = nodes.link().id();
        assertThat(second).isNotEqualTo(first);

        nodes.releaseOldest();
        nodes.edgeOutlet.passMillis(1_000);
        assertThat(nodes.link().id()).isEqualTo(second);
        nodes.release();

        assertThat(nodes.link().state()).isEqualTo(EdgeLink.State.OPEN);
    }

    @Test
    void aLateAnswerDoesNotMakeALinkWaitForAnAttemptThatHasFailed() {
        TwoNodes nodes = new TwoNodes(limits());
        nodes.attach(false, FROM_THE_START);
        nodes.holdsAnswers = true;
        nodes.edges.nodeLeft(TwoNodes.OWNER);
        nodes.loseAll();
        nodes.holdsAnswers = false;
        nodes.cut = true;
        nodes.edges.nodeLeft(TwoNodes.OWNER);
        nodes.release();
        assertThat(nodes.link().state()).isEqualTo(EdgeLink.State.LOST);

        nodes.cut = false;
        nodes.edgeOutlet.passMillis(500);

        assertThat(nodes.link().state()).isEqualTo(EdgeLink.State.OPEN);
    }

    @Test
    void aNodeThatStoodStillHasPatience() {
        TwoNodes nodes = new TwoNodes(limits());
        Subscriber subscriber = nodes.attach(true, FROM_THE_START);
        nodes.carryAll();
        nodes.edgeOutlet.standStill(Duration.ofSeconds(20));
        nodes.feeds.nodeLeft("edge");
        nodes.cut = true;
        nodes.edges.nodeLeft(TwoNodes.OWNER);
        nodes.owner.write(100);
        for (int i = 0; i < 200; i++) {
            nodes.edgeOutlet.passMillis(100);
        }
        nodes.cut = false;

        nodes.settle();

        nodes.assertContinuous(subscriber);
        assertThat(nodes.edgeOutlet.bytes(subscriber.id())).isEqualTo(FlowFixture.pattern(0, 100));
    }

    @Test
    void acksThatGotLostAreMadeGoodByTheNextCheck() {
        TwoNodes nodes = new TwoNodes(limits().backlog(20_000));
        Subscriber subscriber = nodes.attach(true, FROM_THE_START);
        nodes.tellsLost = true;

        nodes.owner.writeTimes(100, 2000);
        nodes.settle();

        assertThat(nodes.edgeOutlet.bytes(subscriber.id())).isEqualTo(FlowFixture.pattern(0, 200_000));
        assertThat(nodes.owner.outlet.taken).isEqualTo(100);
        assertThat(nodes.sent().stream().filter(LinkMessage.Restarted.class::isInstance))
                .as("the link held")
                .hasSize(1);
    }

    @Test
    void whoIsThereIsToldAgainByTheNextCheck() {
        TwoNodes nodes = new TwoNodes(limits());
        nodes.attach(false, FROM_THE_START);
        Subscriber second = nodes.attach(true, FROM_THE_START);
        nodes.carryAll();
        nodes.tellsLost = true;
        nodes.edgeFlow().subscribers().detach(second);
        assertThat(nodes.owner.flow.isLossless()).isTrue();

        nodes.pass(Duration.ofSeconds(3));

        assertThat(nodes.owner.flow.isLossless()).isFalse();
        assertThat(nodes.owner.flow.total()).isEqualTo(1);
    }

    @Test
    void anEdgeThatIsSilentIsGivenUpAndHoldsNobodyBack() {
        TwoNodes nodes = new TwoNodes(limits().backlog(10_000).stall(Duration.ofSeconds(10)));
        nodes.attach(true, FROM_THE_START);
        nodes.owner.writeTimes(2000, 1000);
        assertThat(nodes.owner.outlet.taken).isLessThan(2000);

        nodes.owner.outlet.pass(Duration.ofSeconds(11));

        assertThat(nodes.owner.outlet.taken).isEqualTo(2000);
        assertThat(nodes.feeds.all().isEmpty()).isTrue();
    }

    @Test
    void aLinkThatHasEndedIsLetGoAtOnceHoweverItEnded() {
        TwoNodes closed = new TwoNodes(limits());
        Subscriber last = closed.attach(false, FROM_THE_START);
        assertThat(closed.feeds.all().isEmpty()).isFalse();
        closed.edgeFlow().subscribers().detach(last);
        assertThat(closed.feeds.all().isEmpty()).isTrue();

        TwoNodes silent = new TwoNodes(limits());
        silent.attach(false, FROM_THE_START);
        silent.owner.outlet.pass(Duration.ofMinutes(2));
        assertThat(silent.feeds.all().isEmpty()).isTrue();

        TwoNodes left = new TwoNodes(limits());
        left.attach(false, FROM_THE_START);
        left.feeds.nodeLeft("edge");
        assertThat(left.feeds.all().isEmpty()).isTrue();

        TwoNodes removed = new TwoNodes(limits());
        removed.attach(false, FROM_THE_START);
        removed.owner.flow.exited(0, Optional.empty());
        removed.owner.flow.removed();
        assertThat(removed.feeds.all().isEmpty()).isTrue();
    }

    @Test
    void aLinkThatIsOpenedAnewTakesThePlaceOfTheOldOne() {
        TwoNodes nodes = new TwoNodes(limits());
        Subscriber subscriber = nodes.attach(false, FROM_THE_START);
        nodes.loseOne();
        assertThat(nodes.feeds.all()).hasSize(1);

        nodes.edgeFlow().subscribers().detach(subscriber);

        assertThat(nodes.feeds.all().isEmpty()).isTrue();
    }

    @Test
    void anOwnerWhoseAnswerNeverCameSoonForgetsTheLink() {
        TwoNodes nodes = new TwoNodes(limits());
        nodes.holdsAnswers = true;
        nodes.link().join(true, flow -> {});
        assertThat(nodes.feeds.all().isEmpty()).isFalse();

        nodes.owner.outlet.pass(LinkFeeds.FIRST_SILENCE);

        assertThat(nodes.feeds.all().isEmpty()).isTrue();
    }

    @Test
    void aLinkThatNobodyWantsAnyMoreWhenItIsOpenIsClosed() {
        TwoNodes nodes = new TwoNodes(limits());
        Subscriber subscriber = nodes.attach(false, FROM_THE_START);
        nodes.holdsAnswers = true;
        nodes.loseOne();
        nodes.edgeFlow().subscribers().detach(subscriber);
        assertThat(nodes.edgeFlows).isEmpty();
        assertThat(nodes.feeds.all().isEmpty()).isFalse();

        nodes.release();

        assertThat(nodes.feeds.all().isEmpty()).isTrue();
    }

    @Test
    void whoLeftWhileALinkWasOpenedAnewIsToldOfThen() {
        TwoNodes nodes = new TwoNodes(limits());
        nodes.attach(false, FROM_THE_START);
        Subscriber lossless = nodes.attach(true, FROM_THE_START);
        nodes.holdsAnswers = true;
        nodes.loseOne();
        nodes.edgeFlow().subscribers().detach(lossless);
        assertThat(nodes.owner.flow.isLossless()).isTrue();

        nodes.release();

        assertThat(nodes.owner.flow.isLossless()).isFalse();
        assertThat(nodes.owner.flow.total()).isEqualTo(1);
    }

    @Test
    void aStateThatGotLostWithTheLinkIsAskedForAgain() {
        TwoNodes nodes = new TwoNodes(limits());
        Subscriber subscriber = nodes.attach(false, OptionalLong.empty());
        nodes.owner.outlet.snapshotsWanted.clear();

        nodes.loseOne();
        nodes.settle();

        assertThat(nodes.edgeOutlet.counted(subscriber.id()))
                .first()
                .matches(each -> each.kind() == Delivery.Kind.SNAPSHOT);
        nodes.assertContinuous(subscriber);
    }

    @Test
    void whoWaitsForAStateWhenTheSessionIsForgottenIsTold() {
        TwoNodes nodes = new TwoNodes(limits());
        Subscriber subscriber = nodes.attach(false, OptionalLong.empty());
        nodes.owner.outlet.snapshotsWanted.clear();
        nodes.owner.flow.exited(0, Optional.empty());
        nodes.owner.flow.removed();

        nodes.carryAll();

        assertThat(nodes.edgeOutlet.notices(subscriber.id(), Delivery.Kind.DISCONNECTED))
                .singleElement()
                .matches(body -> body.getString("reason").equals("removed"));
        assertThat(nodes.edgeFlows).isEmpty();
    }

    @Test
    void whoNeverSkipsLosesItsPlaceOnlyWhereItHasOne() {
        FlowFixture edge = new FlowFixture();
        Subscriber further = edge.attachLossless();
        edge.write(10);
        edge.flow.subscribers().ackThrough(further, 1);
        Subscriber fresh = edge.attach(true, OptionalLong.of(10));

        edge.flow.restartAt(1000);

        assertThat(edge.outlet.notices(further.id(), Delivery.Kind.DISCONNECTED))
                .singleElement()
                .matches(body -> body.getString("reason").equals("stalled"));
        assertThat(fresh.isGone()).isFalse();
        assertThat(edge.outlet.snapshotsWanted).hasSize(1);
    }

    @Test
    void anAnswerThatIsLateBehindMuchOutputIsNoLoss() {
        TwoNodes nodes = new TwoNodes(limits());
        nodes.attach(false, FROM_THE_START);
        nodes.carryAll();
        nodes.holdsAnswers = true;
        Duration check = LinkMessage.CHECK_EVERY;

        nodes.edgeOutlet.pass(check);
        nodes.owner.write(10);
        nodes.carryAll();
        nodes.timeOut();
        assertThat(nodes.link().state()).isEqualTo(EdgeLink.State.OPEN);

        nodes.edgeOutlet.pass(check);
        nodes.timeOut();
        assertThat(nodes.link().state()).isEqualTo(EdgeLink.State.LOST);
    }

    @Test
    void aLinkOnWhichSomethingComesIsOpenHoweverLateTheAnswerIs() {
        TwoNodes nodes = new TwoNodes(limits());
        Subscriber subscriber = nodes.attach(false, FROM_THE_START);
        nodes.holdsAnswers = true;
        nodes.loseOne();
        assertThat(nodes.link().state()).isEqualTo(EdgeLink.State.LOST);

        nodes.timeOut();
        assertThat(nodes.link().state()).isEqualTo(EdgeLink.State.OPEN);

        nodes.holdsAnswers = false;
        nodes.owner.write(100);
        nodes.settle();
        assertThat(nodes.edgeOutlet.bytes(subscriber.id())).isEqualTo(FlowFixture.pattern(0, 102));
    }

    @Test
    void theLastSubscriberTakesTheLinkWithIt() {
        TwoNodes nodes = new TwoNodes(limits());
        Subscriber first = nodes.attach(false, FROM_THE_START);
        Subscriber second = nodes.attach(true, FROM_THE_START);
        assertThat(nodes.owner.flow.isLossless()).isTrue();

        nodes.edgeFlow().subscribers().detach(second);
        assertThat(nodes.owner.flow.isLossless()).isFalse();
        assertThat(nodes.owner.flow.total()).isEqualTo(1);
        nodes.edgeFlow().subscribers().detach(first);

        assertThat(nodes.feeds.all().isEmpty()).isTrue();
        assertThat(nodes.edgeFlows).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void whateverIsLostLateOrSlowNobodyGetsAByteTwiceOrMissesOne(long seed) {
        Random random = new Random(seed);
        TwoNodes nodes =
                new TwoNodes(limits().bytes(4000, 8000, 20_000).backlog(30_000).maxDelivery(4096));
        List<Subscriber> all = new ArrayList<>();
        all.add(nodes.attach(false, FROM_THE_START));
        for (int step = 0; step < 2000; step++) {
            switch (random.nextInt(12)) {
                case 0, 1, 2, 3 -> nodes.owner.write(1 + random.nextInt(3000));
                case 4, 5, 6, 7 -> nodes.carry();
                case 8 -> nodes.ackAll();
                case 9 -> nodes.pass(Duration.ofMillis(random.nextInt(300)));
                case 10 -> {
                    if (!nodes.owner.outlet.snapshotsWanted.isEmpty()) {
                        nodes.owner.answerSnapshot(10);
                    }
                }
                default -> seldom(nodes, random, all);
            }
        }

        nodes.settle();

        for (Subscriber each : all) {
            nodes.assertContinuous(each);
            assertThat(each.isGone() || each.offset() == nodes.owner.written())
                    .as(
                            "at %d, link at %d of %d, %s, needs a snapshot %s, waits for one %s, %d unacked",
                            each.offset(),
                            nodes.edgeFlow() == null ? -1 : nodes.edgeFlow().end(),
                            nodes.owner.written(),
                            nodes.edges.has(FlowFixture.SESSION) ? nodes.link().state() : "no link",
                            each.needsSnapshot(),
                            each.awaitsSnapshot(),
                            each.unacked().bytes())
                    .isTrue();
        }
    }

    private static void seldom(TwoNodes nodes, Random random, List<Subscriber> all) {
        int what = random.nextInt(20);
        if (what == 0) {
            nodes.loseAll();
        } else if (what == 1 && all.size() < 8) {
            boolean anywhere = random.nextBoolean();
            all.add(nodes.attach(
                    false,
                    anywhere
                            ? OptionalLong.of((long) (random.nextDouble() * nodes.owner.written()))
                            : OptionalLong.empty()));
        } else if (what == 2) {
            nodes.owner.flow.resized(80 + random.nextInt(9), 24);
        } else if (what == 3) {
            nodes.owner.flow.cleared();
        }
    }
}
