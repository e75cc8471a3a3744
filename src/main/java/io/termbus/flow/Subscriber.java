package io.termbus.flow;

import io.termbus.config.HubConfig;
import org.jspecify.annotations.Nullable;

/**
 * One subscriber: where it stands in the session's output, what it has not acked, and so its zone.
 * Holds state and decides about itself; {@link SessionFlow} moves it. Single writer: the flow-control
 * instance that owns the session.
 */
final class Subscriber {
    static final long NO_TIMER = -1;

    private final Attachment attachment;
    private final UnackedWindow unacked = new UnackedWindow();
    private final WarningGate warnings = new WarningGate();

    /** Somebody listens at the address. */
    boolean listening;
    /** Must get a snapshot before any output. */
    boolean needsSnapshot = true;
    /** A snapshot has been asked for and has not come yet. */
    boolean awaitsSnapshot;
    /** The next snapshot goes out at once, whatever the zone's interval. */
    boolean urgent;
    /** Got a snapshot without its scrollback during a flood; gets it when the flood is over. */
    boolean owedScrollback;

    /** {@link #offset} says where it stands: it got a snapshot, or goes on from an offset it named. */
    boolean started;

    boolean exitTold;
    boolean gone;
    /** Offset of the next byte to deliver; of no meaning while {@link #needsSnapshot}. */
    long offset;

    Backlog.@Nullable SizeMark sizeSeen;
    Zone zone = Zone.GREEN;
    /** Sequence number of the newest snapshot. */
    long snapshotSeq;

    long slotTimer = NO_TIMER;
    /** When the slot timer fires; of no meaning without one. */
    long slotAt;

    long stallTimer = NO_TIMER;
    long warningTimer = NO_TIMER;
    long quietTimer = NO_TIMER;
    long skippedBytes;
    long deliveredBytes;

    private boolean everDelivered;
    private long lastDelivery;
    /** When the last ack came, or the oldest unacked delivery went out where that is later. */
    private long lastProgress;

    Subscriber(Attachment attachment) {
        this.attachment = attachment;
    }

    Attachment attachment() {
        return attachment;
    }

    String id() {
        return attachment.subscriber();
    }

    UnackedWindow unacked() {
        return unacked;
    }

    WarningGate warnings() {
        return warnings;
    }

    /** Notes that a delivery of {@code size} bytes, counted already, goes out now. */
    void delivered(int size, long now) {
        if (unacked.count() == 1) {
            lastProgress = now;
        }
        everDelivered = true;
        lastDelivery = now;
        deliveredBytes += size;
    }

    /** Deliveries after that one did not arrive: the subscriber stands again where it stood before them. */
    void takeBackAfter(long lastSeq) {
        while (unacked.count() > 0 && unacked.lastSeq() > lastSeq) {
            boolean snapshot = unacked.lastSeq() == snapshotSeq;
            int size = unacked.undo();
            deliveredBytes -= size;
            needsSnapshot |= snapshot;
            offset -= snapshot ? 0 : size;
        }
    }

    void acked(long now) {
        lastProgress = now;
    }

    /** When the zone's interval lets the next delivery go; at the latest {@code now} where it may at once. */
    long nextSlot(HubConfig.Flow limits, long now) {
        long interval = zone.intervalNanos(limits);
        return interval == 0 || !everDelivered ? now : lastDelivery + interval;
    }

    /** When the subscriber counts as stalled unless an ack comes. */
    long stallsAt(HubConfig.Flow limits) {
        return lastProgress + limits.stall().toNanos();
    }

    /** How many bytes may go into the next delivery. At least one: the caller has checked the limit. */
    int budget(HubConfig.Flow limits) {
        long room = limits.maxUnackedBytes() - unacked.bytes();
        return (int) Math.max(1, Math.min(limits.maxDeliveryBytes(), room));
    }

    /** The PTY must wait for this one: it never skips, and it lags by the whole backlog. */
    boolean holdsBack(long end, int backlogBytes) {
        return attachment.lossless() && listening && !needsSnapshot && end - offset >= backlogBytes;
    }
}
