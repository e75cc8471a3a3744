package io.termbus.flow.output;

import io.termbus.config.FlowConfig;
import io.termbus.flow.output.Bulletins.Bulletin;
import io.termbus.protocol.LinkMessage;
import io.termbus.protocol.LinkMessage.Open;
import io.termbus.protocol.Payload;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Feeds one other node with a session's output: each byte once, however many subscribers that node has, and each change of
 * size where it belongs. No zones: the edge acks what it has taken, at once unless one of its subscribers never skips.
 * Single writer: the flow-control instance that owns the session.
 *
 * <p>Invariant: no more than {@link #WINDOW_BYTES} and one delivery are on their way. So much a flood may delay what
 * else goes between the two nodes, and so much a node that hangs can hold here beside the backlog.
 */
final class LinkFeed implements Reader {
    private static final Logger LOG = LoggerFactory.getLogger(LinkFeed.class);

    static final int WINDOW_BYTES = 1 << 20;

    private final Open edge;
    private final SessionFlow flow;
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
     * @param flow of the session, which has this for a reader until {@link #stop}
     * @param stopped told by {@link #stop}
     */
    LinkFeed(Open edge, SessionFlow flow, FlowConfig limits, Outlet outlet, Runnable stopped) {
        this.edge = edge;
        this.flow = flow;
        this.silence = new Alarm(outlet);
        this.limits = limits;
        this.outlet = outlet;
        this.backlog = flow.output().backlog();
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

    SessionFlow flow() {
        return flow;
    }

    @Override
    public boolean isLossless() {
        return lossless;
    }

    @Override
    public int subscribers() {
        return subscribers;
    }

    /** Number of the newest message. */
    long number() {
        return number;
    }

    @Override
    public long keepFrom() {
        return lossless ? cursor.offset() : NOTHING;
    }

    /** Nobody here knows what its subscribers have not been sent. */
    @Override
    public boolean lags() {
        return true;
    }

    long unackedBytes() {
        return unacked.bytes();
    }

    void update(boolean nowLossless, int nowSubscribers) {
        lossless = nowLossless;
        subscribers = nowSubscribers;
        flow.countChanged();
    }

    /** Idempotent. */
    void acked(long count) {
        if (unacked.ackThrough(count) > 0) {
            run();
            flow.moved(this);
        }
    }

    /** The edge lives. */
    void sign() {
        lastSign = outlet.nanoTime();
        signed = true;
    }

    /** Sends what may go now. */
    @Override
    public void run() {
        boolean moved = true;
        while (moved) {
            moved = step();
        }
    }

    private boolean step() {
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
            tellExit();
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
        return whole || unacked.bytes() < LinkMessage.ACKED_AT_ONCE_BYTES;
    }

    private boolean output() {
        Payload bytes = cursor.take(limits.maxDeliveryBytes());
        unacked.sent(bytes.length());
        send(new LinkMessage.Output(edge.link(), ++number, cursor.offset(), bytes));
        return true;
    }

    private void tellExit() {
        if (!exitTold) {
            flow.output().exit().ifPresent(exit -> {
                exitTold = true;
                send(new LinkMessage.Exited(edge.link(), ++number, exit.code(), exit.signal()));
            });
        }
    }

    /** Everything is sent, the exit too. */
    @Override
    public boolean isDone() {
        return exitTold && cursor.isAtEnd();
    }

    @Override
    public void finish() {
        send(new LinkMessage.Removed(edge.link(), ++number));
        stop();
    }

    @Override
    public void shutDown() {
        closed(true);
    }

    private int window() {
        return Math.min(WINDOW_BYTES, limits.maxUnackedBytes());
    }

    private void startAt(long from) {
        cursor.moveTo(from);
        send(new LinkMessage.Restarted(edge.link(), ++number, from));
    }

    @Override
    public void cleared() {
        run();
        send(new LinkMessage.Cleared(edge.link(), ++number));
    }

    @Override
    public void interrupted(String connection) {
        send(new LinkMessage.Interrupted(edge.link(), ++number, connection));
    }

    @Override
    public void typed(String connection) {
        send(new LinkMessage.Typed(edge.link(), ++number, connection));
    }

    private void closed(boolean shutdown) {
        send(new LinkMessage.Closed(edge.link(), ++number, shutdown));
        stop();
    }

    /**
     * An edge that gives no sign is fed no more.
     *
     * @param firstNanos how long it may take to give its first sign
     * @param limitNanos how long it may be silent after that
     */
    void watch(long firstNanos, long limitNanos) {
        silence.set(outlet.nanoTime() + untilSilent(firstNanos, limitNanos), () -> {
            if (untilSilent(firstNanos, limitNanos) <= 0) {
                LOG.warn("node {} gives no sign: session {} goes there no more", edge.node(), edge.session());
                closed(false);
            } else {
                watch(firstNanos, limitNanos);
            }
        });
    }

    private long untilSilent(long firstNanos, long limitNanos) {
        return lastSign + (signed ? limitNanos : firstNanos) - outlet.nanoTime();
    }

    /** The edge gets no more. Idempotent. */
    void stop() {
        if (flow.remove(this)) {
            silence.cancel();
            stopped.run();
            flow.countChanged();
        }
    }

    private void send(LinkMessage message) {
        outlet.link(edge.address(), message);
    }
}
