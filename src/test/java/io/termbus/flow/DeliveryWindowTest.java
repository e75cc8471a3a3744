package io.termbus.flow;

import io.termbus.flow.SimulatedLink.Acks;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Timeout(60)
class DeliveryWindowTest {
    private final FlowFixture f = new FlowFixture();

    private SimulatedLink link(double bytesPerMilli, long roundTrip, Acks acks) {
        return new SimulatedLink(f, f.attach(), bytesPerMilli, roundTrip, acks);
    }

    @ParameterizedTest
    @CsvSource({
        "10, 0, EACH",
        "10, 80, BATCHED",
        "10, 500, BATCHED",
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
        "2000, 300, COUNTED",
        "2000, 500, TIMED",
        "20000, 0, EACH",
        "20000, 1, TIMED",
        "20000, 80, BATCHED",
        "100000, 0, EACH",
        "100000, 1, BATCHED",
    })
    void probe(double rate, long rtt, Acks acks) {
        SimulatedLink link = link(rate, rtt, acks);
        int flood = (int) Math.min(200_000, Math.max(200, rate * 2));
        int[] at = {500, 1000, 2000, 4000, 8000, 16000};
        int t = 0;
        StringBuilder s = new StringBuilder();
        for (int each : at) {
            link.flood(each - t, flood);
            s.append(String.format(
                    " %5d ms|%4.0f%%|%6d",
                    link.slowestMillis(each - t),
                    100 * link.rate(each - t) / rate,
                    link.subscriber.unacked().bytes()));
            t = each;
        }
        System.out.printf("%7.0f %4d %-8s %s%n", rate, rtt, acks, s);
    }
}
