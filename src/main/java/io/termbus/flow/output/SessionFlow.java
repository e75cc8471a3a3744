package io.termbus.flow.output;

import io.termbus.config.FlowConfig;
import io.termbus.protocol.Delivery;
import io.termbus.protocol.FlowMessage;
import io.termbus.protocol.Payload;
import io.termbus.protocol.SessionMessage;
import io.vertx.core.json.JsonObject;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The output of one session and all its readers. Decides without Vert.x how much of it the session may go on with, by what
 * its readers keep; the {@link Outlet} says so. Every method on the event loop of the owning instance.
 */
public final class SessionFlow {
    /** Outputs on their way: enough to keep the PTY read while one is handled. */
    private static final int OUTPUTS = 4;
    /** An output is not longer. */
    private static final int OUTPUT_BYTES = 65_536;

    private final String session;
    private final FlowConfig limits;
    private final Outlet outlet;
    private final SessionOutput output;
    private final Subscribers subscribers;
    private final Set<Reader> readers = new LinkedHashSet<>();

    /** Outputs that were taken and are not answered yet: credit that is held here. */
    private int unanswered;
    /** Subscribers that never skip when the hub's program began to change, and what the last of them had acked. */
    private int awaited;

    private long awaitedFrom;
    private @Nullable Returning returning;
    /** Credit of the session in all; 0: of a session of another node, whose link has credit of its own. */
    private int credit;

    public SessionFlow(String session, FlowConfig limits, Outlet outlet) {
        this.session = session;
        this.limits = limits;
        this.outlet = outlet;
        this.output = new SessionOutput(limits.backlogBytes());
        this.subscribers = new Subscribers(session, limits, outlet, this);
    }

    /** Of a session of this node: its first read needs no credit, the rest of it is here. */
    public static SessionFlow ofOwner(String session, FlowConfig limits, Outlet outlet) {
        SessionFlow flow = new SessionFlow(session, limits, outlet);
        flow.credit = OUTPUTS;
        flow.unanswered = OUTPUTS - 1;
        return flow;
    }

    /** Of a session of this node that was kept over a change of the hub's program. */
    public static SessionFlow ofKept(String session, FlowConfig limits, Outlet outlet, SessionMessage.Kept kept) {
        SessionFlow flow = ofOwner(session, limits, outlet);
        Backlog backlog = flow.output.backlog();
        backlog.restartAt(kept.from());
        for (SessionMessage.Size size : kept.sizes()) {
            flow.restoreTo(kept, size.offset());
            backlog.resized(size.cols(), size.rows());
        }
        flow.restoreTo(kept, kept.from() + kept.output().length());
        flow.awaited = kept.awaited();
        flow.awaitedFrom = kept.awaitedFrom();
        flow.goesOn();
        return flow;
    }

    private void restoreTo(SessionMessage.Kept kept, long offset) {
        byte[] bytes = kept.output().bytes();
        int from = (int) (end() - kept.from());
        int to = (int) Math.min(Math.max(end(), offset) - kept.from(), bytes.length);
        if (from < to) {
            output.append(Payload.of(Arrays.copyOfRange(bytes, from, to)), kept.from(), outlet.nanoTime());
        }
    }

    /** What is to be kept over a change of the hub's program. */
    public SessionMessage.Kept kept() {
        Backlog backlog = output.backlog();
        return new SessionMessage.Kept(
                backlog.start(),
                backlog.copy(backlog.start(), backlog.end()),
                backlog.sizes().stream()
                        .map(each -> new SessionMessage.Size(each.offset(), each.cols(), each.rows()))
                        .toList(),
                awaited,
                awaitedFrom);
    }

    /** Who never skips has acked all that there is. */
    public boolean hasAcks() {
        return subscribers.ackedByLossless() >= end();
    }

    /** Everybody is told that the hub's program changes. Who never skips is expected back. */
    public void restarts() {
        awaited = subscribers.lossless();
        awaitedFrom = subscribers.ackedByLossless();
        subscribers.disconnectAll(DisconnectReason.RESTARTING);
    }

    /** Those who never skip may be on their way back: their output is kept for them for a while. */
    public void goesOn() {
        if (awaited > 0) {
            Returning reader = new Returning(this, awaitedFrom, awaited);
            returning = reader;
            add(reader);
            outlet.after(Returning.LIMIT_NANOS, reader::finish);
            awaited = 0;
        }
    }

    /** A subscriber that never skips listens. */
    void losslessListens() {
        if (returning != null) {
            returning.back();
        }
    }

    /** What readers take from. */
    SessionOutput output() {
        return output;
    }

    /** Its readers that are clients of this node. */
    public Subscribers subscribers() {
        return subscribers;
    }

    /** From now on it is told of all that comes; it takes by {@link Reader#run} what there is already. */
    void add(Reader reader) {
        readers.add(reader);
    }

    /** @return false: it is gone already */
    boolean remove(Reader reader) {
        return readers.remove(reader);
    }

