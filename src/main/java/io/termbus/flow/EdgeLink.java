package io.termbus.flow;

import io.termbus.protocol.FlowMessage;
import io.termbus.protocol.HubException;
import io.termbus.protocol.Ids;
import io.termbus.protocol.LinkMessage;
import io.termbus.protocol.LinkMessage.FromOwner;
import io.termbus.protocol.LinkMessage.Position;
import io.termbus.protocol.SessionMessage.Snapshot;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
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
 * <p>A gap in the numbers, an owner that does not answer a check, or that has left the cluster, make the link
 * {@link State#LOST}: it is opened anew, with a new id, from where the backlog ends, until the grace is over.
 */
final class EdgeLink {
    private static final Logger LOG = LoggerFactory.getLogger(EdgeLink.class);
    private static final long MILLI = 1_000_000L;
    /** How often the owner is asked for a sign of life, and whether anything was lost at the end. */
    static final long CHECK_NANOS = 2_000 * MILLI;

    static final long RETRY_NANOS = 500 * MILLI;

    enum State {
        OPENING,
        OPEN,
        LOST,
        /** The session is forgotten; subscribers get what is here. */
        ENDED,
        CLOSED
    }

    private record StateWish(int scrollbackLines, int maxBytes, Promise<Snapshot> answer) {}

    private final String session;
    private final EdgeLinks edge;
    private final Outlet clock;
    private final LinkBus bus;
    /** Nanoseconds that a link may stay lost. */
    private final LongSupplier grace;

    private final SessionFlow flow;
    private final EdgeAcks acks;
    /** Not answered yet. */
    private final Set<StateWish> wishes = new LinkedHashSet<>();

    private State state = State.OPENING;
    private @Nullable Future<Position> opening;
    private String id = Ids.next();
    private String owner = "";
    private String ownerAddress = "";
    /** Number of the newest message of the owner. */
    private long number;

    private long lostSince;
    private int joining;
    private int losslessJoining;
    private int toldSubscribers;
    private boolean toldLossless;
    private long timer = Subscriber.NO_TIMER;

    /** @param flows makes the flow that this link feeds */
    EdgeLink(
            String session,
            EdgeLinks edge,
            Outlet clock,
            LinkBus bus,
            LongSupplier grace,
            Function<EdgeLink, SessionFlow> flows) {
        this.session = session;
        this.edge = edge;
        this.clock = clock;
        this.bus = bus;
        this.grace = grace;
        this.acks = new EdgeAcks(clock, () -> state == State.OPEN, this::ack);
        this.flow = flows.apply(this);
    }

    String session() {
        return session;
    }

    String id() {
        return id;
    }

    /** Name of the node that has the session; empty until it is known. */
    String owner() {
        return owner;
    }

    SessionFlow flow() {
        return flow;
    }

    State state() {
        return state;
    }

    /**
     * Makes the link ready for one more subscriber.
     *
     * @param attach called before anything else happens to the link
     */
    Future<Void> join(boolean lossless, Consumer<SessionFlow> attach) {
        joining++;
        losslessJoining += lossless ? 1 : 0;
        return ready().transform(ready -> {
            joining--;
            losslessJoining -= lossless ? 1 : 0;
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
                    return bus.open(owner, open(-1));
                })
                .recover(this::refused)
                .onSuccess(position -> opened(asked, position))
                .onFailure(cause -> close());
    }

    private LinkMessage.Open open(long from) {
        noteTold();
        return new LinkMessage.Open(
                id, session, edge.node(), edge.address(), from, toldLossless, Math.max(1, toldSubscribers));
    }

    private Future<Position> refused(Throwable cause) {
        return Future.failedFuture(LinkFailures.told(cause, session, !owner.isEmpty()));
    }

    private Future<Position> update() {
        return bus.ask(ownerAddress, news()).recover(this::refused);
    }

    /** What the owner is to know, from now on told. */
    private LinkMessage.Update news() {
        noteTold();
        return new LinkMessage.Update(id, toldLossless, toldSubscribers);
    }

    private void noteTold() {
        toldLossless = isLossless();
        toldSubscribers = subscribers();
    }

    /** Of those who are here or about to be: whether one must not skip. */
    private boolean isLossless() {
        return flow.isLossless() || losslessJoining > 0;
    }

    /** Who is here or about to be. */
    private int subscribers() {
        return flow.subscribers().size() + joining;
    }

    /** @param asked id of the link that the owner has opened; perhaps nobody wants it any more */
    private void opened(String asked, Position position) {
        if (!id.equals(asked) || (state != State.OPENING && state != State.LOST)) {
            bus.tell(position.address(), new LinkMessage.Close(asked));
            return;
        }
        if (state == State.LOST) {
            LOG.info("link to session {} of {} is there again", session, owner);
        }
        state = State.OPEN;
        ownerAddress = position.address();
        flow.reaches(position.end());
        acks.soon();
        checkLater();
        askWishes();
        counted();
    }

    /** Something of the owner on this link. */
    void received(FromOwner message) {
        if (message.number() != number + 1) {
            lose("a message is missing");
            return;
        }
        number = message.number();
        if (message instanceof LinkMessage.Output output) {
            output(output);
        } else if (message instanceof LinkMessage.Restarted restarted) {
            flow.restartAt(restarted.offset());
        } else if (message instanceof LinkMessage.Resized resized) {
            flow.resized(resized.cols(), resized.rows());
        } else if (message instanceof LinkMessage.Cleared) {
            flow.cleared();
        } else if (message instanceof LinkMessage.Interrupted interrupted) {
            flow.interrupted(interrupted.connection());
        } else if (message instanceof LinkMessage.Exited exited) {
            flow.exited(exited.code(), exited.signal());
        } else if (message instanceof LinkMessage.Removed) {
            ended();
        } else if (message instanceof LinkMessage.Closed closed) {
            closedByOwner(closed.shutdown());
        }
    }

    private void output(LinkMessage.Output output) {
        int length = output.payload().length();
        if (output.offset() - length != flow.end()) {
            lose("output does not follow");
            return;
        }
        acks.came(length);
        flow.output(new FlowMessage.Output(session, output.payload(), output.offset()));
    }

    private void ended() {
        state = State.ENDED;
        stopTimers();
        flow.removed();
        askWishes();
        counted();
    }

    private void closedByOwner(boolean shutdown) {
        if (shutdown) {
            flow.disconnectAll(DisconnectReason.SHUTDOWN);
            close();
        } else {
            lose("the owner gave it up");
        }
    }

    /** The flow has taken so many outputs; a lossless subscriber may have delayed that. */
    void taken(int outputs) {
        if (state != State.CLOSED) {
            acks.taken(outputs);
        }
    }

    private void ack(long count) {
        bus.tell(ownerAddress, new LinkMessage.Ack(id, count));
    }

    /** A subscriber here listens. */
    void listening() {
        if (state == State.OPEN) {
            bus.tell(ownerAddress, new LinkMessage.Listens(id));
        }
    }

    /** Subscribers came or left. */
    void counted() {
        if (subscribers() == 0) {
            close();
        } else if (state == State.OPEN && isNews()) {
            bus.tell(ownerAddress, news());
        }
    }

    private boolean isNews() {
        return toldSubscribers != subscribers() || toldLossless != isLossless();
    }

    /** The terminal's state as the owner has it; where the link is lost, as it will have it later. */
    Future<Snapshot> snapshot(int scrollbackLines, int maxBytes) {
        StateWish wish = new StateWish(scrollbackLines, maxBytes, Promise.promise());
        wishes.add(wish);
        ask(wish);
        return wish.answer().future().onComplete(done -> wishes.remove(wish));
    }

    /** Asked again when the link is open again: the question, or the answer, may have got lost. */
    private void ask(StateWish wish) {
        if (state == State.ENDED || state == State.CLOSED) {
            wish.answer().tryFail("the session is forgotten");
        }
        if (state != State.OPEN) {
            return;
        }
        String asked = id;
        bus.state(ownerAddress, new LinkMessage.StateWanted(id, session, wish.scrollbackLines(), wish.maxBytes()))
                .onSuccess(
                        it -> wish.answer().tryComplete(new Snapshot(it.offset(), it.cols(), it.rows(), it.payload())))
                .onFailure(cause -> {
                    if (LinkFailures.isRefusal(cause)) {
                        wish.answer().tryFail(cause);
                    } else if (id.equals(asked)) {
                        lose("no state of the session: " + cause.getMessage());
                    }
                });
    }

    private void askWishes() {
        List.copyOf(wishes).forEach(this::ask);
    }

    private void checkLater() {
        timer = clock.after(CHECK_NANOS, this::check);
    }

    private void check() {
        String asked = id;
        noteTold();
        long heard = edge.heard(owner);
        LinkMessage.Check check = new LinkMessage.Check(id, acks.count(), toldLossless, toldSubscribers);
        bus.ask(ownerAddress, check).onComplete(answer -> {
            if (state != State.OPEN || !id.equals(asked)) {
                return;
            }
            if (answer.failed() && LinkFailures.isTimeout(answer.cause()) && edge.heard(owner) != heard) {
                // its answer waits behind what it sends
                checkLater();
            } else if (answer.failed()) {
                lose(String.valueOf(answer.cause().getMessage()));
            } else if (answer.result().number() > number) {
                lose("messages are missing");
            } else {
                checkLater();
            }
        });
    }

    /** The owner has left the cluster, as far as this node knows. */
    void ownerLeft(String node) {
        if (owner.equals(node)) {
            lose("its owner has left the cluster");
        }
    }

    private void lose(String why) {
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
        number = 0;
        acks.startOver();
        flow.forgetUnanswered();
        edge.opens(this);
        String asked = id;
        bus.open(owner, open(flow.end()))
                .onSuccess(position -> opened(asked, position))
                .onFailure(cause -> {
                    if (state != State.LOST || !id.equals(asked)) {
                        return;
                    }
                    if (number > 0 && LinkFailures.isTimeout(cause)) {
                        // what came on the new link says that it is open; the answer waits behind more of that
                        opened(asked, new Position(asked, ownerAddress, number, flow.end()));
                    } else {
                        notReopened(cause);
                    }
                });
    }

    private void notReopened(Throwable cause) {
        if (LinkFailures.isRefusal(cause)) {
            giveUp(DisconnectReason.REMOVED);
        } else if (clock.nanoTime() - lostSince >= grace.getAsLong()) {
            giveUp(DisconnectReason.OWNER_UNREACHABLE);
        } else {
            timer = clock.after(RETRY_NANOS, this::reopen);
        }
    }

    private void giveUp(DisconnectReason reason) {
        LOG.warn("session {} of {} is given up: {}", session, owner, reason);
        flow.disconnectAll(reason);
        close();
    }

    private void stopTimers() {
        acks.stop();
        if (timer != Subscriber.NO_TIMER) {
            clock.cancel(timer);
            timer = Subscriber.NO_TIMER;
        }
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
        askWishes();
        edge.forget(this);
    }
}
