package io.termbus.flow.output;

import static org.assertj.core.api.Assertions.assertThat;

import io.termbus.flow.output.FlowFixture.Limits;
import io.termbus.protocol.Delivery;
import java.util.Arrays;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Subscribers that asked for output first: whatever happens, that is what they get first. */
@Timeout(20)
class OutputFirstTest {
    private static final int BACKLOG = 4096;

    @Test
    void allOutputThatIsHeldComesAndTheExitBehindIt() {
        FlowFixture f = new FlowFixture();
        f.write(700);
        f.flow.exited(3, Optional.empty());

        Subscriber s = f.attachForOutput(OptionalLong.empty());
        f.flow.subscribers().listening(s);

        assertThat(f.outlet.bytes(s.id())).isEqualTo(FlowFixture.pattern(0, 700));
        assertThat(f.outlet.notices(s.id(), Delivery.Kind.EXIT)).hasSize(1);
        assertThat(f.outlet.snapshotsWanted).isEmpty();
    }

    @Test
    void whereTheBeginningIsGoneItBeginsWithTheOldestByteThatIsHeld() {
        FlowFixture f = new FlowFixture(new Limits().backlog(BACKLOG));
        f.writeTimes(10, 1000);

        Subscriber s = f.attachForOutput(OptionalLong.empty());
        f.flow.subscribers().listening(s);

        Delivery.Counted first = f.outlet.counted(s.id()).get(0);
        assertThat(first.kind()).isEqualTo(Delivery.Kind.OUTPUT);
        assertThat(first.offset() - first.payload().length()).isEqualTo(10_000 - BACKLOG);
    }

    @Test
    void whatIsLostBetweenAttachingAndListeningIsNoReasonForASnapshot() {
        FlowFixture f = new FlowFixture(new Limits().backlog(BACKLOG));
        Subscriber s = f.attachForOutput(OptionalLong.empty());
        f.writeTimes(10, 1000);
        f.flow.cleared();
        f.write(10);

        f.flow.subscribers().listening(s);

        assertThat(f.outlet.snapshotsWanted).isEmpty();
        assertThat(f.outlet.bytes(s.id())).isEqualTo(FlowFixture.pattern(10_000, 10));
    }

    @Test
    void itGoesOnFromAnOffsetThatIsHeldAndElseFromTheOldest() {
        FlowFixture f = new FlowFixture(new Limits().backlog(BACKLOG));
        f.writeTimes(10, 1000);

        Subscriber held = f.attachForOutput(OptionalLong.of(9_000));
        Subscriber lost = f.attachForOutput(OptionalLong.of(1));
        Subscriber beyond = f.attachForOutput(OptionalLong.of(10_001));
        for (Subscriber each : Arrays.asList(held, lost, beyond)) {
            f.flow.subscribers().listening(each);
        }

        assertThat(f.outlet.bytes(held.id())).hasSize(1000);
        assertThat(f.outlet.bytes(lost.id())).hasSize(BACKLOG);
        assertThat(f.outlet.bytes(beyond.id())).hasSize(BACKLOG);
        assertThat(f.outlet.snapshotsWanted).isEmpty();
    }

    /** The promise is about the first delivery; who then lags is helped as anybody is. */
    @Test
    void whoFallsBehindLaterGetsASnapshot() {
        FlowFixture f = new FlowFixture(new Limits().backlog(BACKLOG).bytes(500, 1000, 2000));
        f.write(100);
        Subscriber s = f.attachForOutput(OptionalLong.empty());
        f.flow.subscribers().listening(s);
        f.writeTimes(20, 1000);

        f.flow.subscribers().ackThrough(s, s.unacked().lastSeq());
        f.outlet.passMillis(1000);

        assertThat(f.outlet.snapshotsWanted).hasSize(1);
    }
}
