package io.termbus.flow.output;

import static org.assertj.core.api.Assertions.assertThat;

import io.termbus.flow.output.SimulatedLink.Acks;
import io.termbus.flow.output.SimulatedLink.Wire;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Several sessions that one connection watches over one link; in virtual time, rates as in {@link DeliveryWindowTest}. */
@Timeout(60)
class SharedLinkTest {
    private static final String CONNECTION = "the-connection";
    /** Bytes a millisecond. */
    private static final int FLOOD = 2000;

    private final List<FlowFixture> sessions = new ArrayList<>();
    private final List<SimulatedLink> links = new ArrayList<>();
    private Optional<Wire> wire = Optional.empty();
    private long longestMillis;

    private FlowFixture session(SharedLinks loop) {
        FlowFixture f = new FlowFixture(new FlowFixture.Limits(), loop, Optional.of(CONNECTION));
        sessions.add(f);
        return f;
    }

    private void watch(FlowFixture f, Subscriber subscriber, double rate, Acks acks) {
        Wire shared = wire.orElseGet(() -> new Wire(f.outlet, rate, 40));
        wire = Optional.of(shared);
        links.add(new SimulatedLink(f, subscriber, shared, acks));
    }

    /** The last {@code busy} sessions write so much in each millisecond. */
    private void flood(int millis, int busy, int bytes) {
        for (int i = 0; i < millis; i++) {
            sessions.subList(sessions.size() - busy, sessions.size()).forEach(each -> each.write(bytes));
            for (int part = 0; part < 4; part++) {
                links.forEach(SimulatedLink::passPart);
            }
            longestMillis = Math.max(longestMillis, wire.orElseThrow().lineMillis());
        }
    }

    /** Interrupts the first session, which then prints its prompt; milliseconds until the client has got that. */
    private long prompt(int busy, int bytes) {
        FlowFixture f = sessions.get(0);
        f.flow.interrupted(CONNECTION);
        flood(20, busy, bytes);
        f.write(10);
        long took = 20;
        while (links.get(0).consumedTo() < f.written() && took < 40_000) {
            flood(1, busy, bytes);
            took++;
        }
        return took;
    }

    private void watchAll(int n, double rate, Acks acks, Supplier<SharedLinks> loops) {
        for (int i = 0; i < n; i++) {
            FlowFixture f = session(loops.get());
            watch(f, f.attachFar(), rate, acks);
            links.get(i).scrollbackBytes = 800_000;
        }
    }

    /** The subscribers register in pairs, a round trip apart. */
    private void listen(int busy, int bytes) {
        for (int i = 0; i < sessions.size(); i++) {
            if (i % 2 == 0) {
                flood(40, busy, bytes);
            }
            sessions.get(i).flow.subscribers().listening(links.get(i).subscriber);
        }
    }

    private static Supplier<SharedLinks> oneLoop() {
        SharedLinks loop = new SharedLinks();
        return () -> loop;
    }

    /** Each on a loop of its own. */
    private void spread() {
        sessions.forEach(each -> each.links().elsewhere(CONNECTION, sessions.size() - 1));
    }

    @ParameterizedTest
    @CsvSource({
        "2, 50, EACH, 1000",
        "4, 50, EACH, 1000",
        "8, 50, EACH, 1500",
        "8, 50, BATCHED, 1500",
        "8, 50, TIMED, 1500",
        "8, 500, BATCHED, 1000"
    })
    void theLineOfSessionsThatBeginToFloodIsShort(int n, double rate, Acks acks, long limitMillis) {
        watchAll(n, rate, acks, oneLoop());
        sessions.forEach(each -> each.write(8));
        listen(0, 0);
        flood(2000, 0, 0);

        for (int busy = 1; busy < n; busy++) {
            flood(500, busy, FLOOD);
        }
        flood(30_000, n, FLOOD);

        assertThat(longestMillis).isLessThan(limitMillis);
        assertThat(prompt(n - 1, FLOOD)).isLessThan(2 * limitMillis);
        assertThat(links.stream().mapToDouble(each -> each.rate(2000)).sum()).isGreaterThan(rate / 3);
    }

