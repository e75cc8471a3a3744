package io.termbus.flow.output;

import static org.assertj.core.api.Assertions.assertThat;

import io.termbus.flow.output.SimulatedLink.Acks;
import io.termbus.protocol.Delivery;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Keys that are typed while output waits; in virtual time, rates as in {@link DeliveryWindowTest}. */
@Timeout(60)
class TypingTest {
    private static final int ECHO_LIMIT_MILLIS = 600;
    private static final long FOR_EVER_MILLIS = 100_000;

    private final FlowFixture f = new FlowFixture();

    private SimulatedLink link(double bytesPerMilli, long roundTrip, Acks acks) {
        return new SimulatedLink(f, f.attach(), bytesPerMilli, roundTrip, acks);
    }

    /** Types a key while the session writes on, which echoes it; milliseconds until the echo was consumed. */
    private long echo(SimulatedLink link, int bytesPerMilli) {
        f.flow.typed(link.subscriber.attachment().connection());
        f.write(1);
        long echo = f.written();
        long took = 0;
        while (link.consumedTo() < echo && took < FOR_EVER_MILLIS) {
            link.flood(1, bytesPerMilli);
            took++;
        }
        return took;
    }

    private List<Delivery.Kind> kinds(Subscriber subscriber) {
        return f.outlet.counted(subscriber.id()).stream()
                .map(Delivery.Counted::kind)
                .distinct()
                .toList();
    }

    @ParameterizedTest
    @CsvSource({
        "50, 60, EACH",
        "50, 80, BATCHED",
        "50, 100, TIMED",
        "50, 200, COUNTED",
        "50, 5000, BATCHED",
        "500, 600, BATCHED",
        "500, 50000, BATCHED",
        "2000, 3000, BATCHED"
    })
    void theEchoOfAKeyPassesAFloodThatIsFasterThanTheLink(double rate, int flood, Acks acks) {
        SimulatedLink link = link(rate, 80, acks);
        link.flood(8000, flood);

        List<Long> echoes = new ArrayList<>();
        for (int key = 0; key < 21; key++) {
            link.flood(150, flood);
            echoes.add(echo(link, flood));
        }

        echoes.sort(null);
        assertThat(echoes.get(10)).isLessThanOrEqualTo(ECHO_LIMIT_MILLIS);
        assertThat(echoes.get(20)).isLessThanOrEqualTo(2 * ECHO_LIMIT_MILLIS);
    }

    /** The window that each begins with is on its way: 16 KiB, which take 10 kB/s more than two seconds. */
    @ParameterizedTest
    @CsvSource({"50, 200000, 600", "50, 1000000, 600", "500, 1000000, 600", "10, 60000, 3000"})
    void theEchoOfAKeyPassesABurst(double rate, int burst, long limitMillis) {
        SimulatedLink link = link(rate, 80, Acks.BATCHED);
        for (int written = 0; written < burst; written += 20_000) {
            f.write(20_000);
        }
        link.flood(700, 0);

        assertThat(echo(link, 0)).isLessThanOrEqualTo(limitMillis);
    }

    /** What a flood has passed over of the scrollback comes when it is over, and the next key is typed just then. */
    @ParameterizedTest
    @CsvSource({"50, EACH", "50, BATCHED", "50, TIMED", "500, BATCHED", "2000, BATCHED"})
    void theEchoOfAKeyIsNotBehindMuchScrollback(double rate, Acks acks) {
        SimulatedLink link = link(rate, 80, acks);
        link.scrollbackBytes = 800_000;
        link.flood(8000, (int) (4 * rate));
        assertThat(link.subscriber.owesScrollback()).isTrue();
        while (link.subscriber.scrollbackAsked() == 0) {
            link.flood(1, 0);
        }

        assertThat(echo(link, 0)).isLessThanOrEqualTo(250 + 80);
    }

    @Test
    void theSecondBurstPassesAtOnceToo() {
        SimulatedLink link = link(50, 80, Acks.BATCHED);
        for (int burst = 0; burst < 3; burst++) {
            f.writeTimes(10, 20_000);
            link.flood(400, 0);
            assertThat(echo(link, 0)).isLessThanOrEqualTo(ECHO_LIMIT_MILLIS);
        }
    }

    @Test
    void keysInQuickSuccessionPutNoMoreBeforeTheEchoThanTheWindow() {
        SimulatedLink link = link(50, 80, Acks.BATCHED);
        link.flood(8000, 5000);

        for (int key = 0; key < 100; key++) {
            f.flow.typed(link.subscriber.attachment().connection());
            link.flood(10, 5000);
        }

        assertThat(echo(link, 5000)).isLessThanOrEqualTo(ECHO_LIMIT_MILLIS);
        assertThat(link.subscriber.unacked().bytes()).isLessThan(DeliveryWindow.START_BYTES);
    }

    @Test
    void whatIsSoonThroughStays() {
        SimulatedLink link = link(500, 80, Acks.EACH);
        link.flood(4000, 500);
        link.flood(2000, 0);
        while (f.flow.subscribers().lag(link.subscriber) == 0) {
            f.write(20_000);
        }
        long before = link.subscriber.skippedBytes();

        f.flow.typed(link.subscriber.attachment().connection());

        assertThat(link.subscriber.needsSnapshot()).isFalse();
        assertThat(link.subscriber.skippedBytes()).isEqualTo(before);
    }

    @Test
    void aKeyAtAQuietPromptCostsNothing() {
        SimulatedLink link = link(50, 80, Acks.EACH);
        f.write(10);
        link.flood(1000, 0);

        f.flow.typed(link.subscriber.attachment().connection());

        assertThat(f.outlet.snapshotsWanted).isEmpty();
        assertThat(f.outlet.lags).isFalse();
    }

    @Test
    void whoHasNotAckedYetWaitsForAQuarterOfASecond() {
        SimulatedLink link = link(1, 80, Acks.EACH);
        f.writeTimes(10, 20_000);

        link.flood(200, 0);
        f.flow.typed(link.subscriber.attachment().connection());
        assertThat(link.subscriber.needsSnapshot()).isFalse();

        link.flood(100, 0);
        f.flow.typed(link.subscriber.attachment().connection());
        assertThat(link.subscriber.needsSnapshot()).isTrue();
    }

    @Test
    void keysOfOthersChangeNothing() {
        SimulatedLink link = link(50, 80, Acks.BATCHED);
        f.writeTimes(10, 20_000);
        link.flood(1000, 0);

        f.flow.typed("connection-of-somebody-else");
        link.flood(10_000, 0);

        assertThat(kinds(link.subscriber)).containsExactly(Delivery.Kind.OUTPUT);
    }

    @Test
    void whoNeverSkipsGetsAllOfIt() {
        Subscriber lossless = f.attach(true, OptionalLong.of(0));
        SimulatedLink link = new SimulatedLink(f, lossless, 50, 80, Acks.BATCHED);
        f.writeTimes(10, 20_000);
        link.flood(1000, 0);

        f.flow.typed(lossless.attachment().connection());
        link.flood(10_000, 0);

        assertThat(f.outlet.bytes(lossless.id())).isEqualTo(FlowFixture.pattern(0, 200_000));
    }

    @Test
    void theAnswerToAnOutputSaysWhetherAnyOfItWaits() {
        f.attach();

        f.write(1000);
        assertThat(f.outlet.lags).isFalse();

        f.write(100_000);
        assertThat(f.outlet.lags).isTrue();
    }

    @Test
    void whoDoesNotListenDoesNotLag() {
        f.attachForOutput(OptionalLong.empty());

        f.write(100_000);

        assertThat(f.outlet.lags).isFalse();
    }
}
