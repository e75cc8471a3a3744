package io.termbus.flow.output;

import static org.assertj.core.api.Assertions.assertThat;

import io.termbus.flow.output.FlowFixture.Limits;
import io.termbus.protocol.Delivery;
import io.termbus.protocol.Delivery.Kind;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What subscribers are told of commands, and of who drives. */
@Timeout(60)
class BulletinsTest {
    private final FlowFixture f = new FlowFixture();
    private int told;

    private static JsonObject body(int number) {
        return new JsonObject().put("number", number);
    }

    private void tell(FlowFixture where, Kind kind) {
        where.flow.told(kind, where.written(), body(++told));
    }

    private static List<Integer> numbers(FakeOutlet outlet, Subscriber subscriber, Kind kind) {
        return outlet.notices(subscriber.id(), kind).stream()
                .map(body -> body.getInteger("number"))
                .toList();
    }

    private List<Integer> commands(Subscriber subscriber) {
        return numbers(f.outlet, subscriber, Kind.COMMAND);
    }

    private List<Integer> leases(Subscriber subscriber) {
        return numbers(f.outlet, subscriber, Kind.LEASE);
    }

    private static List<Kind> kinds(FakeOutlet outlet, Subscriber subscriber) {
        return outlet.to(subscriber.id()).stream().map(Delivery::kind).toList();
    }

    /** Until nothing waits for it, nor is unacked. */
    private static void catchUp(FlowFixture f, Subscriber subscriber) {
        while (f.flow.subscribers().lag(subscriber) > 0 || subscriber.unacked().count() > 0) {
            f.flow.subscribers().ackOldest(subscriber, 1);
            f.outlet.passMillis(200);
        }
    }

    @Test
    void theyComeBehindTheOutputThatTheyAreAbout() {
        FlowFixture slow = new FlowFixture(new Limits().bytes(100, 200, 10));
        Subscriber subscriber = slow.attachLossless();
        slow.write(10);
        slow.write(10);
        tell(slow, Kind.LEASE);
        tell(slow, Kind.COMMAND);
        assertThat(kinds(slow.outlet, subscriber)).containsExactly(Kind.OUTPUT);

        slow.flow.subscribers().ackOldest(subscriber, 1);

        assertThat(kinds(slow.outlet, subscriber)).containsExactly(Kind.OUTPUT, Kind.OUTPUT, Kind.LEASE, Kind.COMMAND);
    }

    @Test
    void whoAttachesHearsOfWhatComesThen() {
        tell(f, Kind.COMMAND);
        tell(f, Kind.LEASE);
        Subscriber late = f.attach();
        assertThat(kinds(f.outlet, late)).isEmpty();

        tell(f, Kind.LEASE);
        tell(f, Kind.COMMAND);

        assertThat(leases(late)).containsExactly(3);
        assertThat(commands(late)).containsExactly(4);
    }

    @Test
    void whoGetsASnapshotHearsBehindIt() {
        Subscriber subscriber = f.attach(false, OptionalLong.empty());
        f.write(10);
        tell(f, Kind.COMMAND);
        assertThat(kinds(f.outlet, subscriber)).isEmpty();

        f.answerSnapshot(10);
        f.outlet.passMillis(200);

        assertThat(kinds(f.outlet, subscriber)).containsExactly(Kind.SNAPSHOT, Kind.COMMAND);
    }

    @Test
    void whoLagsHearsOfTheNewestCommandsAndOfTheNewestOneWhoDrives() {
        FlowFixture slow = new FlowFixture(new Limits().bytes(100, 200, 10));
        Subscriber subscriber = slow.attachLossless();
        slow.write(20);
        for (int i = 0; i < 1000; i++) {
            tell(slow, Kind.COMMAND);
            tell(slow, Kind.LEASE);
        }

        catchUp(slow, subscriber);

        assertThat(numbers(slow.outlet, subscriber, Kind.LEASE)).containsExactly(2000);
        assertThat(numbers(slow.outlet, subscriber, Kind.COMMAND))
                .containsExactlyElementsOf(IntStream.range(1000 - Bulletins.MAX_COMMANDS, 1000)
                        .map(i -> 2 * i + 1)
                        .boxed()
                        .toList());
    }

    @Test
    void whoAcksNothingHearsOfSoMany() {
        Subscriber subscriber = f.attach();
        for (int i = 0; i < 1000; i++) {
            f.write(1);
            tell(f, Kind.COMMAND);
        }
        assertThat(commands(subscriber)).hasSize(Bulletins.MAX_UNACKED);

        catchUp(f, subscriber);

        assertThat(commands(subscriber))
                .hasSize(Bulletins.MAX_UNACKED + Bulletins.MAX_COMMANDS)
                .last()
                .isEqualTo(1000);
    }

    @Test
    void whoAckedAllHearsOfAll() {
        Subscriber subscriber = f.attach();
        for (int i = 0; i < 1000; i++) {
            tell(f, Kind.LEASE);
        }
        assertThat(leases(subscriber)).hasSize(1000);
    }

    @Test
    void whoRegistersAgainHearsWhoDrives() {
        Subscriber subscriber = f.attach();
        tell(f, Kind.LEASE);

        f.flow.subscribers().notListening(subscriber, 0, false);
        tell(f, Kind.COMMAND);
        f.flow.subscribers().listening(subscriber);

        assertThat(leases(subscriber)).containsExactly(1, 1);
        assertThat(commands(subscriber)).containsExactly(2);
    }

    @Test
    void nothingComesBehindTheExit() {
        Subscriber subscriber = f.attach();
        tell(f, Kind.COMMAND);
        f.flow.exited(0, Optional.empty());
        tell(f, Kind.COMMAND);
        tell(f, Kind.LEASE);

        assertThat(kinds(f.outlet, subscriber)).containsExactly(Kind.COMMAND, Kind.EXIT);
    }

    @Test
    void otherNodesHearInOrderAndOfWhoDrivesAlsoWhereTheyComeLate() {
        TwoNodes nodes = new TwoNodes(new Limits());
        nodes.owner.write(10);
        tell(nodes.owner, Kind.COMMAND);
        tell(nodes.owner, Kind.LEASE);
        Subscriber far = nodes.attach(false, OptionalLong.of(0));
        nodes.settle();
        nodes.owner.write(10);
        tell(nodes.owner, Kind.COMMAND);
        nodes.settle();

        assertThat(kinds(nodes.edgeOutlet, far)).containsExactly(Kind.OUTPUT, Kind.LEASE, Kind.OUTPUT, Kind.COMMAND);
        assertThat(numbers(nodes.edgeOutlet, far, Kind.COMMAND)).containsExactly(3);
    }
}
