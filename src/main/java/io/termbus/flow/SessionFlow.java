package io.termbus.flow;

import io.termbus.config.FlowConfig;
import io.termbus.protocol.Delivery;
import io.termbus.protocol.FlowMessage;
import io.termbus.protocol.SessionMessage;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The output of one session and everyone who gets it. Decides without Vert.x what goes where and when;
 * the {@link Outlet} does it. Every method on the event loop of the owning instance.
 */
final class SessionFlow {
    private static final Logger LOG = LoggerFactory.getLogger(SessionFlow.class);

    private static final long NANOS_PER_MILLI = 1_000_000L;
    /** Outputs on their way: enough to keep the PTY read while one is handled. */
    private static final int OUTPUTS = 4;
    /** An output is not longer. */
    private static final int OUTPUT_BYTES = 65_536;

    private final String session;
    private final FlowConfig limits;
    private final Outlet outlet;
    private final Backlog backlog;
    private final OutputClock clock = new OutputClock();
    private final Pump pump;
    private final LinkFeeds links;
    private final HoldLimit holdLimit;
    private final Map<String, Subscriber> subscribers = new LinkedHashMap<>();

    /** Outputs that were taken and are not answered yet: credit that is held here. */
    private int unanswered;
    /** Credit of the session in all; 0: of a session of another node, whose link has credit of its own. */
    private int credit;
    /** Subscribers that may hold the PTY back. */
    private int lossless;

    private boolean removed;
    /** Of a session of another node: its end, where that is known to be beyond the backlog's. */
    private long knownEnd;

    SessionFlow(String session, FlowConfig limits, Outlet outlet) {
        this.session = session;
        this.limits = limits;
        this.outlet = outlet;
        this.backlog = new Backlog(limits.backlogBytes());
        this.pump = new Pump(session, limits, outlet, backlog, clock, this::disconnect, this::movedLater);
        this.holdLimit = new HoldLimit(limits, outlet, this::settle, this::fallsToSkip);
        this.links = new LinkFeeds(session, limits, outlet, backlog, this::linksChanged, this::settle);
    }

    /** Of a session of this node: its first read needs no credit, the rest of it is here. */
    static SessionFlow ofOwner(String session, FlowConfig limits, Outlet outlet) {
        SessionFlow flow = new SessionFlow(session, limits, outlet);
        flow.credit = OUTPUTS;
        flow.unanswered = OUTPUTS - 1;
        return flow;
    }

    /** Takes output: appends it, moves everyone, and answers unless somebody holds the PTY back. */
    void output(FlowMessage.Output output) {
        long now = outlet.nanoTime();
        clock.came(backlog.end(), now);
        pump.outputCame(now);
        backlog.append(output.payload(), keepFrom());
        unanswered++;
        pumpThose(each -> !each.awaitsSlot());
        settle();
    }

    void resized(int cols, int rows) {
        backlog.resized(cols, rows);
        pumpAll();
    }

    /** Its readers are told of a command, or of who drives, behind the output up to that offset. */
    void told(Delivery.Kind kind, long offset, JsonObject body) {
        backlog.bulletins().add(kind, offset, body);
        pumpAll();
    }

    /** The scrollback was dropped: who may skip gets the new state, who may not goes on. */
    void cleared() {
        if (lossless == 0 && !links.lossless()) {
            backlog.dropAll();
        }
        links.cleared();
        subscribers.values().stream()
                .filter(each -> !each.isLossless() && !each.mayBeginLater())
                .forEach(each -> each.needsSnapshotAgain(SnapshotReason.CLEAR));
        pumpAll();
    }

    /** What is held of the output from one offset to another. */
    SessionMessage.Held held(long from, long to) {
        long begin = Math.min(Math.max(from, backlog.start()), backlog.end());
        return new SessionMessage.Held(begin, backlog.copy(begin, Math.max(begin, Math.min(to, backlog.end()))));
    }

