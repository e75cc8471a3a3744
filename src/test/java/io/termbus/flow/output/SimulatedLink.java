package io.termbus.flow.output;

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
    private static final int PARTS = 4;
    private static final int SCREEN_BYTES = 3000;
    private static final int BATCH_BYTES = 16_384;
    private static final long BATCH_NANOS = 50 * MILLI;

    /** Of a delivery that was consumed: when, nanoseconds from its sending, and the offset behind it. */
    record Consumed(long at, long took, int bytes, long offset) {}

    final Subscriber subscriber;
    /** What the session's scrollback would add to a snapshot. */
    int scrollbackBytes;

    /** The line of one connection, which all its subscribers have in common. */
    static final class Wire {
        private record Part(Delivery.Counted delivery, Runnable crossed) {}

        private final FakeOutlet outlet;
        private final Deque<Part> line = new ArrayDeque<>();
        private double bytesPerMilli;
        private long roundTrip;
        private boolean crossing;

        Wire(FakeOutlet outlet, double bytesPerMilli, long roundTripMillis) {
            this.outlet = outlet;
            change(bytesPerMilli, roundTripMillis);
        }

        void change(double newBytesPerMilli, long roundTripMillis) {
            bytesPerMilli = newBytesPerMilli;
            roundTrip = roundTripMillis * MILLI;
        }

        /** What waits to cross would take so long. */
        long lineMillis() {
            return (long) (line.stream().mapToDouble(Wire::bytes).sum() / bytesPerMilli);
        }

        private static double bytes(Part part) {
            return part.delivery().payload().length() * 4 / 3.0 + 380;
        }

        private void add(Delivery.Counted delivery, Runnable crossed) {
            line.add(new Part(delivery, crossed));
            cross();
        }

        private void cross() {
            if (crossing || line.isEmpty()) {
                return;
            }
            crossing = true;
            outlet.after((long) (bytes(line.element()) / bytesPerMilli * MILLI), () -> {
                crossing = false;
                line.remove().crossed().run();
                cross();
            });
        }
    }

    final List<Consumed> consumed = new ArrayList<>();
    private final FlowFixture f;
    private final Acks acks;
    private final Wire wire;
    private int seen;
    private long newest;
    private long acked;
    private int unackedBytes;
    private long lastAck;
    private boolean ackDue;

    SimulatedLink(FlowFixture f, Subscriber subscriber, double bytesPerMilli, long roundTripMillis, Acks acks) {
        this(f, subscriber, new Wire(f.outlet, bytesPerMilli, roundTripMillis), acks);
    }

    SimulatedLink(FlowFixture f, Subscriber subscriber, Wire wire, Acks acks) {
        this.f = f;
        this.subscriber = subscriber;
        this.wire = wire;
        this.acks = acks;
    }

    void change(double newBytesPerMilli, long roundTripMillis) {
        wire.change(newBytesPerMilli, roundTripMillis);
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
        for (int part = 0; part < PARTS; part++) {
            passPart();
        }
    }

    /** A quarter of a millisecond. */
    void passPart() {
        f.outlet.pass(Duration.ofNanos(MILLI / PARTS));
        take();
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
                long sent = f.outlet.nanoTime();
                wire.add(counted, () -> f.outlet.after(wire.roundTrip / 2, () -> consume(counted, sent)));
            }
        }
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
        f.outlet.after(wire.roundTrip / 2, () -> {
            if (acks == Acks.COUNTED) {
                f.flow.subscribers().ackOldest(subscriber, count);
            } else {
                f.flow.subscribers().ackThrough(subscriber, through);
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
                        .mapToLong(each -> each.took() - wire.roundTrip / 2)
                        .max()
                        .orElse(-1)
                / MILLI;
    }

    /** The median of the same. */
    long medianMillis(int lastMillis) {
        long[] took = recent(lastMillis).stream()
                .mapToLong(each -> each.took() - wire.roundTrip / 2)
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
