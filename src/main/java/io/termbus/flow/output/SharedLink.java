package io.termbus.flow.output;

/**
 * The network link to one client, which all subscribers of its connection share: what one has in flight delays the others. Of those of its own flow-control instance it knows who has something in flight, of the others how many there
 * are. Single writer: the flow-control instance.
 */
public final class SharedLink {
    static final long UNKNOWN = Long.MAX_VALUE;
    /** A shortest way that was not met again for so long is measured anew, with nothing else in flight. */
    private static final long SHORTEST_NANOS = 10_000_000_000L;
    /** For so long, and some ways more, all wait until what several have in flight is acked: one may never ack. */
    private static final long EMPTYING_NANOS = 500_000_000L;

    private static final int EMPTYING_WAYS = 4;

    private final Runnable unused;
    private int subscribers;
    private int busy;
    private int awaiting;
    private long bytes;
    /** Until then several had something in flight. */
    private long sharedUntil;

    private int elsewhere;

    private long shortestWay = UNKNOWN;
    private long shortestSince;
    /** Shortest of all: beyond it and the target no way is believed in while others send that are not known. */
    private long leastWay = UNKNOWN;
    /** The next delivery goes alone, to see the link's own way. */
    private boolean emptying;

    private long emptyingSince;

    private long newestWay;
    private long ackedAt;

    /** @param unused run when the last subscriber has left */
    SharedLink(Runnable unused) {
        this.unused = unused;
    }

    /** Of a subscriber that shares it with nobody. */
    static SharedLink ofOne() {
        return new SharedLink(() -> {});
    }

    /** A subscriber comes; {@link #left} must follow. */
    void joined() {
        subscribers++;
    }

    void left() {
        subscribers--;
        if (subscribers == 0) {
            unused.run();
        }
    }

    /** A subscriber has something in flight; {@link #isIdle} must follow. */
    void isBusy() {
        busy++;
    }

    void isIdle(long now) {
        if (busy > 1) {
            sharedUntil = now;
        }
        busy--;
    }

    /** A subscriber gets a snapshot soon; {@link #snapshotCame} must follow. */
    void snapshotAsked() {
        awaiting++;
    }

    void snapshotCame() {
        awaiting--;
    }

    /** How many get a snapshot soon. */
    int awaiting() {
        return awaiting;
    }

    /** So many subscribers of the connection belong to other instances. */
    void elsewhere(int count) {
        elsewhere = count;
    }

    /** Of the others the ones of whom no more is known. */
    int elsewhere() {
        return elsewhere;
    }

    /**
     * How many others have something in flight, or may have.
     *
     * @param isBusy who asks has
     */
    int others(boolean isBusy) {
        return elsewhere + busy - (isBusy ? 1 : 0);
    }

    /** Nothing is in flight but what one subscriber has sent. */
    boolean isOfOne() {
        return busy == 1;
    }

    /** So many bytes more are in flight. */
    void inFlight(long more) {
        bytes += more;
    }

    /** Bytes that are in flight of those of whom it is known. */
    long bytes() {
        return bytes;
    }

    /** A delivery to one of them was acked {@code way} nanoseconds after it went out. */
    void acked(long way, long now) {
        newestWay = way;
        ackedAt = now;
    }

    /** How long what was acked last was on its way, whosever it was; 0: nothing was. */
    long newestWay() {
        return newestWay;
    }

    /** When that was. */
    long ackedAt() {
        return ackedAt;
    }

    /** Shortest way from a delivery to its ack, in nanoseconds, or {@link #UNKNOWN}. */
    long shortestWay() {
        return shortestWay;
    }

    /**
     * A way that may be the shortest.
     *
     * @param alone nothing else of the instance was in flight
     * @param targetNanos the setting {@code flow.targetDelayMs}
     */
    void noteWay(long way, boolean alone, long targetNanos, long now) {
        boolean anew = alone && now - shortestSince > SHORTEST_NANOS;
        if (way <= shortestWay || anew) {
            leastWay = Math.min(leastWay, way);
            shortestWay = elsewhere == 0 ? way : Math.min(way, leastWay + targetNanos);
            if (alone || busy < 2 && now - way > sharedUntil) { // else it may have stood behind what others sent
                shortestSince = now;
                emptying = false;
            }
        }
    }

    /** A line stands: it may hide that the way has got longer. */
    void lineStands(long now) {
        if (!emptying && now - shortestSince > SHORTEST_NANOS) {
            emptying = true;
            emptyingSince = now;
        }
    }

    boolean isEmptying() {
        return emptying;
    }

    /** What is on its way must come first. Where that takes too long it is tried again later. */
    boolean mustEmpty(long now) {
        if (emptying
                && busy + awaiting > 1
                && now - emptyingSince > EMPTYING_NANOS + EMPTYING_WAYS * Math.max(0, newestWay)) {
            emptying = false;
            shortestSince = now;
        }
        return emptying && busy + awaiting > 0;
    }
}