    void exited(int code, Optional<String> signal) {
        pump.exited(code, signal);
        links.exited(new FeedEnd(code, signal));
        pumpAll();
    }

    /** Nobody may attach any more; who still lags gets the rest. */
    void removed() {
        removed = true;
        pump.sessionRemoved();
        links.removed();
        pumpAll();
        for (Subscriber each : List.copyOf(subscribers.values())) {
            dropIfDone(each);
        }
    }

    /** The session is forgotten. */
    boolean isRemoved() {
        return removed;
    }

    /** The session is forgotten and nobody is left. */
    boolean isFinished() {
        return removed && subscribers.isEmpty() && links.isEmpty();
    }

    /** The other nodes that get this session's output. */
    LinkFeeds links() {
        return links;
    }

    /** Subscribers of all nodes. */
    int total() {
        return subscribers.size() + links.subscribers();
    }

    boolean isLossless() {
        return lossless > 0;
    }

    /** Offset behind the newest byte that is here. */
    long end() {
        return backlog.end();
    }

    private void linksChanged() {
        outlet.left(session, "", total());
        settle();
    }

    /** Of a session of another node: its output goes on to there at least. */
    void reaches(long end) {
        knownEnd = Math.max(knownEnd, end);
    }

    /** Of a session of another node: a new link does not want the old one's answers. */
    void forgetUnanswered() {
        unanswered = 0;
    }

    /** Of a session of another node: output goes on from {@code offset}, what lies before it will not come. */
    void restartAt(long offset) {
        if (offset == backlog.end()) {
            return;
        }
        for (Subscriber each : List.copyOf(subscribers.values())) {
            if (each.isLossless() && !each.needsSnapshot() && each.offset() < offset) {
                misses(each);
            }
        }
        backlog.restartAt(offset);
        pumpAll();
        settle();
    }

    /** Who was sent nothing begins with a snapshot, as it would if it attached now. */
    private void misses(Subscriber lossless) {
        if (lossless.mayBeginLater()) {
            return;
        }
        if (lossless.unacked().lastSeq() > 0) {
            disconnect(lossless, DisconnectReason.STALLED);
        } else {
            lossless.beginsAnew();
        }
    }

    /** @param link over which the subscriber gets its deliveries */
    void attach(Attachment attachment, SharedLink link) {
        Subscriber subscriber = new Subscriber(attachment, link, limits, outlet, backlog);
        if (attachment.outputFirst()) {
            subscriber.beginAt(backlog.start());
        }
        attachment.from().ifPresent(from -> resume(subscriber, from));
        subscribers.put(attachment.subscriber(), subscriber);
        lossless += attachment.lossless() ? 1 : 0;
        outlet.joined(session, subscriber.id(), total());
        outlet.event(event("subscriber.attached", subscriber));
    }

    /** Goes on from there where the backlog holds it; else the subscriber begins with a snapshot. */
    private void resume(Subscriber subscriber, long from) {
        if (from >= backlog.start() && from <= Math.max(backlog.end(), knownEnd)) {
            subscriber.beginAt(from);
        }
    }

    Optional<Subscriber> subscriber(String id) {
        return Optional.ofNullable(subscribers.get(id));
    }

    Collection<Subscriber> subscribers() {
        return subscribers.values();
    }

    /** Bytes of output that the subscriber has not been sent. */
    long lag(Subscriber subscriber) {
        return Math.max(0, backlog.end() - subscriber.offset());
    }

    /** Since when the subscriber has not acked all output, or not been sent it; 0: it is up to date. */
    long lagMillis(Subscriber subscriber) {
        long acked = subscriber.ackedTo();
        return acked >= backlog.end() ? 0 : clock.age(acked, outlet.nanoTime()) / NANOS_PER_MILLI;
    }

    void listening(Subscriber subscriber) {
        subscriber.listens(outlet.nanoTime());
        pump.run(subscriber);
        outlet.listening(session);
        movedLater(subscriber);
    }