    @ParameterizedTest
    @CsvSource({"2, 50, EACH", "4, 50, EACH", "4, 50, BATCHED", "8, 50, EACH", "8, 50, BATCHED", "8, 50, TIMED"})
    void theLineOfThoseWhoComeWhileSessionsFloodGetsShort(int n, double rate, Acks acks) {
        watchAll(n, rate, acks, oneLoop());
        flood(1000, n, FLOOD);
        listen(n, FLOOD);
        flood(8000, n, FLOOD);
        assertThat(longestMillis).isLessThan(2000);

        longestMillis = 0;
        flood(30_000, n, FLOOD);

        assertThat(longestMillis).isLessThan(1500);
        assertThat(prompt(n - 1, FLOOD)).isLessThan(2500);
    }

    @ParameterizedTest
    @CsvSource({"4, EACH", "8, EACH", "8, BATCHED"})
    void onOtherLoopsItIsBoundedToo(int n, Acks acks) {
        watchAll(n, 50, acks, SharedLinks::new);
        spread();
        sessions.forEach(each -> each.write(8));
        listen(0, 0);
        flood(2000, 0, 0);

        flood(60_000, n, FLOOD);

        assertThat(longestMillis).isLessThan(3000);
        assertThat(prompt(n - 1, FLOOD)).isLessThan(3000);
    }

    @Test
    void aSlowLinkFindsItsWayBack() {
        watchAll(8, 10, Acks.EACH, oneLoop());
        flood(1000, 8, FLOOD);
        listen(8, FLOOD);
        flood(60_000, 8, FLOOD);

        assertThat(longestMillis).isLessThan(60_000);
        assertThat(wire.orElseThrow().lineMillis()).isLessThan(8000);
    }

    @Test
    void whoNeverAcksGetsToRedBesideWhoDoes() {
        SharedLinks loop = new SharedLinks();
        FlowFixture good = session(loop);
        watch(good, good.attach(), 1000, Acks.EACH);
        FlowFixture bad = session(loop);
        watch(bad, bad.attach(), 1000, Acks.NEVER);

        flood(8000, 2, FLOOD);

        assertThat(links.get(0).subscriber.zone()).isEqualTo(Zone.GREEN);
        assertThat(links.get(1).subscriber.zone()).isEqualTo(Zone.RED);
    }

    @Test
    void whoNeverAcksLeavesTheOthersOfItsConnectionMostOfTheLink() {
        SharedLinks loop = new SharedLinks();
        FlowFixture bad = session(loop);
        watch(bad, bad.attach(), 100, Acks.NEVER);
        FlowFixture good = session(loop);
        watch(good, good.attach(), 100, Acks.EACH);
        bad.write(100);

        flood(40_000, 1, FLOOD);

        assertThat(links.get(0).subscriber.unacked().count()).isPositive();
        assertThat(links.get(1).rate(20_000)).isGreaterThan(50);
    }

    @Test
    void severalWhoNeverAckGetToRed() {
        SharedLinks loop = new SharedLinks();
        for (int i = 0; i < 50; i++) {
            FlowFixture f = session(loop);
            watch(f, f.attach(), 100_000, Acks.NEVER);
        }

        flood(8000, 50, FLOOD);

        assertThat(links).allSatisfy(each -> assertThat(each.subscriber.zone()).isEqualTo(Zone.RED));
    }

    @Test
    void aLinkIsForgottenWithItsLastSubscriber() {
        SharedLinks loop = new SharedLinks();
        FlowFixture f = session(loop);
        Subscriber first = f.attach();
        Subscriber second = f.attach();
        SharedLink link = loop.of(CONNECTION);

        f.flow.subscribers().detach(first);
        assertThat(loop.of(CONNECTION)).isSameAs(link);

        f.flow.subscribers().detach(second);
        assertThat(loop.of(CONNECTION)).isNotSameAs(link);
    }

    @Test
    void whoLeavesTakesWhatIsInFlightAlong() {
        FlowFixture f = session(new SharedLinks());
        Subscriber first = f.attach();
        f.attach();
        SharedLink link = f.links().of(CONNECTION);
        f.write(1000);
        assertThat(link.bytes()).isEqualTo(2000);
        assertThat(link.others(true)).isEqualTo(1);

        f.flow.subscribers().detach(first);

        assertThat(link.bytes()).isEqualTo(1000);
        assertThat(link.others(true)).isZero();
    }
}