    /** A reader has moved, or changed, by itself: it may have made room, or be done. */
    void moved(Reader reader) {
        settle();
        finishIfDone(reader);
    }

    /** The number of subscribers has changed without one of this node. */
    void countChanged() {
        outlet.left(session, "", total());
        settle();
    }

    /** Takes output: appends it, moves everyone, and answers unless somebody holds the PTY back. */
    public void output(FlowMessage.Output message) {
        output.append(message.payload(), keepFrom(), outlet.nanoTime());
        unanswered++;
        forEach(Reader::outputCame);
        settle();
    }

    public void resized(int cols, int rows) {
        output.backlog().resized(cols, rows);
        run();
    }

    /** Its readers are told of a command, or of who drives, behind the output up to that offset. */
    public void told(Delivery.Kind kind, long offset, JsonObject body) {
        output.backlog().bulletins().add(kind, offset, body);
        run();
    }

    /** The scrollback was dropped: who may skip gets the new state, who may not goes on. */
    public void cleared() {
        if (!isLossless()) {
            output.backlog().dropAll();
        }
        forEach(Reader::cleared);
        run();
    }

    /** What is held of the output from one offset to another. */
    public SessionMessage.Held held(long from, long to) {
        Backlog backlog = output.backlog();
        long begin = Math.min(Math.max(from, backlog.start()), backlog.end());
        return new SessionMessage.Held(begin, backlog.copy(begin, Math.max(begin, Math.min(to, backlog.end()))));
    }

    public void exited(int code, Optional<String> signal) {
        output.exited(new Exit(code, signal));
        run();
    }

    /** Nobody may attach any more; who still lags gets the rest. */
    public void removed() {
        output.removed();
        run();
        forEach(this::finishIfDone);
    }

    /** The session is forgotten. */
    public boolean isRemoved() {
        return output.isRemoved();
    }

    /** The session is forgotten and nobody is left. */
    public boolean isFinished() {
        return isRemoved() && readers.isEmpty();
    }

    /** Subscribers of all nodes. */
    public int total() {
        int total = 0;
        for (Reader each : readers) {
            total += each.subscribers();
        }
        return total;
    }

    /** One of the readers never skips. */
    public boolean isLossless() {
        return readers.stream().anyMatch(Reader::isLossless);
    }

    /** Offset behind the newest byte that is here. */
    public long end() {
        return output.backlog().end();
    }

    /** Of a session of another node: its output goes on to there at least. */
    public void reaches(long end) {
        output.reaches(end);
    }

    /** Of a session of another node: a new link does not want the old one's answers. */
    public void forgetUnanswered() {
        unanswered = 0;
    }

    /** Of a session of another node: output goes on from {@code offset}, what lies before it will not come. */
    public void restartAt(long offset) {
        if (offset == end()) {
            return;
        }
        forEach(each -> each.restartsAt(offset));
        output.backlog().restartAt(offset);
        run();
        settle();
    }

    /** A connection typed an interrupt: what its lagging readers wait for gives way to a snapshot. */
    public void interrupted(String connection) {
        forEach(each -> each.interrupted(connection));
    }

    /** A connection typed something else: what its readers would wait for too long gives way to a snapshot as well. */
    public void typed(String connection) {
        forEach(each -> each.typed(connection));
    }

    /** Everybody is told, on other nodes too, that the hub shuts down. */
    public void shutDown() {
        forEach(Reader::shutDown);
    }

    private void run() {
        forEach(Reader::run);
    }

    /** Over a copy: what a reader does may end it. */
    private void forEach(Consumer<Reader> action) {
        for (Reader each : readers.toArray(new Reader[0])) {
            action.accept(each);
        }
    }

    private void finishIfDone(Reader reader) {
        if (isRemoved() && reader.isDone()) {
            reader.finish();
        }
    }

    /**
     * Answers outputs, unless the backlog is full of what a reader keeps; near that fewer, so that no more than one comes
     * beyond it.
     */
    void settle() {
        subscribers.limitHolding(unanswered > 0);
        int outputs = unanswered == 0 ? 0 : Math.min(unanswered, allowed());
        if (outputs > 0) {
            unanswered -= outputs;
            outlet.taken(session, outputs, lags());
        }
    }

    private int allowed() {
        long kept = keepFrom();
        if (kept == Reader.NOTHING) {
            return unanswered;
        }
        long left = limits.backlogBytes() - (end() - kept);
        if (left <= 0) {
            return 0;
        }
        long mayBeOnTheirWay = 1 + left / OUTPUT_BYTES;
        return credit == 0 ? unanswered : (int) Math.max(0, mayBeOnTheirWay - (credit - unanswered));
    }

    /** Some output waits for a reader: who types is asked for. */
    private boolean lags() {
        for (Reader each : readers) {
            if (each.lags()) {
                return true;
            }
        }
        return false;
    }

    private long keepFrom() {
        long oldest = Reader.NOTHING;
        for (Reader each : readers) {
            oldest = Math.min(oldest, each.keepFrom());
        }
        return oldest;
    }
}
