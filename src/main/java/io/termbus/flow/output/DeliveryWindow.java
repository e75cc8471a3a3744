package io.termbus.flow.output;

/**
 * Bounds how much one subscriber has in flight, so that what is sent last does not come late: like congestion control,
 * from its acks alone. It doubles while acks come soon; when they come later than they could, it becomes what the link
 * takes in the shortest way and the target delay. Single writer: the flow-control instance that owns the subscriber.
 *
 * <p>A link of unknown pace and a client that never acks look alike at first, and the second must get to its zones,
 * their warnings and ends as ever. So of who has not shown that it acks
 *
 * <ul>
 *   <li>in yellow and red the zone's interval alone is the bound;
 *   <li>in green silence opens the window by doubling, after longer than the first ack takes over the slowest link.
 * </ul>
 *
 * <p>Silence of who has shown it is a link that hangs: then a quarter more every {@link #PROBE_NANOS}. So nothing ends
 * because acks were lost, and what a minute of it has added is soon through when the link goes on.
 */
final class DeliveryWindow {
    /** At first: a third of a second on a link of 50 kB/s, and a screen in colours. */
    static final int START_BYTES = 16_384;
    /** Not less, whatever the link: below it headers are most of the traffic. */
    static final int LEAST_BYTES = 4096;
    /** Of the window: a delivery is no larger, so that acks come often. */
    static final int PARTS = 4;
    /** What a delivery costs on the wire beside its bytes: address, headers and numbers, in JSON. */
    static final int OVERHEAD_BYTES = 320;

    private static final long SILENCE_NANOS = 500_000_000L;
    /** Of the shortest way: an ack is not late before. */
    private static final int WAYS_OF_SILENCE = 4;
    /** The slowest link worth a thought, about 10 kB/s on the wire: so long may the oldest delivery take there. */
    private static final long NANOS_A_BYTE = 125_000L;

    /** Of others: more is not waited for without any ack. With the first of them it is known how long the line is. */
    private static final int MOST_BEFORE = 2 * START_BYTES;

    private static final long OPENING_NANOS = 100_000_000L;
    private static final long PROBE_NANOS = 500_000_000L;
    /** A pace is taken over so long at least: clients ack in batches of 50 ms or so. */
    private static final long MEASURE_NANOS = 150_000_000L;
    /** Who is nearer is in this house: until it has shown a pace, its window counts bytes and no overhead. */
    private static final long NEAR_NANOS = 20_000_000L;

    /** A line of more than so much is held shorter: so long as it lasts a key waits, and acks come in time all the same. */
    private static final double QUICK_BYTES = 65_536;
    /** Of the target delay, at least; more than half of it, from which on a line stands. */
    private static final double QUICK_SHARE = 0.6;

    /** While all subscribers of a connection wait for its link to be empty each looks so often whether it is. */
    private static final long EMPTYING_LOOK_NANOS = 20_000_000L;

    private static final long NONE = 0;

    private final long targetNanos;
    private final long mostBytes;
    private final SharedLink link;

    private double window = START_BYTES;
    /** Cost a nanosecond while a line stood before the subscriber; 0: none has stood yet. */
    private double pace;
    /** Cost a nanosecond of the quickest single delivery: the link takes that at least. */
    private double seen;

    /** The newest delivery that was sent with nothing else in flight. */
    private long aloneSeq = NONE;

    /** The delivery from whose sending to whose ack the pace is taken. */
    private long timedSeq = NONE;

    private long timedFrom;
    private long timedAcked;
    /** When it was sent most of the window was in flight. */
    private boolean timedFull;

    private long ackedCost;

    /**
     * @param targetMs the setting {@code flow.targetDelayMs}
     * @param mostBytes the window never gets larger
     * @param link over which the deliveries go
     */
    DeliveryWindow(int targetMs, long mostBytes, SharedLink link) {
        this.link = link;
        this.targetNanos = targetMs * 1_000_000L;
        this.mostBytes = mostBytes;
    }

