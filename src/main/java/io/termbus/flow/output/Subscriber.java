package io.termbus.flow.output;

import io.termbus.config.FlowConfig;
import io.termbus.protocol.Delivery;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * One subscriber: where it stands in the session's output, what it has not acked, and so its zone.
 * Holds state and decides about itself; its session's {@link Pump} moves it. Single writer: the flow-control
 * instance that owns the session.
 */
public final class Subscriber implements Reader {
    /** A client's round trip on the same machine or in the same house. */
    private static final long NEAR_NANOS = 10_000_000L;
    /** Its first snapshot, when nothing else is known of its link: two seconds, should that take 50 kB/s after all. */
    private static final int NEAR_SNAPSHOT_BYTES = 65_536;
    /** What a snapshot brings of the scrollback may take so long: a key's echo stands behind it. */
    private static final long SNAPSHOT_NANOS = 250_000_000L;

    /** A slot that is met later than this part of its interval begins the grid of slots anew. */
    private static final int LATE = 4;

    /** A snapshot that was sent: where it took the subscriber from and to, and how much of that it stood for. */
    private record Leap(long seq, int size, long from, long to, long skipped) {
        /** By how much the bytes of the snapshot are more than those it stands for. */
        long surplus() {
            return size - (to - from);
        }
    }

    private final Attachment attachment;
    private final Subscribers all;
    private final UnackedWindow unacked = new UnackedWindow();
    private final DeliveryWindow window;
    private final SharedLink link;
    /** Something is in flight, as the link knows it. */
    private boolean busy;

    private long bytesTold;

    private final WarningGate warnings = new WarningGate();
    /** The unacked snapshots, oldest first, perhaps after some that are acked. */
    private final Deque<Leap> leaps = new ArrayDeque<>();

    /** What it is to get next. */
    private enum Phase {
        /** A snapshot, before any output. */
        NEEDS_SNAPSHOT,
        /** The snapshot that has been asked for. */
        AWAITS_SNAPSHOT,
        /** The output from where it stands on. */
        FOLLOWS,
        /** Nothing any more. */
        GONE
    }

    private Phase phase = Phase.NEEDS_SNAPSHOT;
    private SnapshotReason snapshotReason = SnapshotReason.ATTACH;
    private boolean listening;
    private boolean urgent;
    private boolean owesScrollback;
    private int scrollbackAsked;
    private boolean skipped;
    private boolean started;
    private boolean exitTold;
    /** Bulletins since its last ack. */
    private int bulletins;

    /** At the next byte to deliver; while it needs a snapshot, at the end of what it has, or where it attached. */
    private final Cursor cursor;

    private Zone zone = Zone.GREEN;
    private long skippedBytes;
    private long deliveredBytes;

    final Alarm slot;
    final Alarm stall;
    final Alarm warning;
    /** The flood is over: its scrollback may follow. */
    final Alarm quiet;
    /** Silence may have opened the window. */
    final Alarm opening;

    private boolean lossless;
    /** Monotonic nanoseconds. */
    private final long attachedAt;
    /** It registered so soon after it attached that it cannot be far. */
    private boolean near;

    private boolean everDelivered;
    /** Where the last delivery lies on the grid of slots: its slot, or, without one, when it went out. */
    private long lastSlot;
    /** When the last ack came, or the oldest unacked delivery went out where that is later. */
    private long lastProgress;

    /**
     * It attaches at the end of the session's output.
     *
     * @param all of the session
     */
    Subscriber(
            Attachment attachment,
            SharedLink link,
            FlowConfig limits,
            Outlet outlet,
            Backlog backlog,
            Subscribers all) {
        this.attachment = attachment;
        this.all = all;
        this.link = link;
        this.cursor = new Cursor(backlog, backlog.end());
        this.attachedAt = outlet.nanoTime();
        this.slot = new Alarm(outlet);
        this.stall = new Alarm(outlet);
        this.warning = new Alarm(outlet);
        this.quiet = new Alarm(outlet);
        this.opening = new Alarm(outlet);
        this.lossless = attachment.lossless();
        this.window = new DeliveryWindow(
                limits.targetDelayMs(), Math.max(DeliveryWindow.START_BYTES, limits.maxUnackedBytes()), link);
        link.joined();
    }

    @Override
    public void run() {
        all.run(this);
    }