    /**
     * Nobody listens any more: what was sent after {@code lastSeq} did not arrive and is taken back, and the exit unless
     * {@code exitHeard}.
     */
    void notListening(Subscriber subscriber, long lastSeq, boolean exitHeard) {
        subscriber.listensNoMore();
        subscriber.takeBackAfter(lastSeq, exitHeard, outlet.nanoTime());
        settle();
    }

    /** Acks through a sequence number; returns how many deliveries that acked. */
    int ackThrough(Subscriber subscriber, long seq) {
        int before = subscriber.unacked().count();
        return acked(subscriber, before, subscriber.unacked().ackThrough(seq));
    }

    /** Acks the oldest {@code count} deliveries; returns how many that were. */
    int ackOldest(Subscriber subscriber, long count) {
        int before = subscriber.unacked().count();
        return acked(subscriber, before, subscriber.unacked().ackOldest(count));
    }

    private int acked(Subscriber subscriber, int before, int acked) {
        if (LOG.isDebugEnabled()) {
            LOG.debug(
                    "ack: subscriber {} of session {}, {} unacked deliveries before, {} after",
                    subscriber.id(),
                    session,
                    before,
                    subscriber.unacked().count());
        }
        if (acked > 0) {
            pump.acked(subscriber);
            settle();
            dropIfDone(subscriber);
        }
        return acked;
    }

    /** A connection typed an interrupt: what its lagging subscribers wait for gives way to a snapshot. */
    void interrupted(String connection) {
        lossyOf(connection).forEach(pump::flush);
        links.interrupted(connection);
    }

    /** A connection typed something else: what its subscribers would wait for too long gives way to a snapshot as well. */
    void typed(String connection) {
        lossyOf(connection).forEach(pump::flushIfLate);
        links.typed(connection);
    }

    private List<Subscriber> lossyOf(String connection) {
        return subscribers.values().stream()
                .filter(each -> each.attachment().connection().equals(connection) && !each.isLossless())
                .toList();
    }

    /** The subscriber leaves by itself. */
    void detach(Subscriber subscriber) {
        drop(subscriber);
    }

    /** A client connection is gone, and its subscribers with it. */
    void connectionClosed(String connection) {
        for (Subscriber each : List.copyOf(subscribers.values())) {
            if (each.attachment().connection().equals(connection)) {
                drop(each);
            }
        }
    }

    /** Ends a subscriber by name. */
    void disconnect(Subscriber subscriber, DisconnectReason reason) {
        if (subscriber.isGone()) {
            return;
        }
        log(subscriber, reason);
        outlet.meters().disconnected(reason);
        pump.tellDisconnected(subscriber, reason);
        outlet.ended(subscriber.id(), session, reason);
        outlet.warn(event("disconnected", subscriber)
                .put("reason", reason.toString())
                .put("level", subscriber.zone().toString())
                .put("queueSize", subscriber.unacked().count())
                .put("queueBytes", subscriber.unacked().bytes()));
        drop(subscriber);
    }

    void disconnectAll(DisconnectReason reason) {
        for (Subscriber each : new ArrayList<>(subscribers.values())) {
            disconnect(each, reason);
        }
    }

    /** Everybody is told, on other nodes too, that the hub shuts down. */
    void shutDown() {
        disconnectAll(DisconnectReason.SHUTDOWN);
        links.shutDown();
    }

    private void log(Subscriber subscriber, DisconnectReason reason) {
        String text = "subscriber {} of session {} disconnected: {}, {} unacked deliveries, {} bytes";
        Object[] facts = {
            subscriber.id(),
            session,
            reason,
            subscriber.unacked().count(),
            subscriber.unacked().bytes()
        };
        if (reason == DisconnectReason.QUEUE_OVERFLOW) {
            LOG.error(text, facts);
        } else {
            LOG.warn(text, facts);
        }
    }

