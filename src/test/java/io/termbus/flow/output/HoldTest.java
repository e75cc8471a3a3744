package io.termbus.flow.output;

import static org.assertj.core.api.Assertions.assertThat;

import io.termbus.flow.output.FlowFixture.Limits;
import io.termbus.protocol.Delivery;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.List;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** How long subscribers that never skip may hold the terminal back. */
@Timeout(60)
class HoldTest {
    private static final int OUTPUT = 16_384;
    /** Outputs that a session has on their way, see SessionVerticle. */
    private static final int WINDOW = 4;

    private static final Duration SECOND = Duration.ofSeconds(1);

    private FlowFixture f = new FlowFixture(limits());
    private int outputs;

    /** A backlog of four outputs, and acks are wanted for each. */
    private static Limits limits() {
        return new Limits().backlog(4 * OUTPUT).maxDelivery(OUTPUT).bytes(1, 2, OUTPUT);
    }

    /** The program writes as much as it may. */
    private int flood() {
        int before = outputs;
        for (int i = 0; i < 100 && outputs - f.outlet.taken < WINDOW; i++, outputs++) {
            f.write(OUTPUT);
        }
        return outputs - before;
    }

    /** So many seconds pass, the program writes whenever it may. */
    private void pass(int seconds) {
        for (int i = 0; i < seconds; i++) {
            flood();
            f.outlet.pass(SECOND);
        }
        flood();
    }

    private void ack(Subscriber subscriber) {
        f.flow.subscribers().ackOldest(subscriber, 1);
        f.outlet.passMillis(200);
    }

    /** Takes all that there is, and the program stands still; not where it skips already. */
    private void catchUp(Subscriber subscriber) {
        while (subscriber.isLossless()
                && (f.flow.subscribers().lag(subscriber) > 0
                        || subscriber.unacked().count() > 0)) {
            ack(subscriber);
        }
    }

    private List<JsonObject> told(Subscriber subscriber) {
        return f.outlet.notices(subscriber.id(), Delivery.Kind.LAG);
    }

    @Test
    void whoAcksNothingSkipsAfterTheTimeAndIsToldSo() {
        Subscriber slow = f.attachLossless();
        pass(29);
        assertThat(flood()).isZero();
        assertThat(told(slow)).isEmpty();

        f.outlet.pass(SECOND);

        assertThat(told(slow)).hasSize(1);
        assertThat(told(slow).get(0).getString("lag")).isEqualTo("skip");
        assertThat(told(slow).get(0).getString("previous")).isEqualTo("block");
        assertThat(told(slow).get(0).getLong("heldMs")).isBetween(29_900L, 30_100L);
        assertThat(flood()).isEqualTo(100);
        assertThat(FlowRequests.status(f.flow.subscribers(), slow).getString("lag"))
                .isEqualTo("skip");
    }

    @Test
    void whoFellGetsASnapshotForWhatItMissed() {
        Subscriber slow = f.attachLossless();
        pass(31);
        flood();

        f.flow.subscribers().ackThrough(slow, slow.unacked().lastSeq());
        f.outlet.passMillis(200);
        f.answerSnapshot(10);

        assertThat(f.outlet.counted(slow.id()))
                .last()
                .extracting(Delivery.Counted::kind)
                .isEqualTo(Delivery.Kind.SNAPSHOT);
    }

    @Test
    void ackingALittleAgainAndAgainDoesNotHelp() {
        Subscriber slow = f.attachLossless();
        for (int i = 0; i < 7 && told(slow).isEmpty(); i++) {
            pass(6);
            ack(slow);
        }
        assertThat(told(slow)).hasSize(1);
        assertThat(flood()).isEqualTo(100);
    }

    @Test
    void takingEverythingNowAndThenDoesNotHelpEither() {
        Subscriber slow = f.attachLossless();
        for (int i = 0; i < 5 && told(slow).isEmpty(); i++) {
            pass(20);
            catchUp(slow);
            f.outlet.pass(Duration.ofSeconds(10));
        }
        assertThat(told(slow)).hasSize(1);
    }

    @Test
    void whoHoldsNowAndThenForALittleMayForEver() {
        Subscriber slow = f.attachLossless();
        for (int i = 0; i < 100; i++) {
            pass(5);
            catchUp(slow);
            f.outlet.pass(Duration.ofSeconds(25));
        }
        assertThat(told(slow)).isEmpty();
    }

    @Test
    void attachingAnewDoesNotHelp() {
        Subscriber first = f.attachLossless("eve", false);
        pass(25);
        f.flow.subscribers().detach(first);
        flood();
        Subscriber second = f.attachLossless("eve", false);
        Subscriber honest = f.attachLossless("ann", false);
        for (int i = 0; i < 10; i++) {
            flood();
            catchUp(honest);
            f.outlet.pass(SECOND);
        }
        assertThat(told(second)).hasSize(1);
        assertThat(told(honest)).isEmpty();
        assertThat(FlowRequests.status(f.flow.subscribers(), honest).getString("lag"))
                .isEqualTo("block");
    }

    @Test
    void subscribersOfOneUserShareItsTime() {
        Subscriber one = f.attachLossless("eve", false);
        Subscriber other = f.attachLossless("eve", false);
        for (int i = 0; i < 5 && told(one).isEmpty() && told(other).isEmpty(); i++) {
            pass(8);
            catchUp(one);
            pass(8);
            catchUp(other);
        }
        assertThat(told(one).size() + told(other).size()).isPositive();
    }

    @Test
    void whoMayHoldForEverDoesAndNeverStalls() {
        Subscriber run = f.attachLossless("admin", true);
        pass(3600);
        assertThat(flood()).isZero();
        assertThat(told(run)).isEmpty();
        assertThat(f.flow.subscribers().find(run.id())).isPresent();
        catchUp(run);
        assertThat(f.outlet.bytes(run.id())).isEqualTo(FlowFixture.pattern(0, (int) f.written()));
    }

    @Test
    void withoutALimitTheTimeDoesNotMatter() {
        f = new FlowFixture(limits().hold(Duration.ZERO).stall(Duration.ZERO));
        Subscriber slow = f.attachLossless();
        pass(3600);
        assertThat(flood()).isZero();
        assertThat(told(slow)).isEmpty();
    }

    @Test
    void oneOnAnotherNodeHoldsForNoLongerAndItsOwnerIsToldSo() {
        TwoNodes nodes = new TwoNodes(limits());
        Subscriber far = nodes.attach(true, OptionalLong.of(0));
        assertThat(nodes.owner.flow.isLossless()).isTrue();
        for (int i = 0; i < 35; i++) {
            for (int each = 0; each < 4; each++) {
                nodes.owner.write(OUTPUT);
                nodes.carryAll();
            }
            nodes.edgeOutlet.pass(SECOND);
            nodes.owner.outlet.pass(SECOND);
        }
        nodes.carryAll();

        assertThat(nodes.edgeOutlet.notices(far.id(), Delivery.Kind.LAG)).hasSize(1);
        assertThat(nodes.owner.flow.isLossless()).isFalse();
    }

    @Test
    void nothingIsLeftOfThoseWhoHaveGone() {
        Subscriber slow = f.attachLossless();
        pass(10);
        f.flow.subscribers().detach(slow);
        pass(60);
        assertThat(f.outlet.timers()).isZero();
    }
}
