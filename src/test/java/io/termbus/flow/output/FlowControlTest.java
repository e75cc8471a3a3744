package io.termbus.flow.output;

import static org.assertj.core.api.Assertions.assertThat;

import io.termbus.flow.output.FlowFixture.Limits;
import io.termbus.protocol.Delivery;
import io.termbus.protocol.FlowMessage;
import io.termbus.protocol.Payload;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class FlowControlTest {
    @Test
    void greenDeliversAtOnceAndSharesTheBytes() {
        FlowFixture f = new FlowFixture();
        Subscriber a = f.attach();
        Subscriber b = f.attach();

        f.write(100);

        assertThat(f.outlet.counted(a.id())).hasSize(1);
        assertThat(f.outlet.counted(a.id()).get(0).payload())
                .isSameAs(f.outlet.counted(b.id()).get(0).payload());
        assertThat(f.outlet.timers()).as("only the stall timers").isEqualTo(2);
    }

    @Test
    void the1025thUnackedDeliveryIsTheFirstInYellow() {
        FlowFixture f = new FlowFixture();
        Subscriber s = f.attach();

        f.writeTimes(1024, 1);
        assertThat(f.outlet.counted(s.id())).hasSize(1024);
        assertThat(s.zone()).isEqualTo(Zone.GREEN);
        assertThat(f.outlet.warnings).isEmpty();

        f.write(1);
        assertThat(s.zone()).isEqualTo(Zone.YELLOW);
        assertThat(f.outlet.counted(s.id())).as("waits for its slot").hasSize(1024);
        assertThat(f.outlet.notices(s.id(), Delivery.Kind.WARNING))
                .singleElement()
                .satisfies(warning -> {
                    assertThat(warning.getString("level")).isEqualTo("yellow");
                    assertThat(warning.getString("previous")).isEqualTo("green");
                    assertThat(warning.getInteger("queueSize")).isEqualTo(1024);
                    assertThat(warning.getInteger("queueBytes")).isEqualTo(1024);
                });
    }

    @Test
    void bytesAloneReachYellow() {
        FlowFixture f = new FlowFixture();
        Subscriber s = f.attach();

        f.writeTimes(2, 65_536);
        f.outlet.pass(Duration.ofSeconds(5));
        assertThat(f.outlet.bytes(s.id())).hasSize(131_072);
        assertThat(s.zone()).isEqualTo(Zone.GREEN);
        f.write(1);

        assertThat(s.zone()).isEqualTo(Zone.YELLOW);
    }

    @Test
    void throttledOutputIsCoalescedNotDropped() {
        FlowFixture f = new FlowFixture(new Limits().deliveries(2, 1000, 65_536));
        Subscriber s = f.attach();

        f.writeTimes(50, 10);
        assertThat(f.outlet.counted(s.id())).hasSize(2);
        f.outlet.passMillis(10);

        assertThat(f.outlet.counted(s.id())).hasSize(3);
        assertThat(f.outlet.counted(s.id()).get(2).payload().length()).isEqualTo(480);
        assertThat(f.outlet.bytes(s.id())).isEqualTo(FlowFixture.pattern(0, 500));
    }

    @Test
    void aTimerSendsWhatWaitsWithoutFurtherOutput() {
        FlowFixture f = new FlowFixture(new Limits().deliveries(1, 2, 100));
        Subscriber s = f.attach();

        f.writeTimes(2, 5);
        f.outlet.passMillis(9);
        assertThat(f.outlet.counted(s.id())).hasSize(1);
        f.outlet.passMillis(1);
        assertThat(f.outlet.counted(s.id())).hasSize(2);

        f.write(5);
        assertThat(s.zone()).isEqualTo(Zone.RED);
        f.outlet.passMillis(99);
        assertThat(f.outlet.counted(s.id())).hasSize(2);
        f.outlet.passMillis(1);
        assertThat(f.outlet.counted(s.id())).hasSize(3);
    }

    @Test
    void coalescedDeliveriesKeepTheirMaximumSize() {
        FlowFixture f = new FlowFixture(
                new Limits().deliveries(1, 1000, 65_536).maxDelivery(1024).bytes(100_000, 200_000, 300_000));
        Subscriber s = f.attach();

        f.writeTimes(10, 1000);
        f.outlet.passMillis(200);

        assertThat(f.outlet.counted(s.id()))
                .allSatisfy(each -> assertThat(each.payload().length()).isLessThanOrEqualTo(1024));
        assertThat(f.outlet.bytes(s.id())).isEqualTo(FlowFixture.pattern(0, 10_000));
    }

    @Test
    void anAckThatLeadsBackToGreenSendsAtOnceAndIsTold() {
        FlowFixture f = new FlowFixture(new Limits().deliveries(2, 1000, 65_536));
        Subscriber s = f.attach();
        f.writeTimes(3, 10);

        f.flow.subscribers().ackThrough(s, 2);

        assertThat(f.outlet.counted(s.id())).hasSize(3);
        assertThat(f.outlet.notices(s.id(), Delivery.Kind.WARNING))
                .extracting(each -> each.getString("level"))
                .containsExactly("yellow", "green");
        assertThat(f.outlet.warnings)
                .extracting(each -> each.getString("level"))
                .containsExactly("yellow", "green");
    }

    @Test
    void aSubscriberThatNeverAcksGoesGreenYellowRedWithOneWarningEach() {
        FlowFixture f = new FlowFixture();
        Subscriber s = f.attach();

        for (int i = 0; i < 1000; i++) {
            f.write(16_384);
            f.outlet.passMillis(10);
            if (!f.outlet.snapshotsWanted.isEmpty()) {
                f.answerSnapshot(100);
            }
        }

        assertThat(f.outlet.notices(s.id(), Delivery.Kind.WARNING))
                .extracting(each -> each.getString("level"))
                .containsExactly("yellow", "red");
        assertThat(f.outlet.warnings).hasSize(2);
    }

    @Test
    void atTheLimitOfUnackedBytesDeliveriesWaitForAcks() {
        FlowFixture f = new FlowFixture(
                new Limits().bytes(1_000, 2_000, 5_000).maxDelivery(1024).backlog(100_000));
        Subscriber s = f.attach();

        f.writeTimes(50, 1000);
        f.outlet.pass(Duration.ofSeconds(30));
        assertThat(s.unacked().bytes()).isEqualTo(5_000);
        int before = f.outlet.counted(s.id()).size();
        f.outlet.pass(Duration.ofSeconds(20));
        assertThat(f.outlet.counted(s.id())).hasSize(before);

        for (int i = 0; i < 100; i++) {
            f.flow.subscribers().ackOldest(s, 1000);
            f.outlet.passMillis(100);
        }
        assertThat(f.outlet.bytes(s.id())).isEqualTo(FlowFixture.pattern(0, 50_000));
    }

    @Test
    void enteringRedDisconnectsWhereThatIsAskedFor() {
        FlowFixture f = new FlowFixture(new Limits().deliveries(1, 2, 100).autoDisconnect());
        Subscriber s = f.attach();

        f.writeTimes(2, 1);
        f.outlet.passMillis(10);
        f.write(1);

        assertThat(f.outlet.notices(s.id(), Delivery.Kind.WARNING))
                .extracting(each -> each.getString("level"))
                .containsExactly("yellow", "red");
        assertDisconnected(f, s, "red_zone");
    }

    @Test
    void redThatIsFirstSeenAtAnAckDisconnectsToo() {
        FlowFixture f =
                new FlowFixture(new Limits().bytes(1_000, 2_000, 100_000).autoDisconnect());
        Subscriber s = f.attach();
        f.write(10);
        f.write(60_000);

        f.flow.subscribers().ackThrough(s, 1);

        assertDisconnected(f, s, "red_zone");
    }

    @Test
    void tooManyUnackedDeliveriesDisconnectAndTheLastCountIsUndone() {
        FlowFixture f = new FlowFixture(new Limits().deliveries(1, 2, 3));
        Subscriber s = f.attach();

        for (int i = 0; i < 20; i++) {
            f.write(1);
            f.outlet.passMillis(100);
        }

        assertDisconnected(f, s, "queue_overflow");
        assertThat(f.outlet.counted(s.id())).hasSize(3);
        assertThat(s.unacked().count()).isEqualTo(3);
    }

    @Test
    void noAckForTheStallTimeDisconnects() {
        FlowFixture f = new FlowFixture(new Limits().stall(Duration.ofSeconds(5)));
        Subscriber s = f.attach();
        f.write(1);
        f.outlet.pass(Duration.ofSeconds(4));
        f.write(1);
        f.flow.subscribers().ackThrough(s, 1);

        f.outlet.pass(Duration.ofMillis(4999));
        assertThat(s.isGone()).isFalse();
        f.outlet.passMillis(1);

        assertDisconnected(f, s, "stalled");
    }

    @Test
    void anIdleSubscriberThatAckedEverythingNeverStalls() {
        FlowFixture f = new FlowFixture(new Limits().stall(Duration.ofSeconds(5)));
        Subscriber s = f.attach();
        f.write(1);
        f.flow.subscribers().ackThrough(s, 1);

        f.outlet.pass(Duration.ofHours(1));
        assertThat(s.isGone()).isFalse();
        assertThat(f.outlet.timers()).isZero();

        f.write(1);
        f.outlet.pass(Duration.ofSeconds(4));
        assertThat(s.isGone()).as("the clock starts with the unacked delivery").isFalse();
    }

    @Test
    void aStallTimeOfZeroTurnsItOff() {
        FlowFixture f = new FlowFixture(new Limits().stall(Duration.ZERO));
        Subscriber s = f.attach();
        f.write(1);

        f.outlet.pass(Duration.ofDays(1));

        assertThat(s.isGone()).isFalse();
    }

    @Test
    void flutteringIsToldAtMostTenTimesASecondAndTheLastStateAlways() {
        FlowFixture f = new FlowFixture(new Limits().deliveries(1, 1000, 65_536));
        Subscriber s = f.attach();

        for (int i = 0; i < 500; i++) {
            f.write(1);
            f.write(1);
            f.flow.subscribers().ackOldest(s, 10);
            f.outlet.passMillis(1);
        }
        assertThat(f.outlet.notices(s.id(), Delivery.Kind.WARNING)).hasSize(10);

        f.flow.subscribers().ackOldest(s, 10);
        f.outlet.pass(Duration.ofSeconds(3));
        List<JsonObject> told = f.outlet.notices(s.id(), Delivery.Kind.WARNING);
        assertThat(told.get(told.size() - 1).getString("level"))
                .isEqualTo(s.zone().toString());
    }

    @Test
    void theFirstDeliveryIsASnapshotAndOutputGoesOnFromIt() {
        FlowFixture f = new FlowFixture();
        f.write(100);
        Subscriber s = f.attach(false, OptionalLong.empty());
        f.answerSnapshot(7);
        f.write(50);

        assertThat(f.outlet.counted(s.id()))
                .extracting(Delivery.Counted::kind, Delivery.Counted::seq, Delivery.Counted::offset)
                .containsExactly(
                        org.assertj.core.groups.Tuple.tuple(Delivery.Kind.SNAPSHOT, 1L, 100L),
                        org.assertj.core.groups.Tuple.tuple(Delivery.Kind.OUTPUT, 2L, 150L));
        assertThat(f.outlet.bytes(s.id())).isEqualTo(FlowFixture.pattern(100, 50));
    }

    @Test
    void outputThatComesWhileASnapshotIsTakenIsNeitherLostNorDoubled() {
        FlowFixture f = new FlowFixture();
        f.write(10);
        Subscriber s = f.attach(false, OptionalLong.empty());
        FakeOutlet.Wanted wanted = f.outlet.snapshotsWanted.remove();
        f.write(20);
        wanted.answer()
                .complete(new io.termbus.protocol.SessionMessage.Snapshot(
                        10, 80, 24, io.termbus.protocol.Payload.ofText("state"), true));

        assertThat(f.outlet.bytes(s.id())).isEqualTo(FlowFixture.pattern(10, 20));
    }

    @Test
    void resumeGoesOnFromExactlyThere() {
        FlowFixture f = new FlowFixture();
        f.write(1000);
        Subscriber s = f.attach(false, OptionalLong.of(400));

        assertThat(f.outlet.bytes(s.id())).isEqualTo(FlowFixture.pattern(400, 600));
        assertThat(f.outlet.snapshotsWanted).isEmpty();
    }

    @Test
    void resumeFromBeforeTheBacklogGetsASnapshot() {
        FlowFixture f = new FlowFixture(new Limits().backlog(1000));
        f.writeTimes(3, 1000);
        Subscriber s = f.attach(false, OptionalLong.of(400));
        f.answerSnapshot(5);

        assertThat(f.outlet.counted(s.id())).singleElement().satisfies(first -> {
            assertThat(first.kind()).isEqualTo(Delivery.Kind.SNAPSHOT);
            assertThat(first.offset()).isEqualTo(3000);
        });
    }

    @Test
    void resumeFromWhatWasNeverWrittenGetsASnapshot() {
        FlowFixture f = new FlowFixture();
        f.write(100);
        Subscriber s = f.attach(false, OptionalLong.of(101));
        f.answerSnapshot(5);

        assertThat(f.outlet.counted(s.id()))
                .singleElement()
                .satisfies(first -> assertThat(first.offset()).isEqualTo(100));
    }

    @Test
    void whoFallsOutOfTheBacklogGetsASnapshotAtTheNextSlot() {
        FlowFixture f = new FlowFixture(
                new Limits().deliveries(1, 1000, 65_536).backlog(1000).maxDelivery(1024));
        Subscriber s = f.attach();
        f.write(100);
        f.writeTimes(5, 1000);
        assertThat(f.outlet.snapshotsWanted).isEmpty();
        f.outlet.passMillis(10);
        FakeOutlet.Wanted wanted = f.answerSnapshot(9);

        assertThat(wanted.scrollbackLines())
                .as("only the screen while the flood lasts")
                .isZero();
        assertThat(s.skippedBytes()).isEqualTo(5000);
        f.write(10);
        f.outlet.passMillis(10);
        Delivery.Counted last =
                f.outlet.counted(s.id()).get(f.outlet.counted(s.id()).size() - 1);
        assertThat(last.kind()).isEqualTo(Delivery.Kind.OUTPUT);
        assertThat(last.payload().bytes()).isEqualTo(FlowFixture.pattern(5100, 10));
    }

    @Test
    void theScrollbackFollowsWhenTheFloodIsOver() {
        FlowFixture f = new FlowFixture(new Limits().deliveries(1, 1000, 65_536).backlog(1000));
        f.attach();
        f.writeTimes(5, 1000);
        f.outlet.passMillis(10);
        f.answerSnapshot(9);
        f.outlet.passMillis(249 - 10);
        assertThat(f.outlet.snapshotsWanted).isEmpty();

        f.outlet.passMillis(20);

        assertThat(f.answerSnapshot(9).scrollbackLines()).isEqualTo(1000);
    }

    @Test
    void subscribersThatWaitForASnapshotShareIt() {
        FlowFixture f = new FlowFixture();
        f.write(10);
        Subscriber a = f.attach(false, OptionalLong.empty());
        Subscriber b = f.attach(false, OptionalLong.empty());

        assertThat(f.outlet.snapshotsWanted).hasSize(1);
        f.answerSnapshot(5);
        assertThat(f.outlet.counted(a.id()).get(0).payload())
                .isSameAs(f.outlet.counted(b.id()).get(0).payload());
    }

    @Test
    void anInterruptFlushesWhatWaitsToASnapshotAtOnce() {
        FlowFixture f = new FlowFixture(new Limits().deliveries(1, 2, 100));
        Subscriber s = f.attach();
        f.writeTimes(3, 1000);
        assertThat(f.outlet.counted(s.id())).hasSize(1);

        f.flow.interrupted("connection-" + s.id());
        f.answerSnapshot(5);

        assertThat(f.outlet.counted(s.id())).hasSize(2);
        assertThat(f.outlet.counted(s.id()).get(1).kind()).isEqualTo(Delivery.Kind.SNAPSHOT);
    }

    @Test
    void anInterruptOfSomebodyElseChangesNothing() {
        FlowFixture f = new FlowFixture(new Limits().deliveries(1, 2, 100));
        f.attach();
        f.writeTimes(3, 1000);

        f.flow.interrupted("connection-of-somebody-else");

        assertThat(f.outlet.snapshotsWanted).isEmpty();
    }

    @Test
    void aLosslessSubscriberThatLagsByTheBacklogHoldsThePtyBack() {
        FlowFixture f = new FlowFixture(
                new Limits().bytes(1_000, 2_000, 3_000).backlog(10_000).maxDelivery(1024));
        Subscriber s = f.attachLossless();
        Subscriber skipping = f.attach();

        int outputs = 0;
        while (f.outlet.taken == outputs) {
            f.write(1000);
            outputs++;
        }
        assertThat(f.flow.subscribers().lag(s)).isGreaterThanOrEqualTo(10_000);
        f.writeTimes(3, 1000);
        assertThat(f.outlet.taken).isEqualTo(outputs - 1);

        while (f.outlet.bytes(s.id()).length < f.written()) {
            f.flow.subscribers().ackOldest(s, 1000);
            f.outlet.passMillis(100);
        }
        assertThat(f.outlet.bytes(s.id())).isEqualTo(FlowFixture.pattern(0, (int) f.written()));
        assertThat(f.outlet.taken).isEqualTo(outputs + 3);
        assertThat(skipping.isGone()).isFalse();
    }

    @Test
    void thePtyIsReadAgainWhenTheOneWhoHeldItBackIsGone() {
        FlowFixture f = new FlowFixture(new Limits().bytes(1_000, 2_000, 3_000).backlog(10_000));
        Subscriber s = f.attachLossless();
        f.writeTimes(20, 1000);
        assertThat(f.outlet.taken).isLessThan(20);

        f.flow.subscribers().detach(s);

        assertThat(f.outlet.taken).isEqualTo(20);
    }

    @Test
    void withoutLosslessSubscribersEveryOutputIsTakenAtOnce() {
        FlowFixture f = new FlowFixture(new Limits().bytes(1_000, 2_000, 3_000).backlog(10_000));
        f.attach();
        f.writeTimes(100, 1000);

        assertThat(f.outlet.taken).isEqualTo(100);
    }

    @Test
    void theSizeIsToldAtItsPlaceInTheOutput() {
        FlowFixture f = new FlowFixture(new Limits().deliveries(1, 1000, 65_536));
        Subscriber s = f.attach();
        f.write(10);
        f.write(20);
        f.flow.resized(100, 40);
        f.write(30);
        f.outlet.passMillis(100);

        assertThat(f.outlet.to(s.id()))
                .filteredOn(each -> each.kind() != Delivery.Kind.WARNING)
                .extracting(Delivery::kind)
                .containsExactly(
                        Delivery.Kind.OUTPUT, Delivery.Kind.OUTPUT, Delivery.Kind.RESIZE, Delivery.Kind.OUTPUT);
        assertThat(f.outlet.counted(s.id()))
                .extracting(Delivery.Counted::offset)
                .containsExactly(10L, 30L, 60L);
    }

    @Test
    void theExitIsToldAfterTheLastByte() {
        FlowFixture f = new FlowFixture(new Limits().deliveries(1, 1000, 65_536));
        Subscriber s = f.attach();
        f.writeTimes(2, 10);
        f.flow.exited(137, Optional.of("SIGKILL"));
        assertThat(f.outlet.notices(s.id(), Delivery.Kind.EXIT)).isEmpty();

        f.outlet.passMillis(10);

        assertThat(f.outlet.bytes(s.id())).hasSize(20);
        assertThat(f.outlet.notices(s.id(), Delivery.Kind.EXIT))
                .containsExactly(new JsonObject().put("code", 137).put("signal", "SIGKILL"));
        Delivery last = f.outlet.to(s.id()).get(f.outlet.to(s.id()).size() - 1);
        assertThat(last.kind()).isEqualTo(Delivery.Kind.EXIT);
    }

    @Test
    void nothingIsDeliveredBeforeSomebodyListensNorAfter() {
        FlowFixture f = new FlowFixture();
        Subscriber s = f.attach();
        f.flow.subscribers().notListening(s, 0, false);
        f.write(10);
        assertThat(f.outlet.to(s.id())).isEmpty();

        f.flow.subscribers().listening(s);

        assertThat(f.outlet.bytes(s.id())).hasSize(10);
    }

    @Test
    void whatDidNotArriveBeforeTheListenerWentIsSentAgain() {
        FlowFixture f = new FlowFixture();
        Subscriber s = f.attachLossless();
        f.writeTimes(5, 10);

        f.flow.subscribers().notListening(s, 2, false);
        assertThat(s.unacked().count()).isEqualTo(2);
        f.write(10);
        f.flow.subscribers().listening(s);

        assertThat(f.outlet.counted(s.id()))
                .extracting(Delivery.Counted::seq, Delivery.Counted::offset)
                .endsWith(org.assertj.core.groups.Tuple.tuple(3L, 60L));
        assertThat(f.outlet.counted(s.id()).get(5).payload().bytes()).isEqualTo(FlowFixture.pattern(20, 40));
    }

    @Test
    void anExitThatDidNotArriveIsToldAgainAfterTheBytesBeforeIt() {
        FlowFixture f = new FlowFixture();
        Subscriber s = f.attach();
        f.writeTimes(3, 10);
        f.flow.exited(7, Optional.empty());

        f.flow.subscribers().notListening(s, 1, false);
        f.flow.subscribers().listening(s);

        assertThat(f.outlet.to(s.id()).subList(4, f.outlet.to(s.id()).size()))
                .extracting(Delivery::kind)
                .containsExactly(Delivery.Kind.OUTPUT, Delivery.Kind.EXIT);
        assertThat(f.outlet.notices(s.id(), Delivery.Kind.EXIT)).hasSize(2);
    }

    @Test
    void anExitAloneThatDidNotArriveIsToldAgainAndOneThatDidIsNot() {
        FlowFixture f = new FlowFixture();
        Subscriber s = f.attach();
        f.write(10);
        f.flow.exited(0, Optional.empty());

        f.flow.subscribers().notListening(s, 1, false);
        f.flow.subscribers().listening(s);
        assertThat(f.outlet.notices(s.id(), Delivery.Kind.EXIT)).hasSize(2);

        f.flow.subscribers().notListening(s, 1, true);
        f.flow.subscribers().listening(s);
        assertThat(f.outlet.notices(s.id(), Delivery.Kind.EXIT)).hasSize(2);
        assertThat(f.outlet.bytes(s.id())).hasSize(10);
    }

    @Test
    void aSizeThatDidNotArriveIsToldAgainAtItsPlace() {
        FlowFixture f = new FlowFixture();
        Subscriber s = f.attach();
        f.write(10);
        f.flow.resized(100, 30);
        f.write(10);

        f.flow.subscribers().notListening(s, 0, false);
        f.flow.subscribers().listening(s);

        assertThat(f.outlet.to(s.id()).subList(3, f.outlet.to(s.id()).size()))
                .extracting(Delivery::kind)
                .containsExactly(Delivery.Kind.OUTPUT, Delivery.Kind.RESIZE, Delivery.Kind.OUTPUT);
    }

    @Test
    void aSizeAloneThatDidNotArriveIsToldAgain() {
        FlowFixture f = new FlowFixture();
        Subscriber s = f.attach();
        f.write(10);
        f.flow.resized(100, 30);

        f.flow.subscribers().notListening(s, 1, false);
        f.flow.subscribers().listening(s);

        JsonObject size = new JsonObject().put("cols", 100).put("rows", 30);
        assertThat(f.outlet.notices(s.id(), Delivery.Kind.RESIZE)).containsExactly(size, size);
        assertThat(f.outlet.bytes(s.id())).hasSize(10);
    }

    @Test
    void whyASubscriberEndedIsKeptForItsNextRegistration() {
        FlowFixture f = new FlowFixture(new Limits().stall(Duration.ofSeconds(1)));
        Subscriber stalls = f.attach();
        f.write(10);
        f.flow.subscribers().notListening(stalls, 1, false);
        f.outlet.pass(Duration.ofSeconds(2));
        Subscriber owed = f.attach();
        f.flow.subscribers().notListening(owed, 0, false);
        f.write(10);
        f.flow.exited(0, Optional.empty());
        f.flow.removed();

        assertThat(f.outlet.to(stalls.id())).extracting(Delivery::kind).containsExactly(Delivery.Kind.OUTPUT);
        assertThat(f.outlet.ended)
                .containsEntry(stalls.id(), DisconnectReason.STALLED)
                .containsEntry(owed.id(), DisconnectReason.REMOVED);
        assertThat(f.flow.isFinished()).isTrue();
    }

    @Test
    void aSnapshotThatDidNotArriveIsTakenAnew() {
        FlowFixture f = new FlowFixture();
        f.write(10);
        Subscriber s = f.attach(false, OptionalLong.empty());
        f.answerSnapshot(5);
        f.write(10);

        f.flow.subscribers().notListening(s, 0, false);
        f.flow.subscribers().listening(s);
        f.answerSnapshot(5);

        Delivery.Counted again = f.outlet.counted(s.id()).get(2);
        assertThat(again.kind()).isEqualTo(Delivery.Kind.SNAPSHOT);
        assertThat(again.seq()).isEqualTo(1);
        assertThat(again.offset()).isEqualTo(20);
    }

    @Test
    void afterRemovalWhoStillLagsGetsTheRestAndThenLeaves() {
        FlowFixture f = new FlowFixture(new Limits().deliveries(1, 1000, 65_536));
        Subscriber s = f.attach();
        f.writeTimes(2, 10);
        f.flow.exited(0, Optional.empty());
        f.flow.removed();
        assertThat(f.flow.isFinished()).isFalse();

        f.outlet.passMillis(10);

        assertThat(f.outlet.bytes(s.id())).hasSize(20);
        assertThat(f.outlet.notices(s.id(), Delivery.Kind.EXIT)).hasSize(1);
        assertThat(f.flow.isFinished()).isTrue();
        assertThat(f.outlet.left).containsExactly(s.id());
    }

    @Test
    void clearingGivesWhoMaySkipTheNewState() {
        FlowFixture f = new FlowFixture();
        f.attach();
        f.write(10);
        f.flow.cleared();

        assertThat(f.outlet.snapshotsWanted).hasSize(1);
    }

    @Test
    void aSubscriberThatIsGoneLeavesNoTimer() {
        FlowFixture f = new FlowFixture(new Limits().deliveries(1, 2, 100));
        Subscriber s = f.attach();
        f.writeTimes(3, 10);
        assertThat(f.outlet.timers()).isPositive();

        f.flow.subscribers().detach(s);

        assertThat(f.outlet.timers()).isZero();
        f.write(1);
        assertThat(f.outlet.counted(s.id())).hasSize(1);
    }

    /** The law: whatever happens, a subscriber gets bytes that follow, or a snapshot that says where it is. */
    @Test
    void theStreamIsContiguousThroughAnyMixOfOutputAcksAndTime() {
        for (long seed = 0; seed < 200; seed++) {
            Random random = new Random(seed);
            FlowFixture f = new FlowFixture(new Limits()
                    .deliveries(3, 6, 1000)
                    .bytes(3_000, 6_000, 20_000)
                    .backlog(8_000)
                    .maxDelivery(2048)
                    .stall(Duration.ZERO));
            Subscriber skipping = f.attach();
            Subscriber lossless = f.attachLossless();
            for (int i = 0; i < 300; i++) {
                switch (random.nextInt(6)) {
                    case 0, 1 -> f.write(1 + random.nextInt(3000));
                    case 2 -> f.flow.subscribers().ackOldest(skipping, random.nextInt(4));
                    case 3 ->
                        f.flow.subscribers()
                                .ackThrough(lossless, lossless.unacked().lastSeq() - random.nextInt(3));
                    case 4 -> f.outlet.passMillis(random.nextInt(60));
                    default -> {
                        if (!f.outlet.snapshotsWanted.isEmpty()) {
                            f.answerSnapshot(1 + random.nextInt(3000));
                        }
                    }
                }
            }
            assertContiguous(f, skipping, seed);
            assertContiguous(f, lossless, seed);
            assertThat(f.outlet.counted(lossless.id()))
                    .as("seed %d", seed)
                    .noneMatch(each -> each.kind() == Delivery.Kind.SNAPSHOT);
        }
    }

    private static void assertContiguous(FlowFixture f, Subscriber subscriber, long seed) {
        long at = 0;
        long seq = 0;
        for (Delivery.Counted each : f.outlet.counted(subscriber.id())) {
            assertThat(each.seq()).as("seed %d", seed).isEqualTo(++seq);
            if (each.kind() == Delivery.Kind.OUTPUT) {
                int length = each.payload().length();
                assertThat(each.offset() - length).as("seed %d", seed).isEqualTo(at);
                assertThat(each.payload().bytes()).isEqualTo(FlowFixture.pattern(at, length));
            }
            at = each.offset();
        }
    }

    private static void assertDisconnected(FlowFixture f, Subscriber s, String reason) {
        assertThat(f.outlet.notices(s.id(), Delivery.Kind.DISCONNECTED))
                .containsExactly(new JsonObject().put("reason", reason));
        assertThat(f.outlet.warnings).anyMatch(each -> reason.equals(each.getString("reason")));
        assertThat(f.flow.subscribers().find(s.id())).isEmpty();
        assertThat(f.outlet.timers()).isZero();
    }

    @Test
    void lagIsTheAgeOfTheOldestByteThatIsNotAcked() {
        FlowFixture f = new FlowFixture();
        Subscriber s = f.attach();
        assertThat(f.flow.subscribers().lagMillis(s)).isZero();

        f.write(10);
        f.outlet.passMillis(500);
        f.write(10);
        f.outlet.passMillis(200);

        assertThat(f.flow.subscribers().lagMillis(s)).isEqualTo(700);
        f.flow.subscribers().ackThrough(s, 1);
        assertThat(f.flow.subscribers().lagMillis(s)).isEqualTo(200);
        f.flow.subscribers().ackThrough(s, 2);
        assertThat(f.flow.subscribers().lagMillis(s)).isZero();
    }

    @Test
    void lagCountsOutputThatWasNeverSent() {
        FlowFixture f = new FlowFixture(new Limits().deliveries(1, 2, 65_536).bytes(10, 20, 30));
        Subscriber s = f.attach();
        f.write(40);
        f.outlet.passMillis(300);
        f.write(40);
        f.outlet.passMillis(100);

        f.flow.subscribers().ackThrough(s, 1);

        assertThat(f.flow.subscribers().lagMillis(s))
                .as("the rest of the first output")
                .isEqualTo(400);
    }

    @Test
    void anAckedSnapshotEndsTheLagOfWhatItStandsFor() {
        FlowFixture f = new FlowFixture(
                new Limits().deliveries(1, 2, 65_536).bytes(10, 20, 30).backlog(50));
        Subscriber s = f.attach();
        f.write(30);
        f.outlet.passMillis(1000);
        f.writeTimes(10, 50);
        f.flow.subscribers().ackThrough(s, 1);
        f.outlet.passMillis(1000);
        f.answerSnapshot(20);
        assertThat(f.flow.subscribers().lagMillis(s)).isEqualTo(1000);

        f.flow.subscribers().ackThrough(s, 2);

        assertThat(f.flow.subscribers().lagMillis(s)).isZero();
        assertThat(s.skippedBytes()).isEqualTo(500);
    }

    @Test
    void aSnapshotThatDidNotArriveLeavesTheLagAsItWas() {
        FlowFixture f = new FlowFixture(
                new Limits().deliveries(1, 2, 65_536).bytes(10, 20, 30).backlog(50));
        Subscriber s = f.attach();
        f.write(30);
        f.outlet.passMillis(1000);
        f.writeTimes(10, 50);
        f.flow.subscribers().ackThrough(s, 1);
        f.outlet.passMillis(1000);
        f.answerSnapshot(20);

        f.flow.subscribers().notListening(s, 1, false);

        assertThat(f.flow.subscribers().lagMillis(s)).isEqualTo(1000);
        assertThat(s.skippedBytes()).isZero();
        f.flow.subscribers().listening(s);
        f.answerSnapshot(20);
        f.flow.subscribers().ackThrough(s, 2);
        assertThat(f.flow.subscribers().lagMillis(s)).isZero();
        assertThat(s.skippedBytes()).isEqualTo(500);
    }

    @Test
    void whatWasWrittenBeforeAttachingIsNoLag() {
        FlowFixture f = new FlowFixture();
        f.write(100);
        f.outlet.passMillis(1000);
        Subscriber s = f.attach(false, OptionalLong.empty());

        assertThat(f.flow.subscribers().lagMillis(s)).isZero();
        f.answerSnapshot(100);
        assertThat(f.flow.subscribers().lagMillis(s)).isZero();
    }

    @Test
    void aSlotIsTheIntervalForManyToo() {
        FlowFixture f = new FlowFixture(new Limits().deliveries(1, 2, 1000));
        List<Subscriber> all = IntStream.range(0, 20)
                .mapToObj(i -> {
                    f.outlet.passMillis(3);
                    return f.attach();
                })
                .toList();

        f.writeTimes(3, 1);
        for (int i = 0; i < 1000; i++) {
            f.outlet.passMillis(1);
            f.write(1);
        }

        assertThat(all).allSatisfy(each -> assertThat(each.unacked().count()).isBetween(10, 13));
    }

    @Test
    void whoNeedsTheScreenAtAboutTheSameTimeSharesIt() {
        FlowFixture f = new FlowFixture(new Limits().deliveries(1, 2, 1000).backlog(1000));
        List<Subscriber> all = IntStream.range(0, 20).mapToObj(i -> f.attach()).toList();
        f.write(1);
        all.forEach(each -> f.flow.subscribers().ackThrough(each, 1));
        f.write(1);
        f.writeTimes(5, 1000);
        int asked = 0;
        for (int i = 0; i < 200; i++) {
            f.outlet.passMillis(1);
            while (!f.outlet.snapshotsWanted.isEmpty()) {
                f.answerSnapshot(10);
                asked++;
            }
        }

        assertThat(asked).isBetween(1, 3);
        assertThat(all).allSatisfy(each -> assertThat(each.skippedBytes()).isPositive());
    }

    @Test
    void scrollbackThatWasLeftOutFollowsWhenTheLinkHasShownWhatItTakes() {
        FlowFixture f = new FlowFixture();
        f.write(10);
        Subscriber s = f.attach(false, OptionalLong.empty());
        FakeOutlet.Wanted first = f.answerSnapshot(16_000, false);
        assertThat(first.wantedBytes()).isEqualTo(65_536);
        assertThat(f.outlet.snapshotsWanted).isEmpty();
        f.outlet.passMillis(2);

        f.flow.subscribers().ackThrough(s, 1);

        assertThat(f.answerSnapshot(800_000, true).wantedBytes()).isGreaterThan(800_000);
        f.flow.subscribers().ackThrough(s, 2);
        assertThat(f.outlet.snapshotsWanted).isEmpty();
    }

    @Test
    void aSlowLinkKeepsTheScrollbackThatItTakesInAMoment() {
        FlowFixture f = new FlowFixture();
        f.write(10);
        Subscriber s = f.attach(false, OptionalLong.empty());
        f.answerSnapshot(16_000, false);
        f.outlet.passMillis(500);

        f.flow.subscribers().ackThrough(s, 1);
        f.outlet.pass(Duration.ofSeconds(5));

        assertThat(f.outlet.snapshotsWanted).isEmpty();
    }

    @Test
    void whatHoldsThePtyBackIsTheBacklogAndOneOutput() {
        FakeOutlet outlet = new FakeOutlet();
        SessionFlow flow = SessionFlow.ofOwner(
                FlowFixture.SESSION,
                new Limits().bytes(1_000, 2_000, 3_000).backlog(100_000).build(),
                outlet);
        flow.subscribers()
                .attach(
                        new Attachment(
                                "s",
                                FlowFixture.SESSION,
                                new Watcher("c", "u", "viewer", "127.0.0.1:1", "tcp"),
                                Instant.EPOCH,
                                false,
                                true,
                                false,
                                0,
                                OptionalLong.of(0),
                                false),
                        SharedLink.ofOne());
        Subscriber s = flow.subscribers().find("s").orElseThrow();
        flow.subscribers().listening(s);
        long written = 0;
        int outputs = 0;
        while (outputs < 1 + outlet.taken) {
            written += 65_536;
            outputs++;
            flow.output(new FlowMessage.Output(FlowFixture.SESSION, Payload.of(new byte[65_536]), written));
        }

        assertThat(flow.subscribers().lag(s)).isBetween(100_000L, 100_000L + 65_536);
    }

    @Test
    void aDeliverySaysWhenItsNewestByteCame() {
        FlowFixture f = new FlowFixture(new Limits().deliveries(1, 1000, 65_536));
        Subscriber s = f.attach();
        f.write(10);
        long first = f.outlet.epochMillis();
        f.outlet.passMillis(3);
        f.write(10);
        long second = f.outlet.epochMillis();
        f.outlet.passMillis(100);

        assertThat(f.outlet.counted(s.id())).extracting(Delivery.Counted::time).containsExactly(first, second);
    }

    @Test
    void oldOutputSaysHowOldItIs() {
        FlowFixture f = new FlowFixture(new Limits().maxDelivery(1024));
        f.write(1024);
        long first = f.outlet.epochMillis();
        f.outlet.passMillis(500);
        f.write(10);
        long second = f.outlet.epochMillis();
        f.outlet.passMillis(500);
        Subscriber late = f.attach(false, OptionalLong.of(0));

        assertThat(f.outlet.counted(late.id()))
                .extracting(Delivery.Counted::time)
                .containsExactly(first, second);
    }

    @Test
    void aSnapshotSaysWhenItWasAskedFor() {
        FlowFixture f = new FlowFixture();
        f.write(10);
        f.outlet.passMillis(5000);
        long asked = f.outlet.epochMillis();
        Subscriber s = f.attach(false, OptionalLong.empty());
        f.answerSnapshot(5);

        assertThat(f.outlet.counted(s.id())).extracting(Delivery.Counted::time).containsExactly(asked);
    }

    @Test
    void aListingTellsTheWorstOffFirstAndHowManyThereAre() {
        FlowFixture f = new FlowFixture(new Limits().deliveries(2, 4, 65_536));
        Subscriber fine = f.attach();
        Subscriber slow = f.attach();
        Subscriber stuck = f.attach();
        for (int i = 0; i < 8; i++) {
            f.write(1);
            f.flow.subscribers().ackThrough(fine, i + 1);
            f.outlet.passMillis(100);
            f.flow.subscribers().ackThrough(slow, i - 2);
        }
        for (int i = 0; i < Listing.MAX_LISTED; i++) {
            f.attach();
        }

        JsonObject answer = Listing.of(f.flow, "here");

        assertThat(answer.getLong("total")).isEqualTo(Listing.MAX_LISTED + 3);
        assertThat(answer.getJsonArray("subscribers")).hasSize(Listing.MAX_LISTED);
        assertThat(answer.getJsonArray("subscribers").getJsonObject(0).getString("subscriber"))
                .isEqualTo(stuck.id());
        assertThat(answer.getJsonArray("subscribers").getJsonObject(1).getString("subscriber"))
                .isEqualTo(slow.id());
        assertThat(answer.encode().length()).isLessThan(1 << 20);
        JsonObject merged = Listing.merged(List.of(answer, answer));
        assertThat(merged.getLong("total")).isEqualTo(2 * (Listing.MAX_LISTED + 3));
        assertThat(merged.getJsonArray("subscribers")).hasSize(Listing.MAX_LISTED);
    }
}