    /** A delivery, counted in {@code unacked} already, goes out. */
    void sent(UnackedWindow unacked, long now) {
        if (unacked.count() == 1 && link.isOfOne()) {
            aloneSeq = unacked.lastSeq();
        }
        if (timedSeq == NONE) {
            timedSeq = unacked.lastSeq();
            timedFrom = now;
            timedAcked = ackedCost;
            timedFull = 2 * fullCost(unacked) >= share(unacked);
        }
    }

    /** Deliveries were taken back: what was being timed may be one of them. */
    void takenBack() {
        timedSeq = NONE;
        aloneSeq = NONE;
    }

    /**
     * @param unacked after the ack
     * @param ackedBytes of all deliveries that are acked
     * @param newest size of the newest delivery that was acked
     */
    void acked(UnackedWindow unacked, long ackedBytes, int newest, long now) {
        long throughSeq = unacked.lastSeq() - unacked.count();
        long total = ackedBytes + OVERHEAD_BYTES * throughSeq;
        long cost = total - ackedCost;
        ackedCost = total;
        long way = Math.max(1, unacked.age(throughSeq, now));
        link.acked(way, now);
        noteWay(way, throughSeq, newest, now);
        boolean stands = stands(unacked, way, now);
        measure(throughSeq, stands, now);
        boolean used = 2 * (fullCost(unacked) + cost) >= share(unacked);
        if (stands && pace > 0) {
            window = Math.min(mostBytes, Math.max(LEAST_BYTES, pace * (link.shortestWay() + aimNanos())));
            link.lineStands(now);
        } else if (!stands && used && !link.isEmptying() && knowsWay()) {
            window = Math.min(mostBytes, window + cost * sharers(unacked));
        }
    }

    /** How long the line before the subscriber is to be: the target delay, on a quick link less. */
    private double aimNanos() {
        return Math.min(targetNanos, Math.max(QUICK_BYTES / pace, QUICK_SHARE * targetNanos));
    }

    /** The way of what is larger than a part of the window, as snapshots may be, is mostly its own length. */
    private void noteWay(long way, long seq, int size, long now) {
        seen = Math.max(seen, (size + OVERHEAD_BYTES) / (double) way);
        if (size <= Math.max(LEAST_BYTES, window / PARTS)) {
            link.noteWay(way, seq == aloneSeq, targetNanos, now);
        }
    }

    /** Whether a line stands before the subscriber: what was acked last came late, or what is to be acked next will. */
    private boolean stands(UnackedWindow unacked, long way, long now) {
        if (!knowsWay()) {
            return false;
        }
        long next = unacked.count() == 0 ? 0 : unacked.age(unacked.lastSeq() - unacked.count() + 1, now);
        long shortest = link.shortestWay();
        return way - shortest >= targetNanos / 2 || next - shortest >= targetNanos;
    }

    /** While a line stands and the window is used the pace is the link's; else it says only what the link takes at least. */
    private void measure(long throughSeq, boolean stands, long now) {
        long took = now - timedFrom;
        if (timedSeq == NONE || timedSeq > throughSeq || stands && took < MEASURE_NANOS) {
            return;
        }
        timedSeq = NONE;
        double measured = (ackedCost - timedAcked) / (double) Math.max(1, took);
        if (stands && timedFull || pace > 0 && measured > pace) {
            pace = pace == 0 ? measured : (pace + 3 * measured) / 4;
        }
    }

    /**
     * How many bytes may go out beside what is in flight; none where that is 0 or less.
     *
     * @param green the zone throttles nothing
     * @param lastProgress when the last ack came, or the oldest unacked delivery went out where that is later
     */
    long room(UnackedWindow unacked, boolean green, long lastProgress, long now) {
        if (!green && !hasShown()) {
            return mostBytes;
        }
        if (link.mustEmpty(now) && silence(unacked, lastProgress, now) < 0) {
            return 0;
        }
        if (unacked.count() == 0) {
            return limit(unacked, lastProgress, now);
        }
        boolean bytesAlone = !hasShown() && (!knowsWay() || link.shortestWay() < NEAR_NANOS);
        long inFlight = bytesAlone ? unacked.bytes() : fullCost(unacked) + OVERHEAD_BYTES;
        return limit(unacked, lastProgress, now) - inFlight;
    }