    private void drop(Subscriber subscriber) {
        if (subscribers.remove(subscriber.id()) == null) {
            return;
        }
        lossless -= subscriber.isLossless() ? 1 : 0;
        subscriber.leaves(outlet.nanoTime());
        outlet.left(session, subscriber.id(), total());
        outlet.event(event("subscriber.detached", subscriber));
        settle();
    }

    private void movedLater(Subscriber subscriber) {
        settle();
        dropIfDone(subscriber);
    }

    /** Who is not there for the rest of a session that is removed is told so when it listens again. */
    private void dropIfDone(Subscriber subscriber) {
        if (!removed || subscriber.isGone()) {
            return;
        }
        if (subscriber.isExitTold()) {
            outlet.gone(subscriber.id());
            outlet.ended(subscriber.id(), session, DisconnectReason.REMOVED);
            drop(subscriber);
        } else if (!subscriber.isListening()) {
            disconnect(subscriber, DisconnectReason.REMOVED);
        }
    }

    private void pumpAll() {
        pumpThose(each -> true);
    }

    private void pumpThose(Predicate<Subscriber> wanted) {
        // A disconnect takes its subscriber out of the map, so walk over a copy where that can happen.
        for (Subscriber each : subscribers.values().toArray(new Subscriber[0])) {
            if (wanted.test(each)) {
                pump.run(each);
            }
        }
        links.run();
    }

    /** It may not hold the terminal back any more. */
    private void fallsToSkip(Subscriber subscriber, long heldNanos) {
        long millis = heldNanos / NANOS_PER_MILLI;
        LOG.warn(
                "subscriber {} of session {} held the terminal back for {} ms and skips from now on (flow.holdSeconds)",
                subscriber.id(),
                session,
                millis);
        subscriber.fallsToSkip();
        lossless--;
        pump.tellLag(subscriber, millis);
        outlet.lagChanged(session);
    }

    private void limitHolding() {
        if (lossless == 0 && holdLimit.isIdle()) {
            return;
        }
        holdLimit.look(
                unanswered == 0
                        ? List.of()
                        : subscribers.values().stream()
                                .filter(each -> each.holdsTooMuch(backlog.end(), limits.backlogBytes()))
                                .toList());
    }

    /**
     * Answers outputs, unless a lossless subscriber lags by the whole backlog; near that fewer, so that no more than one
     * comes beyond it.
     */
    private void settle() {
        limitHolding();
        int outputs = unanswered == 0 || links.holdBack() ? 0 : Math.min(unanswered, allowed());
        if (outputs > 0) {
            unanswered -= outputs;
            outlet.taken(session, outputs, lags());
        }
    }

    /** Some output waits for a subscriber here, or may for one at another node: who types is asked for. */
    private boolean lags() {
        if (!links.isEmpty()) {
            return true;
        }
        for (Subscriber each : subscribers.values()) {
            if (each.isListening() && lag(each) > 0) {
                return true;
            }
        }
        return false;
    }

    private int allowed() {
        if (lossless == 0) {
            return unanswered;
        }
        long lag = lossless().mapToLong(this::lag).max().orElse(0);
        long left = limits.backlogBytes() - lag;
        if (left <= 0) {
            return 0;
        }
        long mayBeOnTheirWay = 1 + left / OUTPUT_BYTES;
        return credit == 0 ? unanswered : (int) Math.max(0, mayBeOnTheirWay - (credit - unanswered));
    }

    /** Those that hold the PTY back when they lag. */
    private Stream<Subscriber> lossless() {
        return subscribers.values().stream()
                .filter(each -> each.isLossless() && each.isListening() && !each.needsSnapshot());
    }

    private long keepFrom() {
        if (lossless == 0) {
            return links.keepFrom();
        }
        long here = lossless().mapToLong(Subscriber::offset).min().orElse(Long.MAX_VALUE);
        return Math.min(here, links.keepFrom());
    }

    private JsonObject event(String name, Subscriber subscriber) {
        return new JsonObject()
                .put("event", name)
                .put("session", session)
                .put("subscriber", subscriber.id())
                .put("connection", subscriber.attachment().connection());
    }
}
