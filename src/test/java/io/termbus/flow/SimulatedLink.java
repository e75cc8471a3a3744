package io.termbus.flow;

import io.termbus.protocol.Delivery;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/**
 * A client behind a link of some rate and round trip, in the virtual time of a {@link FlowFixture}: what is delivered
 * waits in line, crosses, is consumed, and acked as the client does it.
 */
final class SimulatedLink {
    /** How a client acks what it has consumed. */
    enum Acks {
        EACH,
        /** The web app's: the first at once, then every 16 KiB or 50 ms. */
        BATCHED,
        /** Every 50 ms, whatever came. */
        TIMED,
        COUNTED,
        NEVER
    }

    private static final long MILLI = 1_000_000L;
    private static final int SCREEN_BYTES = 3000;
    private static final int BATCH_BYTES = 16_384;
    private static final long BATCH_NANOS = 50 * MILLI;

    /** Of a delivery that was consumed: when, nanoseconds from its sending, and the offset behind it. */
    record Consumed(long at, long took, int bytes, long offset) {}

    final Subscriber subscriber;
    /** What the session's scrollback would add to a snapshot. */
    int scrollbackBytes;

    final List<Consumed> consumed = new ArrayList<>();
    private final FlowFixture f;
    private final Acks acks;
    private final Deque<Delivery.Counted> line = new ArrayDeque<>();
    private final Deque<Long> sentAt = new ArrayDeque<>();
    private double bytesPerMilli;
    private long roundTrip;
    private int seen;
    private boolean crossing;
    private long newest;
    private long acked;
    private int unackedBytes;
    private long lastAck;
    private boolean ackDue;

    SimulatedLink(FlowFixture f, Subscriber subscriber, double bytesPerMilli, long roundTripMillis, Acks acks) {
        this.f = f;
        this.subscriber = subscriber;
        this.acks = acks;
        change(bytesPerMilli, roundTripMillis);
    }

    void change(double newBytesPerMilli, long roundTripMillis) {
        bytesPerMilli = newBytesPerMilli;
        roundTrip = roundTripMillis * MILLI;
    }

    /** The session writes so much in each of that many steps of a millisecond. */
    void flood(int millis, int bytesPerStep) {
        for (int i = 0; i < millis; i++) {
            if (bytesPerStep > 0) {
                f.write(bytesPerStep);
            }
            pass();
        }
    }

    void pass() {
        take();
        for (int part = 0; part < 4; part++) {
            f.outlet.pass(Duration.ofNanos(MILLI / 4));
            take();
        }
    }

    private void take() {
        while (!f.outlet.snapshotsWanted.isEmpty()) {
            FakeOutlet.Wanted wanted = f.outlet.snapshotsWanted.element();
            int scrollback = wanted.scrollbackLines() == 0 ? 0 : scrollbackBytes;
            f.answerSnapshot(
                    Math.min(SCREEN_BYTES + scrollback, Math.max(SCREEN_BYTES, wanted.wantedBytes())),
                    SCREEN_BYTES + scrollback <= wanted.wantedBytes());
        }
        List<Delivery> all = f.outlet.to(subscriber.id());
        for (; seen < all.size(); seen++) {
            if (all.get(seen) instanceof Delivery.Counted counted) {
                line.add(counted);
                sentAt.add(f.outlet.nanoTime());
            }
        }
        cross();
    }

    private void cross() {
        if (crossing || line.isEmpty()) {
            return;
        }
        crossing = true;
        double wire = line.element().payload().length() * 4 / 3.0 + 380;
        f.outlet.after((long) (wire / bytesPerMilli * MILLI), () -> {
            crossing = false;
            Delivery.Counted crossed = line.remove();
            long sent = sentAt.remove();
            f.outlet.after(roundTrip / 2, () -> consume(crossed, sent));
            cross();
        });
    }

    private void consume(Delivery.Counted delivery, long sent) {
        long now = f.outlet.nanoTime();
        int size = delivery.payload().length();
        consumed.add(new Consumed(now, now - sent, size, delivery.offset()));
        newest = delivery.seq();
        unackedBytes += size;
        switch (acks) {
            case EACH, COUNTED -> ack();
            case BATCHED -> {
                if (unackedBytes >= BATCH_BYTES || now - lastAck >= BATCH_NANOS) {
                    ack();
                } else {
                    ackLater(lastAck + BATCH_NANOS - now);
                }
            }
            case TIMED -> ackLater(BATCH_NANOS);
            case NEVER -> {}
        }
    }

    private void ackLater(long nanos) {
        if (!ackDue) {
            ackDue = true;
            f.outlet.after(nanos, () -> {
                ackDue = false;
                ack();
            });
        }
    }

    private void ack() {
        long through = newest;
        long count = through - acked;
        if (count == 0) {
            return;
        }
        acked = through;
        unackedBytes = 0;
        lastAck = f.outlet.nanoTime();
        f.outlet.after(roundTrip / 2, () -> {
            if (acks == Acks.COUNTED) {
                f.flow.ackOldest(subscriber, count);
            } else {
                f.flow.ackThrough(subscriber, through);
            }
        });
    }

    /** The offset behind all that was consumed. */
    long consumedTo() {
        return consumed.isEmpty() ? 0 : consumed.get(consumed.size() - 1).offset();
    }

    /** The longest that a delivery took that was consumed in the last so many milliseconds, beyond half a round trip. */
    long slowestMillis(int lastMillis) {
        return recent(lastMillis).stream()
                        .mapToLong(each -> each.took() - roundTrip / 2)
                        .max()
                        .orElse(-1)
                / MILLI;
    }

    /** The median of the same. */
    long medianMillis(int lastMillis) {
        long[] took = recent(lastMillis).stream()
                .mapToLong(each -> each.took() - roundTrip / 2)
                .sorted()
                .toArray();
        return took[took.length / 2] / MILLI;
    }

    /** Payload a millisecond, of late. */
    double rate(int lastMillis) {
        return recent(lastMillis).stream().mapToInt(Consumed::bytes).sum() / (double) lastMillis;
    }

    private List<Consumed> recent(int lastMillis) {
        long from = f.outlet.nanoTime() - lastMillis * MILLI;
        return consumed.stream().filter(each -> each.at() > from).toList();
    }
}