    /** While something waits for its slot, all goes out then. */
    @Override
    public void outputCame() {
        if (!slot.isSet()) {
            run();
        }
    }

    @Override
    public long keepFrom() {
        return lossless && listening && !needsSnapshot() ? offset() : NOTHING;
    }

    /** Never skips; the PTY waits instead. */
    @Override
    public boolean isLossless() {
        return lossless;
    }

    @Override
    public boolean lags() {
        return listening && !cursor.isAtEnd();
    }

    @Override
    public int subscribers() {
        return 1;
    }

    @Override
    public void cleared() {
        if (!lossless && !mayBeginLater()) {
            needsSnapshotAgain(SnapshotReason.CLEAR);
        }
    }

    @Override
    public void interrupted(String connection) {
        if (maySkipFor(connection)) {
            all.flush(this);
        }
    }

    @Override
    public void typed(String connection) {
        if (maySkipFor(connection)) {
            all.flushIfLate(this);
        }
    }

    private boolean maySkipFor(String connection) {
        return !lossless && attachment.connection().equals(connection);
    }

    @Override
    public void restartsAt(long offset) {
        if (lossless && !needsSnapshot() && offset() < offset) {
            all.misses(this);
        }
    }

    @Override
    public boolean isDone() {
        return exitTold || !listening;
    }

    @Override
    public void finish() {
        all.finish(this);
    }

    @Override
    public void shutDown() {
        all.disconnect(this, DisconnectReason.SHUTDOWN);
    }

    /** Held the PTY back for too long. */
    void fallsToSkip() {
        lossless = false;
    }

    /** It holds the PTY back, and may not for ever. */
    boolean holdsTooMuch(long end, int backlogBytes) {
        return !attachment.holdsForEver() && holdsBack(end, backlogBytes);
    }

    public Attachment attachment() {
        return attachment;
    }

    public String id() {
        return attachment.subscriber();
    }

    UnackedWindow unacked() {
        return unacked;
    }

    WarningGate warnings() {
        return warnings;
    }

    /** Where it stands in the session's output. */
    long offset() {
        return cursor.offset();
    }

    Cursor cursor() {
        return cursor;
    }

    /** {@link #offset} says where it stands: it got a snapshot, or goes on from an offset it named. */
    boolean isStarted() {
        return started;
    }

    /** Must get a snapshot before any output. */
    boolean needsSnapshot() {
        return phase == Phase.NEEDS_SNAPSHOT || phase == Phase.AWAITS_SNAPSHOT;
    }

    /** Why it needs one. */
    SnapshotReason snapshotReason() {
        return snapshotReason;
    }

    /** A snapshot has been asked for and has not come yet. */
    boolean awaitsSnapshot() {
        return phase == Phase.AWAITS_SNAPSHOT;
    }

    /** A snapshot that it needs has been asked for. */
    void snapshotAsked() {
        phase = Phase.AWAITS_SNAPSHOT;
        link.snapshotAsked();
    }

    /** The snapshot that was asked for has come; whether it goes out is another matter. */
    void snapshotCame() {
        if (awaitsSnapshot()) {
            phase = Phase.NEEDS_SNAPSHOT;
            link.snapshotCame();
        }
    }

    boolean isGone() {
        return phase == Phase.GONE;
    }

    /** Nothing more goes out, and no alarm goes off. Idempotent. */
    void leaves(long now) {
        if (isGone()) {
            return;
        }
        snapshotCame();
        phase = Phase.GONE;
        tellLink(now);
        link.left();
        slot.cancel();
        stall.cancel();
        warning.cancel();
        quiet.cancel();
        opening.cancel();
    }

    /** Somebody listens at the address. */
    boolean isListening() {
        return listening;
    }

    void listensNoMore() {
        listening = false;
    }

    /** It may get what waits. */
    boolean isReady() {
        return listening && (phase == Phase.NEEDS_SNAPSHOT || phase == Phase.FOLLOWS);
    }

    /** The next snapshot goes out at once, whatever the zone's interval. */
    boolean isUrgent() {
        return urgent;
    }

    /** Got a snapshot without its scrollback during a flood; gets it when the flood is over. */
    boolean owesScrollback() {
        return owesScrollback;
    }

    /** What was asked for as its newest snapshot with scrollback, which it still shows, in bytes; 0: it has none. */
    int scrollbackAsked() {
        return scrollbackAsked;
    }

