package io.termbus.flow.edge;

import io.termbus.flow.output.Alarm;
import io.termbus.flow.output.DisconnectReason;
import io.termbus.flow.output.Outlet;
import io.termbus.flow.output.SessionFlow;
import io.termbus.protocol.HubException;
import io.termbus.protocol.Ids;
import io.termbus.protocol.LinkMessage;
import io.termbus.protocol.LinkMessage.FromOwner;
import io.termbus.protocol.LinkMessage.Position;
import io.termbus.protocol.SessionMessage.Snapshot;
import io.vertx.core.Future;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * This node's one subscription to a session of another node, for all of its subscribers there. Takes what the owner
 * sends in order, hands it to the {@link SessionFlow} that fans it out, and acks what that has taken. Lives from the
 * first subscriber to the last. On the event loop of the flow-control instance that has the session's hash.
 *
 * <p>A gap in the numbers, an owner that does not answer a check ({@link EdgeChecks}), or that has left the cluster, make the link
 * {@link State#LOST}: it is opened anew, with a new id, from where the backlog ends, until the grace is over.
 */
public final class EdgeLink {
    private static final Logger LOG = LoggerFactory.getLogger(EdgeLink.class);
    private static final long MILLI = 1_000_000L;
    /**
     * How often a link that is lost is opened anew. Not when an answer fails to come: the bus tells of a connection that was
     * not made only then, and a wire that is mended for a second would be missed.
     */
    static final long RETRY_NANOS = 500 * MILLI;

    public enum State {
        OPENING,
        OPEN,
        LOST,
        /** The session is forgotten; subscribers get what is here. */
        ENDED,
        CLOSED
    }

    private final String session;
    private final EdgeLinks edge;
    private final Outlet clock;
    private final LinkBus bus;
    /** Nanoseconds that a link may stay lost. */
    private final LongSupplier grace;

    private final SessionFlow flow;
    private final EdgeAcks acks;
    private final EdgeReceiver receiver;
    private final EdgeSubscribers subscribers;
    private final PendingSnapshots snapshots;

    private State state = State.OPENING;
    private @Nullable Future<Position> opening;
    private String id = Ids.next();
    private String owner = "";
    private String ownerAddress = "";

    private long lostSince;
    /** The owner has answered an attempt to open the link that was given up: an answer to the newest is on its way. */
    private boolean reached;
    /** The newest attempt is not answered yet, nor has it failed. */
    private boolean asking;

    private final Alarm retry;

    /** @param flows makes the flow that this link feeds */
    public EdgeLink(
            String session,
            EdgeLinks edge,
            Outlet clock,
            LinkBus bus,
            LongSupplier grace,
            Function<EdgeLink, SessionFlow> flows) {
        this.session = session;
        this.edge = edge;
        this.clock = clock;
        this.retry = new Alarm(clock);
        this.bus = bus;
        this.grace = grace;
        this.acks = new EdgeAcks(clock, () -> state == State.OPEN, this::ack);
        this.flow = flows.apply(this);
        this.receiver = new EdgeReceiver(this, flow, acks);
        this.subscribers = new EdgeSubscribers(flow);
        this.snapshots = new PendingSnapshots(this, bus);
    }

    public String session() {
        return session;
    }

    public String id() {
        return id;
    }

    /** Name of the node that has the session; empty until it is known. */
    String owner() {
        return owner;
    }

    /** Where the owner wants to be told; known while the link is open. */
    String ownerAddress() {
        return ownerAddress;
    }

    public SessionFlow flow() {
        return flow;
    }

    public State state() {
        return state;
    }

    /**
     * Makes the link ready for one more subscriber.
     *
     * @param attach called before anything else happens to the link
     */
    public Future<Void> join(boolean lossless, Consumer<SessionFlow> attach) {
        subscribers.joins(lossless);
        return ready().transform(ready -> {
            subscribers.joined(lossless);
            try {
                return ready.succeeded() ? joined(ready.result(), attach) : Future.failedFuture(ready.cause());
            } finally {
                counted();
            }
        });
    }

    private Future<Void> joined(Position position, Consumer<SessionFlow> attach) {
        if (state == State.CLOSED) {
            return Future.failedFuture(LinkFailures.unreachable(session));
        }
        flow.reaches(position.end());
        attach.accept(flow);
        return Future.succeededFuture();
    }

    private Future<Position> ready() {
        if (state == State.OPENING) {
            Future<Position> first = opening;
            if (first == null) {
                first = open();
                opening = first;
                return first;
            }
            return first.compose(opened -> update());
        }
        if (state == State.OPEN) {
            return update();
        }
        return Future.failedFuture(
                state == State.LOST
                        ? LinkFailures.unreachable(session)
                        : HubException.notFound("no such session: " + session));
    }

    private Future<Position> open() {
        String asked = id;
        return bus.info(session)
                .compose(info -> {
                    owner = info.getString("node", "");
                    edge.opens(this);
                    return bus.open(owner, subscribers.open(id, session, edge, -1));
                })
                .recover(this::refused)
                .onSuccess(position -> opened(asked, position))
                .onFailure(cause -> close());
    }

    private Future<Position> refused(Throwable cause) {
        return Future.failedFuture(LinkFailures.told(cause, session, !owner.isEmpty()));
    }

    private Future<Position> update() {
        return bus.update(ownerAddress, subscribers.update(id)).recover(this::refused);
    }

    /** @param asked id of the link that the owner has opened; perhaps nobody wants it any more */
    private void opened(String asked, Position position) {
        if (!id.equals(asked) || (state != State.OPENING && state != State.LOST)) {
            reached = asking;
            bus.tell(position.address(), new LinkMessage.Close(asked));
            return;
        }
        if (state == State.LOST) {
            LOG.info("link to session {} of {} is there again", session, owner);
        }
        state = State.OPEN;
        retry.cancel();
        ownerAddress = position.address();
        flow.reaches(position.end());
        acks.soon();
        edge.isOpen(this);
        snapshots.askAll();
        counted();
    }

    /** Something of the owner on this link. */
    void received(FromOwner message) {
        receiver.received(message);
    }

    /** The owner has forgotten the session. */
    void ended() {
        state = State.ENDED;
        stopTimers();
        flow.removed();
        snapshots.askAll();
        counted();
    }

    /** The owner has ended the link; {@code shutdown}: and itself. */
    void closedByOwner(boolean shutdown) {
        if (shutdown) {
            flow.subscribers().disconnectAll(DisconnectReason.SHUTDOWN);
            close();
        } else {
            lose("the owner gave it up");
        }
    }

    /** The flow has taken so many outputs; a lossless subscriber may have delayed that. */
    public void taken(int outputs) {
        if (state != State.CLOSED) {
            acks.taken(outputs);
        }
    }

    private void ack(long count) {
        bus.tell(ownerAddress, new LinkMessage.Ack(id, count));
    }

    /** A subscriber here listens. */
    public void listening() {
        if (state == State.OPEN) {
            bus.tell(ownerAddress, new LinkMessage.Listens(id));
        }
    }

    /** Subscribers came or left. */
    public void counted() {
        if (subscribers.size() == 0) {
            close();
        } else if (state == State.OPEN && subscribers.isNews()) {
            bus.tell(ownerAddress, subscribers.update(id));
        }
    }

    /** The terminal's state as the owner has it; where the link is lost, as it will have it later. */
    public Future<Snapshot> snapshot(int scrollbackLines, int wantedBytes, int maxBytes) {
        return snapshots.add(scrollbackLines, wantedBytes, maxBytes);
    }

    /** What the owner is asked about this link. */
    LinkMessage.Check check() {
        return subscribers.check(id, acks.count());
    }

    /** The owner's answer to a {@link #check}, which may be one about an older link. */
    void answered(Position position) {
        if (isOpen(position.link()) && position.number() > receiver.number()) {
            lose("messages are missing");
        }
    }

    /** @param asked the link's id at the time of the {@link #check} */
    void notAnswered(String asked, String why) {
        if (isOpen(asked)) {
            lose(why);
        }
    }

    private boolean isOpen(String asked) {
        return state == State.OPEN && id.equals(asked);
    }

    /** The owner has left the cluster, as far as this node knows. */
    void ownerLeft(String node) {
        if (owner.equals(node)) {
            lose("its owner has left the cluster");
        }
    }

    void lose(String why) {
        if (state != State.OPEN && state != State.LOST) {
            return;
        }
        if (state == State.OPEN) {
            LOG.warn("link to session {} of {} is lost: {}", session, owner, why);
            lostSince = clock.nanoTime();
        }
        state = State.LOST;
        stopTimers();
        reopen();
    }

    private void reopen() {
        if (state != State.LOST) {
            return;
        }
        edge.closes(this);
        id = Ids.next();
        receiver.startOver();
        acks.startOver();
        flow.forgetUnanswered();
        edge.opens(this);
        reached = false;
        asking = true;
        retry.cancel();
        retryLater();
        String asked = id;
        bus.reopen(owner, subscribers.open(id, session, edge, flow.end()))
                .onSuccess(position -> opened(asked, position))
                .onFailure(cause -> {
                    if (state == State.LOST && id.equals(asked)) {
                        notOpened(asked, cause);
                    }
                });
    }

    private void notOpened(String asked, Throwable cause) {
        reached = false;
        asking = false;
        if (LinkFailures.isRefusal(cause)) {
            giveUp(DisconnectReason.REMOVED);
        } else if (receiver.number() > 0 && LinkFailures.isTimeout(cause)) {
            // what came on the new link says that it is open; the answer waits behind more of that
            opened(asked, new Position(asked, ownerAddress, receiver.number(), flow.end()));
        }
    }

    private void retry() {
        if (asking && (reached || receiver.number() > 0)) {
            retryLater();
        } else if (clock.nanoTime() - lostSince >= grace.getAsLong()) {
            giveUp(DisconnectReason.OWNER_UNREACHABLE);
        } else {
            reopen();
        }
    }

    private void retryLater() {
        retry.set(clock.nanoTime() + RETRY_NANOS, this::retry);
    }

    private void giveUp(DisconnectReason reason) {
        LOG.warn("session {} of {} is given up: {}", session, owner, reason);
        flow.subscribers().disconnectAll(reason);
        close();
    }

    private void stopTimers() {
        edge.isOpenNoMore(this);
        acks.stop();
        retry.cancel();
    }

    /** Idempotent. */
    private void close() {
        if (state == State.CLOSED) {
            return;
        }
        if (state == State.OPEN) {
            bus.tell(ownerAddress, new LinkMessage.Close(id));
        }
        state = State.CLOSED;
        stopTimers();
        snapshots.askAll();
        edge.forget(this);
    }
}
