package io.termbus.flow.output;

import io.termbus.metrics.Histogram;
import io.termbus.metrics.Labels;
import io.termbus.metrics.Meters;
import io.termbus.metrics.Meters.Writer;
import io.termbus.metrics.Tally;
import io.termbus.protocol.Delivery;
import java.util.List;

/** The metrics of one flow-control instance. It alone writes, on its event loop. */
public final class FlowMeters {
    static final FlowMeters OFF = new FlowMeters(Meters.OFF);

    private final boolean on;
    private final Tally output;
    private final Tally deliveries;
    private final Tally deliveredBytes;
    private final Tally skippedBytes;
    private final Tally snapshots;
    private final Tally zones;
    private final Tally disconnects;
    private final Histogram lag;
    private final Histogram acks;
    private final Histogram snapshotTimes;

    public FlowMeters(Meters meters) {
        on = meters.areOn();
        output = counter(meters, "output_bytes", "Bytes that sessions of this node have put out.", Labels.NONE);
        deliveries = counter(
                meters, "deliveries", "Deliveries to subscribers.", Labels.of("kind", List.of(Delivery.Kind.values())));
        deliveredBytes =
                counter(meters, "delivered_bytes", "Bytes of output and snapshots sent to subscribers.", Labels.NONE);
        skippedBytes = counter(
                meters, "skipped_bytes", "Bytes of output that a snapshot stood for, of all subscribers.", Labels.NONE);
        snapshots = counter(
                meters,
                "snapshots",
                "Snapshots sent to subscribers.",
                Labels.of("reason", List.of(SnapshotReason.values())));
        zones = counter(
                meters, "zone_changes", "Zones that subscribers entered.", Labels.of("zone", List.of(Zone.values())));
        disconnects = counter(
                meters,
                "disconnects",
                "Subscribers that were disconnected.",
                Labels.of("reason", List.of(DisconnectReason.values())));
        lag = times(
                meters,
                "lag_seconds",
                "How long the oldest byte of a delivery of output had waited, to about 10 ms.",
                new long[] {25, 100, 250, 1000, 2500, 10_000});
        acks = times(
                meters, "ack_seconds", "From a delivery to its ack.", new long[] {5, 25, 100, 250, 1000, 2500, 10_000});
        snapshotTimes = times(meters, "snapshot_seconds", "How long flow control waited for a snapshot.", new long[] {
            1, 5, 25, 100, 250, 1000
        });
    }

    private static Tally counter(Meters meters, String name, String help, Labels labels) {
        return meters.counter(Writer.ONE, "termbus_" + name, help, labels);
    }

    private static Histogram times(Meters meters, String name, String help, long[] boundsMs) {
        return meters.histogram(Writer.ONE, "termbus_" + name, help, Labels.NONE, boundsMs);
    }

    /** A session of this node has put out so many bytes. */
    public void output(int bytes) {
        output.add(bytes);
    }

    public void delivered(Delivery delivery) {
        deliveries.add(delivery.kind().ordinal(), 1);
        if (delivery instanceof Delivery.Counted counted) {
            deliveredBytes.add(counted.payload().length());
        }
    }

    /** Output from {@code offset} on goes out. */
    void outputDelivered(OutputClock clock, long offset, long now) {
        if (on) {
            lag.record(clock.age(offset, now));
        }
    }

    /** The newest of them went out some time ago. */
    void acked(UnackedWindow window, long now) {
        if (on) {
            acks.record(window.age(window.lastSeq() - window.count(), now));
        }
    }

    void snapshotWritten(long nanos) {
        snapshotTimes.record(nanos);
    }

    void snapshotSent(SnapshotReason reason, long skipped) {
        snapshots.add(reason.ordinal(), 1);
        skippedBytes.add(skipped);
    }

    void entered(Zone zone) {
        zones.add(zone.ordinal(), 1);
    }

    void disconnected(DisconnectReason reason) {
        disconnects.add(reason.ordinal(), 1);
    }
}
