package io.termbus.flow.output;

import static org.assertj.core.api.Assertions.assertThat;

import io.termbus.metrics.Labels;
import io.termbus.metrics.Meter;
import io.termbus.metrics.Meters;
import io.termbus.protocol.Delivery;
import java.time.Duration;
import java.util.List;
import java.util.OptionalLong;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What flow control counts of what it does. */
@Timeout(20)
class FlowMetersTest {
    private final Meters meters = Meters.on();
    private final FlowFixture fixture =
            new FlowFixture(new FlowFixture.Limits().deliveries(2, 4, 6).backlog(4096), new FlowMeters(meters));

    private Meter meter(String name) {
        return meters.all().stream()
                .filter(each -> each.name().equals("termbus_" + name))
                .findFirst()
                .orElseThrow();
    }

    private long count(String name, Object... labels) {
        List<String> wanted = List.of(labels).stream().map(Object::toString).toList();
        Labels all = meter(name).labels();
        assertThat(all.series()).contains(wanted);
        return meter(name).count(all.series().indexOf(wanted));
    }

    private long times(String name) {
        return LongStream.of(meter(name).buckets(0)).sum();
    }

    @Test
    void deliveriesAreCountedByKindAndWithTheirBytes() {
        FlowMeters flow = new FlowMeters(meters);
        Subscriber subscriber = fixture.attach();
        fixture.write(100);
        fixture.flow.resized(90, 30);
        fixture.outlet.to(subscriber.id()).forEach(flow::delivered);

        assertThat(count("deliveries", Delivery.Kind.OUTPUT)).isEqualTo(1);
        assertThat(count("deliveries", Delivery.Kind.RESIZE)).isEqualTo(1);
        assertThat(count("deliveries", Delivery.Kind.SNAPSHOT)).isZero();
        assertThat(count("delivered_bytes")).isEqualTo(100);
    }

    @Test
    void aFirstSnapshotIsForTheAttachAndSkipsNothing() {
        fixture.write(500);
        fixture.attach(false, OptionalLong.empty());
        fixture.outlet.passMillis(30);
        fixture.answerSnapshot(50);

        assertThat(count("snapshots", SnapshotReason.ATTACH)).isEqualTo(1);
        assertThat(count("skipped_bytes")).isZero();
        assertThat(meter("snapshot_seconds").sumNanos(0))
                .isEqualTo(Duration.ofMillis(30).toNanos());
    }

    @Test
    void whoLagsTooFarSkipsAndThatIsCountedInBytes() {
        Subscriber subscriber = fixture.attach();
        fixture.writeTimes(3, 100);
        fixture.write(5000);
        fixture.outlet.pass(Duration.ofMillis(200));
        fixture.answerSnapshot(50);

        assertThat(count("snapshots", SnapshotReason.LAG)).isEqualTo(1);
        assertThat(count("skipped_bytes")).isEqualTo(subscriber.skippedBytes()).isPositive();
    }

    @Test
    void anInterruptAndAClearHaveReasonsOfTheirOwn() {
        Subscriber subscriber = fixture.attach();
        fixture.writeTimes(3, 100);
        fixture.flow.interrupted(subscriber.attachment().connection());
        fixture.answerSnapshot(50);
        assertThat(count("snapshots", SnapshotReason.INTERRUPT)).isEqualTo(1);

        fixture.outlet.passMillis(50);
        fixture.flow.subscribers().ackOldest(subscriber, 10);
        fixture.flow.cleared();
        fixture.answerSnapshot(50);
        assertThat(count("snapshots", SnapshotReason.CLEAR)).isEqualTo(1);
    }

    @Test
    void zonesAreCountedAsTheyAreEntered() {
        Subscriber subscriber = fixture.attach();
        fixture.writeTimes(4, 10);
        fixture.outlet.pass(Duration.ofMillis(500));

        assertThat(subscriber.zone()).isNotEqualTo(Zone.GREEN);
        assertThat(count("zone_changes", Zone.YELLOW)).isEqualTo(1);
        fixture.flow.subscribers().ackOldest(subscriber, 10);
        assertThat(count("zone_changes", Zone.GREEN)).isEqualTo(1);
    }

    @Test
    void disconnectsAreCountedByReason() {
        Subscriber subscriber = fixture.attach();
        fixture.flow.subscribers().disconnect(subscriber, DisconnectReason.KICKED);
        fixture.flow.subscribers().disconnect(subscriber, DisconnectReason.KICKED);

        assertThat(count("disconnects", DisconnectReason.KICKED)).isEqualTo(1);
        assertThat(count("disconnects", DisconnectReason.STALLED)).isZero();
    }

    @Test
    void anAckTellsHowLongItTook() {
        Subscriber subscriber = fixture.attach();
        fixture.write(10);
        fixture.outlet.passMillis(60);
        fixture.flow.subscribers().ackThrough(subscriber, 1);

        assertThat(times("ack_seconds")).isEqualTo(1);
        assertThat(meter("ack_seconds").sumNanos(0))
                .isCloseTo(Duration.ofMillis(60).toNanos(), org.assertj.core.data.Offset.offset(200_000L));
    }

    @Test
    void theLagIsThatOfTheOldestByteOfADelivery() {
        Subscriber subscriber = fixture.attach();
        fixture.write(10);
        assertThat(times("lag_seconds")).isEqualTo(1);
        assertThat(meter("lag_seconds").sumNanos(0)).isZero();

        fixture.flow.subscribers().notListening(subscriber, 1, false);
        fixture.write(10);
        fixture.outlet.passMillis(300);
        fixture.write(10);
        fixture.flow.subscribers().listening(subscriber);

        assertThat(times("lag_seconds")).isEqualTo(2);
        assertThat(meter("lag_seconds").sumNanos(0))
                .isEqualTo(Duration.ofMillis(300).toNanos());
    }

    @Test
    void figuresAreOfThoseThatThereAre() {
        Subscriber subscriber = fixture.attach();
        fixture.attach();
        fixture.write(10);
        fixture.flow.subscribers().ackThrough(subscriber, 1);

        assertThat(FlowRequests.figures(List.of(fixture.flow)).encode())
                .isEqualTo("{\"unackedBytes\":10,\"subscribers\":{\"green\":{\"tcp\":2}}}");
        assertThat(FlowRequests.figures(List.of()).encode()).isEqualTo("{\"unackedBytes\":0,\"subscribers\":{}}");
    }
}