    /** Its scrollback comes by another snapshot. */
    void getsScrollback() {
        owesScrollback = false;
        needsSnapshotAgain(SnapshotReason.SCROLLBACK);
    }

    /** @param whole all of it came */
    void scrollbackCame(int askedBytes, boolean whole) {
        scrollbackAsked = askedBytes;
        owesScrollback = !whole;
    }

    /** Output was passed over since it attached. */
    boolean hasSkipped() {
        return skipped;
    }

    /** It may be told what is no output: it is not over, and those before it cannot be many that wait to be read. */
    boolean hearsBulletins() {
        return !exitTold && (unacked.count() == 0 || bulletins < Bulletins.MAX_UNACKED);
    }

    void bulletinTold() {
        bulletins++;
    }

    boolean isExitTold() {
        return exitTold;
    }

    void exitTold() {
        exitTold = true;
    }

    Zone zone() {
        return zone;
    }

    void enters(Zone next) {
        zone = next;
    }

    long skippedBytes() {
        return skippedBytes;
    }

    long deliveredBytes() {
        return deliveredBytes;
    }

    /** Notes that a delivery of {@code size} bytes, counted already, goes out now. */
    void delivered(int size, FlowConfig limits, long now) {
        if (unacked.count() == 1) {
            lastProgress = now;
        }
        lastSlot = onTheGrid(limits, now);
        everDelivered = true;
        deliveredBytes += size;
        tellLink(now);
        window.sent(unacked, now);
    }

    /** The link hears what is in flight, before the window reckons with it. */
    private void tellLink(long time) {
        long bytes = isGone() ? 0 : unacked.bytes();
        link.inFlight(bytes - bytesTold);
        bytesTold = bytes;
        boolean isBusy = !isGone() && unacked.count() > 0;
        if (isBusy != busy) {
            busy = isBusy;
            if (isBusy) {
                link.isBusy();
            } else {
                link.isIdle(time);
            }
        }
    }

    /**
     * Deliveries after that one did not arrive, nor did the exit unless {@code exitHeard}: the subscriber stands again
     * where it stood before them. Whether the size at that place did, and who drives, is not known: they are told again.
     */
    void takeBackAfter(long lastSeq, boolean exitHeard, long now) {
        while (unacked.count() > 0 && unacked.lastSeq() > lastSeq) {
            Leap leap = leaps.peekLast();
            boolean leapt = leap != null && leap.seq() == unacked.lastSeq();
            int size = unacked.undo();
            deliveredBytes -= size;
            if (leapt) {
                takeBack(leaps.removeLast());
            } else {
                cursor.moveTo(offset() - size);
            }
        }
        window.takenBack();
        tellLink(now);
        exitTold &= exitHeard;
        cursor.forgetSizeFrom(offset());
        cursor.forgetLease();
    }

    private void takeBack(Leap leap) {
        needsSnapshotAgain(SnapshotReason.RESUME);
        skippedBytes -= leap.skipped();
        cursor.moveTo(leap.from());
    }

    /**
     * Notes that a snapshot, counted already, has gone out and stands for all before its offset; returns how many bytes of
     * output that passes over.
     */
    long snapshotSent(Delivery.Counted snapshot) {
        while (!leaps.isEmpty() && !unacked.holds(leaps.getFirst().seq())) {
            leaps.removeFirst();
        }
        long skipped = started ? Math.max(0, snapshot.offset() - offset()) : 0;
        leaps.addLast(new Leap(snapshot.seq(), snapshot.payload().length(), offset(), snapshot.offset(), skipped));
        skippedBytes += skipped;
        started = true;
        urgent = false;
        phase = Phase.FOLLOWS;
        cursor.moveTo(snapshot.offset());
        return skipped;
    }

    /** Offset up to which the output is acked, or was when it attached. Reckoned when asked: a delivery costs nothing. */
    long ackedTo() {
        long surplus = leaps.stream()
                .filter(leap -> unacked.holds(leap.seq()))
                .mapToLong(Leap::surplus)
                .sum();
        return offset() - unacked.bytes() + surplus;
    }

    void acked(long now) {
        lastProgress = now;
        bulletins = 0;
        tellLink(now);
        window.acked(unacked, deliveredBytes - unacked.bytes(), unacked.ackedSize(), now);
    }

    /** When the zone's interval lets the next delivery go; at the latest {@code now} where it may at once. */
    long nextSlot(FlowConfig limits, long now) {
        long interval = zone.intervalNanos(limits);
        return interval == 0 || !everDelivered ? now : lastSlot + interval;
    }

