package io.termbus.flow.output;

import io.termbus.config.FlowConfig;
import io.termbus.protocol.Delivery;
import io.vertx.core.json.JsonObject;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The subscribers of one session: they attach, listen, ack and leave, and are ended by name. What each gets and when, its
 * {@link Pump} decides. Every method on the event loop of the owning instance.
 */
public final class Subscribers {
    private static final Logger LOG = LoggerFactory.getLogger(Subscribers.class);
    private static final long NANOS_PER_MILLI = 1_000_000L;

    private final String session;
    private final FlowConfig limits;
    private final Outlet outlet;
    private final SessionFlow flow;
    private final SessionOutput output;
    private final Pump pump;
    private final HoldLimit holdLimit;
    private final Map<String, Subscriber> byId = new LinkedHashMap<>();
    /** How many may hold the PTY back. */
    private int lossless;

    /** @param flow of the session */
    Subscribers(String session, FlowConfig limits, Outlet outlet, SessionFlow flow) {
        this.session = session;
        this.limits = limits;
        this.outlet = outlet;
        this.flow = flow;
        this.output = flow.output();
        this.pump = new Pump(session, limits, outlet, output, this::disconnect, flow::moved);
        this.holdLimit = new HoldLimit(limits, outlet, flow::settle, this::fallsToSkip);
    }

    /** @param link over which the subscriber gets its deliveries */
    public void attach(Attachment attachment, SharedLink link) {
        Subscriber subscriber = new Subscriber(attachment, link, limits, outlet, output.backlog(), this);
        if (attachment.outputFirst()) {
            subscriber.beginAt(output.backlog().start());
        }
        attachment.from().ifPresent(from -> resume(subscriber, from));
        byId.put(attachment.subscriber(), subscriber);
        lossless += attachment.lossless() ? 1 : 0;
        flow.add(subscriber);
        outlet.joined(session, subscriber.id(), flow.total());
        outlet.event(event("subscriber.attached", subscriber));
    }

    /** Goes on from there where that is possible; else the subscriber begins with a snapshot. */
    private void resume(Subscriber subscriber, long from) {
        if (output.canResumeAt(from)) {
            subscriber.beginAt(from);
        }
    }

    /** How many never skip. */
    int lossless() {
        return lossless;
    }

    /** Offset up to which all that never skip have acked; the end where there are none. */
    long ackedByLossless() {
        return byId.values().stream()
                .filter(Subscriber::isLossless)
                .mapToLong(Subscriber::ackedTo)
                .reduce(output.backlog().end(), Math::min);
    }

    public Optional<Subscriber> find(String id) {
        return Optional.ofNullable(byId.get(id));
    }

    Collection<Subscriber> all() {
        return byId.values();
    }

    public int size() {
        return byId.size();
    }

    /** Bytes of output that the subscriber has not been sent. */
    long lag(Subscriber subscriber) {
        return Math.max(0, output.backlog().end() - subscriber.offset());
    }

    /** Since when the subscriber has not acked all output, or not been sent it; 0: it is up to date. */
    long lagMillis(Subscriber subscriber) {
        long acked = subscriber.ackedTo();
        return acked >= output.backlog().end() ? 0 : output.clock().age(acked, outlet.nanoTime()) / NANOS_PER_MILLI;
    }

    public void listening(Subscriber subscriber) {
        subscriber.listens(outlet.nanoTime());
        pump.run(subscriber);
        outlet.listening(session);
        if (subscriber.isLossless()) {
            flow.losslessListens();
        }
        flow.moved(subscriber);
    }

    /**
     * Nobody listens any more: what was sent after {@code lastSeq} did not arrive and is taken back, and the exit unless
     * {@code exitHeard}.
     */
    public void notListening(Subscriber subscriber, long lastSeq, boolean exitHeard) {
        subscriber.listensNoMore();
        subscriber.takeBackAfter(lastSeq, exitHeard, outlet.nanoTime());
        flow.settle();
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
            flow.moved(subscriber);
        }
        return acked;
    }

    /** The subscriber leaves by itself. */
    public void detach(Subscriber subscriber) {
        drop(subscriber);
    }

    /** A client connection is gone, and its subscribers with it. */
    public void connectionClosed(String connection) {
        for (Subscriber each : List.copyOf(byId.values())) {
            if (each.attachment().connection().equals(connection)) {
                drop(each);
            }
        }
    }

    /** Ends a subscriber by name. */
    public void disconnect(Subscriber subscriber, DisconnectReason reason) {
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

    public void disconnectAll(DisconnectReason reason) {
        for (Subscriber each : List.copyOf(byId.values())) {
            disconnect(each, reason);
        }
    }

    /** A notice to each that listens. */
    void tellAll(Delivery.Kind kind, JsonObject body) {
        byId.values().forEach(each -> pump.notice(each, kind, body));
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
        if (byId.remove(subscriber.id()) == null) {
            return;
        }
        flow.remove(subscriber);
        lossless -= subscriber.isLossless() ? 1 : 0;
        subscriber.leaves(outlet.nanoTime());
        outlet.left(session, subscriber.id(), flow.total());
        outlet.event(event("subscriber.detached", subscriber));
        flow.settle();
    }

    /** {@link Subscriber#run}. */
    void run(Subscriber subscriber) {
        pump.run(subscriber);
    }

    /** {@link Subscriber#interrupted}, by the subscriber's own connection. */
    void flush(Subscriber subscriber) {
        pump.flush(subscriber);
    }

    /** {@link Subscriber#typed}, by the subscriber's own connection. */
    void flushIfLate(Subscriber subscriber) {
        pump.flushIfLate(subscriber);
    }

    /** What a subscriber that never skips was to get next is lost. Who was sent nothing begins as if it attached now. */
    void misses(Subscriber subscriber) {
        if (subscriber.mayBeginLater()) {
            return;
        }
        if (subscriber.unacked().lastSeq() > 0) {
            disconnect(subscriber, DisconnectReason.STALLED);
        } else {
            subscriber.beginsAnew();
        }
    }

    /** Who is not there for the rest of a session that is removed is told so when it listens again. */
    void finish(Subscriber subscriber) {
        if (subscriber.isGone()) {
            return;
        }
        if (subscriber.isExitTold()) {
            outlet.gone(subscriber.id());
            outlet.ended(subscriber.id(), session, DisconnectReason.REMOVED);
            drop(subscriber);
        } else {
            disconnect(subscriber, DisconnectReason.REMOVED);
        }
    }

    /**
     * Those that have held the terminal back for too long may not go on so.
     *
     * @param mayHold output waits for an answer: who lags by the whole backlog holds it back
     */
    void limitHolding(boolean mayHold) {
        if (lossless == 0 && holdLimit.isIdle()) {
            return;
        }
        long end = output.backlog().end();
        holdLimit.look(
                mayHold
                        ? byId.values().stream()
                                .filter(each -> each.holdsTooMuch(end, limits.backlogBytes()))
                                .toList()
                        : List.of());
    }

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

    private JsonObject event(String name, Subscriber subscriber) {
        return new JsonObject()
                .put("event", name)
                .put("session", session)
                .put("subscriber", subscriber.id())
                .put("connection", subscriber.attachment().connection());
    }
}
