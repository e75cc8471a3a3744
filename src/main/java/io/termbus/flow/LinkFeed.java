package io.termbus.flow;

import io.termbus.config.FlowConfig;
import io.termbus.flow.Bulletins.Bulletin;
import io.termbus.protocol.LinkMessage;
import io.termbus.protocol.LinkMessage.Open;
import io.termbus.protocol.Payload;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What one other node gets of a session: each byte once, however many subscribers that node has, and each change of
 * size where it belongs. No zones: the edge acks what it has taken, at once unless one of its subscribers never skips.
 * Single writer: the flow-control instance that owns the session.
 *
 * <p>Invariant: no more than {@link #WINDOW_BYTES} and one delivery are on their way. So much a flood may delay what
 * else goes between the two nodes, and so much a node that hangs can hold here beside the backlog.
 */
final class LinkFeed {
    static final int WINDOW_BYTES = 1 << 20;
    /** Not less than {@link EdgeAcks#ENOUGH_BYTES}: with so much on its way an ack is sure to come at once. */
    private static final int ENOUGH_ON_THE_WAY = EdgeAcks.ENOUGH_BYTES;

    private final Open edge;
    private final FlowConfig limits;
    private final Outlet outlet;
    private final Backlog backlog;
    private final Runnable stopped;
    private final UnackedWindow unacked = new UnackedWindow();
    private boolean lossless;
    private int subscribers;
    private long number;
    private final Cursor cursor;
    private long lastSign;
    private boolean signed;
    private boolean exitTold;
    private final Alarm silence;

    /**
     * Begins where the edge wants to go on; where that is not held, at the oldest byte that is.
     *
     * @param stopped told by {@link #stop}
     */
    LinkFeed(Open edge, FlowConfig limits, Outlet outlet, Backlog backlog, Runnable stopped) {
        this.edge = edge;
        this.silence = new Alarm(outlet);
        this.limits = limits;
        this.outlet = outlet;
        this.backlog = backlog;
        this.stopped = stopped;
        this.lossless = edge.lossless();
        this.subscribers = edge.subscribers();
        this.lastSign = outlet.nanoTime();
        boolean held = edge.from() >= backlog.start() && edge.from() <= backlog.end();
        this.cursor = new Cursor(backlog, 0);
        startAt(held ? edge.from() : backlog.start());
        backlog.bulletins().lease().ifPresent(this::tell);
    }

    Open edge() {
        return edge;
    }

    boolean lossless() {
        return lossless;
    }

    int subscribers() {
        return subscribers;
    }

    /** Number of the newest message. */
    long number() {
        return number;
    }

    long offset() {
        return cursor.offset();
    }

    long unackedBytes() {
        return unacked.bytes();
    }

    void update(boolean nowLossless, int nowSubscribers) {
        lossless = nowLossless;
        subscribers = nowSubscribers;
    }

    /** @return whether that was news */
    boolean acked(long count) {
        return unacked.ackThrough(count) > 0;
    }

    /** The edge lives. */
    void sign() {
        lastSign = outlet.nanoTime();
        signed = true;
    }

    /** Sends what may go now. */
    void run(@Nullable FeedEnd end) {
        boolean moved = true;
        while (moved) {
            moved = step(end);
        }
    }

    private boolean step(@Nullable FeedEnd end) {
        if (cursor.isBehind()) {
            startAt(backlog.end());
        }
        Backlog.SizeMark mark = cursor.takeSize();
        if (mark != null) {
            send(new LinkMessage.Resized(edge.link(), ++number, mark.cols(), mark.rows()));
            return true;
        }
        Optional<Bulletin> bulletin = cursor.takeBulletin();
        if (bulletin.isPresent()) {
            tell(bulletin.get());
            return true;
        }
        if (cursor.isAtEnd()) {
            tellEnd(end);
            return false;
        }
        return mayGo() && output();
    }

    private void tell(Bulletin it) {
        send(new LinkMessage.Told(edge.link(), ++number, it.kind(), it.offset(), it.body()));
    }

    /** What is little goes at once while little is on its way; then only whole deliveries, until an ack comes. */
    private boolean mayGo() {
        if (unacked.bytes() >= window()) {
            return false;
        }
        boolean whole = cursor.meetsSize() || cursor.waiting() >= limits.maxDeliveryBytes();
        return whole || unacked.bytes() < ENOUGH_ON_THE_WAY;
    }

    private boolean output() {
        Payload bytes = cursor.take(limits.maxDeliveryBytes());
        unacked.sent(bytes.length());
        send(new LinkMessage.Output(edge.link(), ++number, cursor.offset(), bytes));
        return true;
    }

    private void tellEnd(@Nullable FeedEnd end) {
        if (end != null && !exitTold) {
            exitTold = true;
            send(new LinkMessage.Exited(edge.link(), ++number, end.code(), end.signal()));
        }
    }

    /** Everything is sent, the exit too. */
    boolean isDone() {
        return exitTold && cursor.isAtEnd();
    }

    private int window() {
        return Math.min(WINDOW_BYTES, limits.maxUnackedBytes());
    }

    private void startAt(long from) {
        cursor.moveTo(from);
        send(new LinkMessage.Restarted(edge.link(), ++number, from));
    }

    void cleared() {
        send(new LinkMessage.Cleared(edge.link(), ++number));
    }

    void interrupted(String connection) {
        send(new LinkMessage.Interrupted(edge.link(), ++number, connection));
    }

    void typed(String connection) {
        send(new LinkMessage.Typed(edge.link(), ++number, connection));
    }

    void removed() {
        send(new LinkMessage.Removed(edge.link(), ++number));
    }

    void closed(boolean shutdown) {
        send(new LinkMessage.Closed(edge.link(), ++number, shutdown));
    }

    /** The PTY must wait for this node. */
    boolean holdsBack() {
        return lossless && cursor.waiting() >= limits.backlogBytes();
    }

    /**
     * @param firstNanos how long the edge may take to give its first sign
     * @param silent called when the edge gave no sign for so long as it may
     */
    void watch(long firstNanos, long limitNanos, Runnable silent) {
        silence.set(outlet.nanoTime() + untilSilent(firstNanos, limitNanos), () -> {
            if (untilSilent(firstNanos, limitNanos) <= 0) {
                silent.run();
            } else {
                watch(firstNanos, limitNanos, silent);
            }
        });
    }

    private long untilSilent(long firstNanos, long limitNanos) {
        return lastSign + (signed ? limitNanos : firstNanos) - outlet.nanoTime();
    }

    /** The edge gets no more; called once. */
    void stop() {
        silence.cancel();
        stopped.run();
    }

    private void send(LinkMessage message) {
        outlet.link(edge.address(), message);
    }
}