    /** Whether a snapshot may go: half of the window is free. */
    boolean takesSnapshot(UnackedWindow unacked, boolean green, long lastProgress, long now) {
        long room = room(unacked, green, lastProgress, now);
        return room == mostBytes || 2 * room >= limit(unacked, lastProgress, now);
    }

    /** The largest delivery, in bytes. */
    long part(UnackedWindow unacked, boolean green, long lastProgress, long now) {
        boolean free = !green && !hasShown();
        return free ? mostBytes : Math.max(LEAST_BYTES / PARTS, limit(unacked, lastProgress, now) / PARTS);
    }

    /** When silence may have made room where there is none at {@code now}. */
    long opensAt(UnackedWindow unacked, long lastProgress, long now) {
        long step = hasShown() ? PROBE_NANOS : OPENING_NANOS;
        long silence = silence(unacked, lastProgress, now);
        long opens = silence < 0 ? now - silence : now + step - silence % step;
        return link.mustEmpty(now) ? Math.min(opens, now + EMPTYING_LOOK_NANOS) : opens;
    }

    /** Whether the link's pace is known, as a line has stood before it; else only what it takes at least. */
    boolean hasPace() {
        return pace > 0;
    }

    /** What the link takes in that time, as far as is known. */
    long takes(long nanos) {
        return (long) ((pace > 0 ? pace : seen) * nanos);
    }

    /** Whether so many bytes take longer than that; where no ack has come yet, whether the first has taken longer. */
    boolean takesLong(UnackedWindow unacked, long bytes, long nanos, long now) {
        if (seen == 0) {
            return unacked.count() > 0 && unacked.age(unacked.lastSeq() - unacked.count() + 1, now) > nanos;
        }
        return bytes > takes(nanos);
    }

    private long limit(UnackedWindow unacked, long lastProgress, long now) {
        double limit = share(unacked);
        long silence = silence(unacked, lastProgress, now);
        if (silence >= 0 && unacked.count() > 0) {
            limit *= hasShown()
                    ? 1 + (1 + silence / PROBE_NANOS) / (double) PARTS
                    : Math.pow(2, 1 + silence / OPENING_NANOS);
        }
        return (long) Math.min(mostBytes, limit);
    }

    /** Nanoseconds for which an ack is overdue; less than 0: it is not. */
    private long silence(UnackedWindow unacked, long lastProgress, long now) {
        long oldest = unacked.count() == 0 ? 0 : unacked.oldestSize();
        long far = knowsWay() ? WAYS_OF_SILENCE * link.shortestWay() : 0;
        long since = Math.max(lastProgress, expected(unacked, now));
        return now - since - SILENCE_NANOS - far - (oldest + before(unacked)) * NANOS_A_BYTE;
    }

    /** When the ack of the oldest may come by what others before it in the line took; of who is alone nothing is known. */
    private long expected(UnackedWindow unacked, long now) {
        if (unacked.count() == 0) {
            return link.isEmptying() ? link.ackedAt() : Long.MIN_VALUE;
        }
        if (link.others(true) == 0) {
            return Long.MIN_VALUE;
        }
        long sent = now - unacked.age(unacked.lastSeq() - unacked.count() + 1, now);
        return sent + link.newestWay();
    }

    /** Bytes of others that may stand before the oldest, as far as they are waited for: they may never be acked either. */
    private long before(UnackedWindow unacked) {
        long known = link.bytes() - unacked.bytes();
        return Math.min(MOST_BEFORE, known + (long) LEAST_BYTES * link.elsewhere());
    }

    /** Of the window, until the pace of what is left by others is known: all who have something in flight begin as one. */
    private double share(UnackedWindow unacked) {
        return pace > 0 ? window : Math.max(LEAST_BYTES, window / sharers(unacked));
    }

    private int sharers(UnackedWindow unacked) {
        return 1 + link.others(unacked.count() > 0);
    }

    private boolean knowsWay() {
        return link.shortestWay() != SharedLink.UNKNOWN;
    }

    /** It has acked under load. */
    private boolean hasShown() {
        return pace > 0 || window > START_BYTES;
    }

    private static long fullCost(UnackedWindow unacked) {
        return unacked.bytes() + (long) OVERHEAD_BYTES * unacked.count();
    }
}
