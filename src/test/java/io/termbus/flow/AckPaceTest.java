package io.termbus.flow;

import static org.assertj.core.api.Assertions.assertThat;

import io.termbus.protocol.Delivery;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class AckPaceTest {
    private static final int MILLIS = 3000;
    private static final int FLOOD_A_MILLI = 50_000;
    private static final int SNAPSHOT_BYTES = 2000;

    private final FlowFixture f = new FlowFixture();

    /** A client on a line of its own: bytes leave it at a rate, and acks come back after a while. */
    private final class Client {
        private final Subscriber subscriber;
        private final int bytesAMilli;
        private final int wayMillis;
        private final Deque<long[]> acks = new ArrayDeque<>();
        private int seen;
        private long freeAt;

        Client(Subscriber subscriber, int bytesAMilli, int wayMillis) {
            this.subscriber = subscriber;
            this.bytesAMilli = bytesAMilli;
            this.wayMillis = wayMillis;
        }

        void run(long milli) {
            List<Delivery.Counted> all = f.outlet.counted(subscriber.id());
            for (; seen < all.size(); seen++) {
                Delivery.Counted next = all.get(seen);
                freeAt = Math.max(freeAt, milli) + next.payload().length() / bytesAMilli;
                acks.add(new long[] {freeAt + wayMillis, next.seq()});
            }
            while (!acks.isEmpty() && acks.getFirst()[0] <= milli) {
                f.flow.ackThrough(subscriber, acks.removeFirst()[1]);
            }
        }
    }

    /** The most that was unacked in the last second of a flood. */
    private long mostUnacked(Client client) {
        long most = 0;
        for (int milli = 0; milli < MILLIS; milli++) {
            f.write(FLOOD_A_MILLI);
            if (!f.outlet.snapshotsWanted.isEmpty()) {
                f.answerSnapshot(SNAPSHOT_BYTES);
            }
            f.outlet.pass(Duration.ofMillis(1));
            client.run(milli);
            if (milli > MILLIS - 1000) {
                most = Math.max(most, client.subscriber.unacked().bytes());
            }
        }
        return most;
    }

    @Test
    void whoShowsTwoMegabytesASecondHasNoLongLineBeforeIt() {
        assertThat(mostUnacked(new Client(f.attach(), 2000, 0))).isBetween(100_000L, 300_000L);
    }

    @Test
    void whoNeverSkipsGetsTheLineThatItsZonesAllow() {
        Subscriber lossless = f.attachLossless();
        assertThat(mostUnacked(new Client(lossless, 2000, 0))).isGreaterThan(500_000);
    }

    @Test
    void whoIsFarAwayIsNotHeldBackForItsDistance() {
        assertThat(mostUnacked(new Client(f.attach(), 100_000, 200))).isGreaterThan(500_000);
    }

    @Test
    void whoNeverAckedGetsWhatItsZonesAllow() {
        AckPace pace = new AckPace();
        pace.sent(1, 0);
        assertThat(pace.budget(65_536, 10_000_000, 1_000_000, 5_000_000_000L)).isEqualTo(65_536);
    }

    @Test
    void whoHasALineIsHeldBackUntilItStopsAcking() {
        long milli = 1_000_000;
        AckPace pace = new AckPace();
        for (int at = 0; at < 400; at++) {
            pace.sent(at + 1, at * milli);
            pace.acked(at < 100 ? at + 1 : at - 99, at * 2000L, at * milli);
        }
        assertThat(pace.budget(65_536, 10 * milli, 200_000, 400 * milli)).isBetween(10_000L, 20_000L);
        assertThat(pace.budget(65_536, 0, 200_000, 400 * milli)).as("green").isEqualTo(65_536);
        assertThat(pace.budget(65_536, 10 * milli, 200_000, 1400 * milli)).isEqualTo(65_536);
    }
}