    /** Timers are late by a little, slots are not: else an interval of 10 ms would be 11. */
    private long onTheGrid(FlowConfig limits, long now) {
        long interval = zone.intervalNanos(limits);
        long slot = lastSlot + interval;
        boolean met = everDelivered && interval > 0 && slot <= now && now - slot < interval / LATE;
        return met ? slot : now;
    }

    /** How much of what waits may go out now, in bytes; at most 0: nothing, there is as much in flight as may be. */
    long room(long now) {
        return window.room(unacked, zone == Zone.GREEN, lastProgress, now);
    }

    boolean takesSnapshot(long now) {
        return window.takesSnapshot(unacked, zone == Zone.GREEN, lastProgress, now);
    }

    /** The largest delivery for the window, in bytes. */
    long part(long now) {
        return window.part(unacked, zone == Zone.GREEN, lastProgress, now);
    }

    /** When there may be room without any ack. */
    long opensAt(long now) {
        return window.opensAt(unacked, lastProgress, now);
    }

    /** Whether so many bytes, which wait, would take the link longer than that. */
    boolean takesLong(long bytes, long nanos, long now) {
        return bytes > 0 && window.takesLong(unacked, bytes, nanos, now);
    }

    void listens(long now) {
        near |= unacked.lastSeq() == 0 && now - attachedAt < NEAR_NANOS;
        listening = true;
    }

    /**
     * How large a snapshot may be for the sake of its scrollback: what the link takes in a moment. Powers of two, so that
     * many share one.
     */
    int scrollbackBytes() {
        int first = near ? NEAR_SNAPSHOT_BYTES : DeliveryWindow.START_BYTES;
        int sharers = 1 + link.others(busy) + link.awaiting();
        int unknown = Math.max(DeliveryWindow.LEAST_BYTES, Integer.highestOneBit(first / sharers));
        int least = window.hasPace() ? DeliveryWindow.LEAST_BYTES : unknown;
        long taken = Math.max(1, window.takes(SNAPSHOT_NANOS));
        return (int) Math.max(least, Math.min(Long.highestOneBit(taken), 1 << 30));
    }

    /** Wants output first and has got nothing: what leaves the backlog before it begins it does not miss. */
    boolean mayBeginLater() {
        return attachment.outputFirst() && unacked.lastSeq() == 0;
    }

    /** Begins with the byte at the offset, without a snapshot. */
    void beginAt(long first) {
        phase = Phase.FOLLOWS;
        started = true;
        cursor.moveTo(first);
    }

    /** What it named to begin with is lost, and it has got nothing: it begins as one that named nothing. */
    void beginsAnew() {
        needsSnapshotAgain(SnapshotReason.ATTACH);
        started = false;
    }

    /** Output is passed over: it gets the screen instead, and its scrollback later. */
    void skips() {
        skips(SnapshotReason.LAG);
    }

    private void skips(SnapshotReason reason) {
        skipped = true;
        scrollbackAsked = 0;
        needsSnapshotAgain(reason);
        owesScrollback = attachment.scrollbackLines() > 0;
    }

    /** The same, at once, whatever the zone's interval. */
    void skipsUrgently() {
        skips(SnapshotReason.INTERRUPT);
        urgent = true;
    }

    /** What it has is out of date; a snapshot that is on its way will do. */
    void needsSnapshotAgain(SnapshotReason reason) {
        if (phase == Phase.FOLLOWS) {
            phase = Phase.NEEDS_SNAPSHOT;
            snapshotReason = reason;
        }
    }

    /** When the subscriber counts as stalled unless an ack comes. */
    long stallsAt(FlowConfig limits) {
        return lastProgress + limits.stall().toNanos();
    }

    /** How many bytes may go into the next delivery. At least one: the caller has checked the limit. */
    int budget(FlowConfig limits, long now) {
        long allowed = Math.min(limits.maxDeliveryBytes(), limits.maxUnackedBytes() - unacked.bytes());
        return (int) Math.max(1, Math.min(allowed, Math.min(room(now), part(now))));
    }

    /** The PTY must wait for this one: it never skips, and it lags by the whole backlog. */
    boolean holdsBack(long end, int backlogBytes) {
        return lossless && listening && !needsSnapshot() && end - offset() >= backlogBytes;
    }
}
