package io.termbus.flow;

import io.termbus.config.HubConfig;
import io.termbus.protocol.Delivery;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/**
 * One subscriber: where it stands in the session's output, what it has not acked, and so its zone.
 * Holds state and decides about itself; {@link SessionFlow} moves it. Single writer: the flow-control
 * instance that owns the session.
 */
final class Subscriber {
    static final long NO_TIMER = -1;
    private static final int TICKS = 10;

    /** A snapshot that was sent: where it took the subscriber from and to, and how much of that it stood for. */
    private record Leap(long seq, int size, long from, long to, long skipped) {
        /** By how much the bytes of the snapshot are more than those it stands for. */
        long surplus() {
            return size - (to - from);
        }
    }

    private final Attachment attachment;
    private final UnackedWindow unacked = new UnackedWindow();
    private final AckPace pace = new AckPace();
    private final WarningGate warnings = new WarningGate();
    /** The unacked snapshots, oldest first, perhaps after some that are acked. */
    private final Deque<Leap> leaps = new ArrayDeque<>();

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
    /** Offset of the next byte to deliver; while {@link #needsSnapshot}, the end of what it has, or where it attached. */
    long offset;

    Backlog.@Nullable SizeMark sizeSeen;
    Zone zone = Zone.GREEN;
    long slotTimer = NO_TIMER;
    /** When the slot timer fires; of no meaning without one. */
    long slotAt;

    long stallTimer = NO_TIMER;
    long warningTimer = NO_TIMER;
    long quietTimer = NO_TIMER;
    long skippedBytes;
    long deliveredBytes;

    private boolean lossless;
    private boolean everDelivered;
    private long lastDelivery;
    /** When the last ack came, or the oldest unacked delivery went out where that is later. */
    private long lastProgress;

    Subscriber(Attachment attachment) {
        this.attachment = attachment;
        this.lossless = attachment.lossless();
    }

    /** Never skips; the PTY waits instead. */
    boolean isLossless() {
        return lossless;
    }

    /** Held the PTY back for too long. */
    void fallsToSkip() {
        lossless = false;
    }

    /** It holds the PTY back, and may not for ever. */
    boolean holdsTooMuch(long end, int backlogBytes) {
        return !attachment.holdsForEver() && holdsBack(end, backlogBytes);
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
        pace.sent(unacked.lastSeq(), now);
    }

    /**
     * Deliveries after that one did not arrive, nor did the exit unless {@code exitHeard}: the subscriber stands again
     * where it stood before them. Whether the size at that place did is not known: it is told again.
     */
    void takeBackAfter(long lastSeq, boolean exitHeard) {
        while (unacked.count() > 0 && unacked.lastSeq() > lastSeq) {
            Leap leap = leaps.peekLast();
            boolean leapt = leap != null && leap.seq() == unacked.lastSeq();
            int size = unacked.undo();
            deliveredBytes -= size;
            if (leapt) {
                takeBack(leaps.removeLast());
            } else {
                offset -= size;
            }
        }
        exitTold &= exitHeard;
        if (sizeSeen != null && sizeSeen.offset() >= offset) {
            sizeSeen = null;
        }
    }

    private void takeBack(Leap leap) {
        needsSnapshot = true;
        skippedBytes -= leap.skipped();
        offset = leap.from();
    }

    /** Notes that a snapshot, counted already, has gone out and stands for all before its offset. */
    void snapshotSent(Delivery.Counted snapshot) {
        while (!leaps.isEmpty() && !unacked.holds(leaps.getFirst().seq())) {
            leaps.removeFirst();
        }
        long skipped = started ? Math.max(0, snapshot.offset() - offset) : 0;
        leaps.addLast(new Leap(snapshot.seq(), snapshot.payload().length(), offset, snapshot.offset(), skipped));
        skippedBytes += skipped;
        started = true;
        urgent = false;
        needsSnapshot = false;
        offset = snapshot.offset();
    }

    /** Offset up to which the output is acked, or was when it attached. Reckoned when asked: a delivery costs nothing. */
    long ackedTo() {
        long surplus = leaps.stream()
                .filter(leap -> unacked.holds(leap.seq()))
                .mapToLong(Leap::surplus)
                .sum();
        return offset - unacked.bytes() + surplus;
    }

    void acked(long now) {
        lastProgress = now;
        pace.acked(unacked.lastSeq() - unacked.count(), deliveredBytes - unacked.bytes(), now);
    }

    /**
     * When the zone's interval lets the next delivery go; at the latest {@code now} where it may at once. The
     * slots of all subscribers lie on common ticks, ten in an interval, so that those who need a snapshot share it.
     */
    long nextSlot(HubConfig.Flow limits, long now) {
        long interval = zone.intervalNanos(limits);
        if (interval == 0 || !everDelivered) {
            return now;
        }
        long earliest = lastDelivery + interval;
        return earliest + Math.floorMod(-earliest, interval / TICKS);
    }

    /** Wants output first and has got nothing: what leaves the backlog before it begins it does not miss. */
    boolean mayBeginLater() {
        return attachment.outputFirst() && unacked.lastSeq() == 0;
    }

    /** Begins with the byte at the offset, without a snapshot. */
    void beginAt(long first) {
        needsSnapshot = false;
        started = true;
        offset = first;
    }

    /** Output is passed over: it gets the screen instead, and its scrollback later. */
    void skips() {
        needsSnapshot = true;
        owedScrollback = attachment.scrollbackLines() > 0;
    }

    /** What waits goes out by a timer, whatever else comes until then. */
    boolean awaitsSlot() {
        return slotTimer != NO_TIMER;
    }

    /** When the subscriber counts as stalled unless an ack comes. */
    long stallsAt(HubConfig.Flow limits) {
        return lastProgress + limits.stall().toNanos();
    }

    /** How many bytes may go into the next delivery. At least one: the caller has checked the limit. */
    int budget(HubConfig.Flow limits, long now) {
        long room = Math.max(1, Math.min(limits.maxDeliveryBytes(), limits.maxUnackedBytes() - unacked.bytes()));
        return (int) (lossless ? room : pace.budget(room, zone.intervalNanos(limits), unacked.bytes(), now));
    }

    /** The PTY must wait for this one: it never skips, and it lags by the whole backlog. */
    boolean holdsBack(long end, int backlogBytes) {
        return lossless && listening && !needsSnapshot && end - offset >= backlogBytes;
    }
}
