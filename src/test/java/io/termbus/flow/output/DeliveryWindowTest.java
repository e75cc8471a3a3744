package io.termbus.flow.output;

import static org.assertj.core.api.Assertions.assertThat;

import io.termbus.flow.output.SimulatedLink.Acks;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** In virtual time; rates are bytes a millisecond on the wire, where base64 makes three bytes four. */
@Timeout(60)
class DeliveryWindowTest {
    private static final int TARGET_MILLIS = 100;

    private final FlowFixture f = new FlowFixture();

    private SimulatedLink link(double bytesPerMilli, long roundTrip, Acks acks) {
        return new SimulatedLink(f, f.attach(), bytesPerMilli, roundTrip, acks);
    }

    private static int twice(double bytesPerMilli) {
        return (int) Math.min(200_000, Math.max(200, bytesPerMilli * 2));
    }

    @ParameterizedTest
    @CsvSource({
        "50, 0, EACH",
        "50, 0, TIMED",
        "50, 80, EACH",
        "50, 80, BATCHED",
        "50, 80, TIMED",
        "50, 80, COUNTED",
        "50, 500, EACH",
        "500, 0, EACH",
        "500, 80, BATCHED",
        "500, 80, TIMED",
        "500, 300, EACH",
        "2000, 0, EACH",
        "2000, 80, BATCHED",
        "2000, 80, TIMED",
        "2000, 300, COUNTED"
    })
    void theLineIsShortAndTheLinkIsUsed(double rate, long roundTrip, Acks acks) {
        SimulatedLink link = link(rate, roundTrip, acks);

        link.flood(6000, twice(rate));

        assertThat(link.slowestMillis(2000)).isLessThan(4 * TARGET_MILLIS);
        assertThat(link.rate(2000)).isGreaterThan(rate / 3);
    }

    @ParameterizedTest
    @CsvSource({
        "500, 80, BATCHED, 110",
        "500, 80, EACH, 110",
        "2000, 80, BATCHED, 70",
        "2000, 80, EACH, 70",
        "8000, 20, BATCHED, 70"
    })
    void onAQuickLinkTheLineIsShorterThanTheTarget(double rate, long roundTrip, Acks acks, long line) {
        SimulatedLink link = link(rate, roundTrip, acks);

        link.flood(6000, twice(rate));

        assertThat(link.medianMillis(2000)).isLessThanOrEqualTo(line);
        assertThat(link.rate(2000)).isGreaterThan(rate / 2);
    }

    @ParameterizedTest
    @CsvSource({"0, EACH", "80, BATCHED"})
    void onTenKilobytesASecondItIsASecondAtMost(long roundTrip, Acks acks) {
        SimulatedLink link = link(10, roundTrip, acks);

        link.flood(14_000, 200);

        assertThat(link.slowestMillis(3000)).isLessThan(1000);
        assertThat(link.rate(3000)).isGreaterThan(10 / 3.0);
    }

    @ParameterizedTest
    @CsvSource({"20000, 0", "100000, 0", "100000, 1"})
    void aFastLinkIsUsedWhole(double rate, long roundTrip) {
        SimulatedLink link = link(rate, roundTrip, Acks.EACH);

        link.flood(2000, 200_000);

        assertThat(link.rate(1000)).isGreaterThan(rate / 2);
    }

    @Test
    void aLinkThatGetsTenTimesSlowerHasAShortLineSoon() {
        SimulatedLink link = link(500, 80, Acks.BATCHED);
        link.flood(4000, 1000);

        link.change(50, 80);
        link.flood(6000, 1000);

        assertThat(link.slowestMillis(2000)).isLessThan(4 * TARGET_MILLIS);
    }

    @Test
    void aLinkThatGetsTenTimesFasterIsUsedSoon() {
        SimulatedLink link = link(50, 80, Acks.BATCHED);
        link.flood(4000, 1000);

        link.change(500, 80);
        link.flood(4000, 1000);

        assertThat(link.rate(1500)).isGreaterThan(500 / 3.0);
    }

    @Test
    void thePaceOutlivesTyping() {
        SimulatedLink link = link(500, 80, Acks.BATCHED);
        link.flood(4000, 1000);
        for (int key = 0; key < 100; key++) {
            f.write(1);
            link.flood(100, 0);
        }

        link.flood(1000, 1000);

        assertThat(link.rate(500)).isGreaterThan(500 / 3.0);
    }

    @Test
    void whoNeverSkipsHasTheSameBound() {
        SimulatedLink link = new SimulatedLink(f, f.attach(true, OptionalLong.of(0)), 50, 80, Acks.BATCHED);

        link.flood(6000, 100);

        assertThat(link.slowestMillis(2000)).isLessThan(4 * TARGET_MILLIS);
        assertThat(f.outlet.bytes(link.subscriber.id())).startsWith(FlowFixture.pattern(0, 100_000));
    }

    @Test
    void whoNeverAcksGetsToRedAllTheSame() {
        SimulatedLink link = link(1000, 0, Acks.NEVER);

        link.flood(3000, 2000);

        assertThat(link.subscriber.zone()).isEqualTo(Zone.RED);
    }

    @Test
    void manySmallDeliveriesOfWhoNeverAckedAreNotHeldBack() {
        Subscriber s = f.attach();

        f.writeTimes(1024, 12);

        assertThat(f.outlet.counted(s.id())).hasSize(1024);
    }

    @Test
    void onALinkThatHangsLittleIsAdded() {
        SimulatedLink link = link(50, 80, Acks.BATCHED);
        link.flood(4000, 1000);

        link.change(0.001, 80);
        link.flood(10_000, 1000);

        assertThat(link.subscriber.unacked().bytes()).isLessThan(48 * 1024);
        assertThat(link.subscriber.isGone()).isFalse();
    }
}
