package io.termbus.flow.output;

import io.termbus.config.FlowConfig;
import io.termbus.protocol.Delivery;
import io.termbus.protocol.Payload;
import io.termbus.protocol.SessionMessage.Snapshot;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Moves the subscribers of one session along its output, each as its zone allows. Every method on the
 * event loop of the owning instance.
 *
 * <p>Invariants: a subscriber gets bytes that follow the ones it got before, or a snapshot; a slot timer
 * exists only while something waits for its slot; at most one snapshot is asked for at a time for each
 * depth of scrollback, and all that wait share it.
 */
final class Pump {
    /** A change of the hub's program takes about twice as long. */
    private static final int RETRY_MILLIS = 500;

    private static final Logger LOG = LoggerFactory.getLogger(Pump.class);
    /** A flood is over when the session was silent so long: then owed scrollback is sent. */
    private static final long QUIET_NANOS = 250_000_000L;

    /** Output that would take longer to come gives way when something is typed: the echo stands behind it. */
    private static final long LATE_NANOS = 250_000_000L;

    /** Who waits for the screen at about the same time shares it, so long after it was asked for. */
    private static final long SHARED_NANOS = 10_000_000L;

    /** A snapshot with so many lines of scrollback, as far as they fit in so many bytes. */
    private record Wish(int lines, int bytes) {}

    /** A snapshot, and when it was asked for: monotonic nanoseconds, epoch milliseconds. */
    private record Recent(Snapshot snapshot, long asked, long time) {
        boolean serves(Wish wish, long backlogStart, long now) {
            return wish.lines() == 0 && now - asked <= SHARED_NANOS && snapshot.offset() >= backlogStart;
        }
    }

    private final String session;
    private final FlowConfig limits;
    private final Outlet outlet;
    private final SessionOutput output;
    private final ZoneWatch zones;
    private final BiConsumer<Subscriber, DisconnectReason> disconnect;
    private final Consumer<Subscriber> movedLater;
    private final Map<Wish, List<Subscriber>> awaiting = new HashMap<>();
    /** The newest snapshot of the screen alone. */
    private @Nullable Recent recent;

    /**
     * @param disconnect ends a subscriber by name
     * @param movedLater called when a subscriber has moved by a timer or a snapshot, not by a call from outside
     */
    Pump(
            String session,
            FlowConfig limits,
            Outlet outlet,
            SessionOutput output,
            BiConsumer<Subscriber, DisconnectReason> disconnect,
            Consumer<Subscriber> movedLater) {
        this.session = session;
        this.limits = limits;
        this.outlet = outlet;
        this.output = output;
        this.disconnect = disconnect;
        this.movedLater = movedLater;
        this.zones = new ZoneWatch(limits, outlet);
    }

    /** Sends the subscriber all that it may get now. */
    void run(Subscriber subscriber) {
        boolean moved = true;
        while (moved && subscriber.isReady()) {
            moved = step(subscriber);
        }
    }

    private void runLater(Subscriber subscriber) {
        run(subscriber);
        movedLater.accept(subscriber);
    }

    /** The subscriber has acked: its zone is taken anew, and it may get more. */
    void acked(Subscriber subscriber) {
        long now = outlet.nanoTime();
        outlet.meters().acked(subscriber.unacked(), now);
        subscriber.acked(now);
        if (!leftForRed(subscriber)) {
            run(subscriber);
        }
    }

    /** Takes the zone anew; true where that ended the subscriber. */
    private boolean leftForRed(Subscriber subscriber) {
        boolean ends = zones.update(subscriber) && limits.autoDisconnect();
        if (ends) {
            disconnect.accept(subscriber, DisconnectReason.RED_ZONE);
        }
        return ends;
    }

    /** Where output waits for the subscriber, it gets the screen instead, at once, and its scrollback later. */
    void flush(Subscriber subscriber) {
        if (subscriber.isListening()
                && !subscriber.needsSnapshot()
                && !subscriber.cursor().isAtEnd()) {
            subscriber.skipsUrgently();
            run(subscriber);
        }
    }

    /**
     * Where what waits would take the subscriber's link too long, it gets the screen instead. In its turn, not at once:
     * else keys that are typed into a flood would put one screen after the other before their own echo.
     */
    void flushIfLate(Subscriber subscriber) {
        long waiting = subscriber.cursor().waiting();
        if (subscriber.isListening()
                && !subscriber.needsSnapshot()
                && subscriber.takesLong(waiting, LATE_NANOS, outlet.nanoTime())) {
            subscriber.skips();
            run(subscriber);
        }
    }

    void tellDisconnected(Subscriber subscriber, DisconnectReason reason) {
        JsonObject body = new JsonObject().put("reason", reason.toString());
        if (reason == DisconnectReason.RESTARTING) {
            body.put("retryMs", RETRY_MILLIS);
        }
        notice(subscriber, Delivery.Kind.DISCONNECTED, body);
    }

    void tellLag(Subscriber subscriber, long heldMillis) {
        notice(
                subscriber,
                Delivery.Kind.LAG,
                new JsonObject().put("lag", "skip").put("previous", "block").put("heldMs", heldMillis));
    }

    /** One delivery, if one may go; true where another may follow. */
    private boolean step(Subscriber subscriber) {
        if (!subscriber.needsSnapshot() && subscriber.cursor().isBehind()) {
            if (subscriber.mayBeginLater()) {
                subscriber.beginAt(output.backlog().start());
            } else {
                subscriber.skips();
            }
        }
        if (!subscriber.needsSnapshot() && tellSize(subscriber)) {
            return true;
        }
        if (!subscriber.needsSnapshot() && tellBulletin(subscriber)) {
            return true;
        }
        if (!subscriber.needsSnapshot() && subscriber.cursor().isAtEnd()) {
            return caughtUp(subscriber);
        }
        return !leftForRed(subscriber) && mayGo(subscriber) && send(subscriber);
    }

    private boolean mayGo(Subscriber subscriber) {
        if (subscriber.unacked().bytes() >= limits.maxUnackedBytes()) {
            return false;
        }
        long now = outlet.nanoTime();
        if (!hasRoom(subscriber, now)) {
            awaitOpening(subscriber, now);
            return false;
        }
        long slot = subscriber.nextSlot(limits, now);
        if (slot > now && !subscriber.isUrgent()) {
            awaitSlot(subscriber, slot);
            return false;
        }
        subscriber.slot.cancel();
        return true;
    }

    /** Crumbs wait for company, unless they are all that there is. */
    private boolean hasRoom(Subscriber subscriber, long now) {
        if (subscriber.needsSnapshot()) {
            return subscriber.isUrgent() || subscriber.takesSnapshot(now);
        }
        long room = subscriber.room(now);
        return room > 0 && room >= Math.min(subscriber.cursor().waiting(), subscriber.part(now) / 2);
    }

    private void awaitOpening(Subscriber subscriber, long now) {
        subscriber.opening.set(subscriber.opensAt(now), () -> runLater(subscriber));
    }

    private boolean send(Subscriber subscriber) {
        if (subscriber.needsSnapshot()) {
            askSnapshot(subscriber);
            return false;
        }
        Cursor cursor = subscriber.cursor();
        long from = cursor.offset();
        long now = outlet.nanoTime();
        Payload bytes = cursor.take(subscriber.budget(limits, now));
        Delivery.Counted delivery = new Delivery.Counted(
                Delivery.Kind.OUTPUT,
                session,
                subscriber.unacked().lastSeq() + 1,
                cursor.offset(),
                cameAt(cursor.offset()),
                0,
                0,
                bytes);
        if (!deliver(subscriber, delivery)) {
            cursor.moveTo(from);
            return false;
        }
        outlet.meters().outputDelivered(output.clock(), from, now);
        return true;
    }

    /** When the byte before that offset came, in epoch milliseconds: exact for the newest output. */
    private long cameAt(long offset) {
        long now = outlet.nanoTime();
        long age = offset == output.backlog().end()
                ? now - output.cameLast()
                : output.clock().age(offset - 1, now);
        return outlet.epochMillis() - TimeUnit.NANOSECONDS.toMillis(age);
    }

    /** Counts a delivery and sends it; where that is one too many, takes the count back and disconnects. */
    private boolean deliver(Subscriber subscriber, Delivery.Counted delivery) {
        int size = delivery.payload().length();
        subscriber.unacked().sent(size, outlet.nanoTime());
        if (subscriber.unacked().count() > limits.maxUnackedDeliveries()) {
            subscriber.unacked().undo();
            disconnect.accept(subscriber, DisconnectReason.QUEUE_OVERFLOW);
            return false;
        }
        subscriber.delivered(size, limits, outlet.nanoTime());
        watchStall(subscriber);
        outlet.deliver(subscriber.id(), delivery);
        return true;
    }

    private boolean tellSize(Subscriber subscriber) {
        Backlog.SizeMark mark = subscriber.cursor().takeSize();
        if (mark == null) {
            return false;
        }
        notice(
                subscriber,
                Delivery.Kind.RESIZE,
                new JsonObject().put("cols", mark.cols()).put("rows", mark.rows()));
        return true;
    }

    private boolean tellBulletin(Subscriber subscriber) {
        if (!subscriber.hearsBulletins()) {
            return false;
        }
        Optional<Bulletins.Bulletin> bulletin = subscriber.cursor().takeBulletin();
        bulletin.ifPresent(each -> {
            subscriber.bulletinTold();
            notice(subscriber, each.kind(), each.body());
        });
        return bulletin.isPresent();
    }

    /** Nothing waits. A subscriber that was skipped gets its scrollback when the flood is over, then the exit. */
    private boolean caughtUp(Subscriber subscriber) {
        if (owes(subscriber)) {
            return payScrollback(subscriber);
        }
        if (hasExited() && !subscriber.isExitTold()) {
            subscriber.exitTold();
            output.exit().ifPresent(exit -> notice(subscriber, Delivery.Kind.EXIT, body(exit)));
        }
        return false;
    }

    private boolean hasExited() {
        return output.exit().isPresent();
    }

    private static JsonObject body(Exit exit) {
        JsonObject body = new JsonObject().put("code", exit.code());
        exit.signal().ifPresent(name -> body.put("signal", name));
        return body;
    }

    /** Where it has some of its scrollback, the rest follows when its link has shown that it takes much more. */
    private boolean owes(Subscriber subscriber) {
        return subscriber.owesScrollback()
                && !output.isRemoved()
                && (subscriber.scrollbackAsked() == 0 || wantedBytes(subscriber) / 2 >= subscriber.scrollbackAsked());
    }

    /** After the exit nothing follows that could come late. */
    private int wantedBytes(Subscriber subscriber) {
        return hasExited() ? maxSnapshotBytes() : Math.min(maxSnapshotBytes(), subscriber.scrollbackBytes());
    }

    private boolean payScrollback(Subscriber subscriber) {
        boolean atOnce = hasExited() || !subscriber.hasSkipped();
        long wait = atOnce ? 0 : output.cameLast() + QUIET_NANOS - outlet.nanoTime();
        if (wait <= 0) {
            subscriber.getsScrollback();
            return true;
        }
        subscriber.quiet.set(outlet.nanoTime() + wait, () -> runLater(subscriber));
        return false;
    }

    private void askSnapshot(Subscriber subscriber) {
        if (output.isRemoved()) {
            disconnect.accept(subscriber, DisconnectReason.REMOVED);
            return;
        }
        int lines = subscriber.owesScrollback() ? 0 : subscriber.attachment().scrollbackLines();
        Wish wish = new Wish(lines, lines == 0 ? maxSnapshotBytes() : wantedBytes(subscriber));
        Recent shared = recent;
        if (shared != null && shared.serves(wish, output.backlog().start(), outlet.nanoTime())) {
            snapshotCame(subscriber, wish, shared.snapshot(), shared.time());
            return;
        }
        subscriber.snapshotAsked();
        List<Subscriber> waiting = awaiting.get(wish);
        if (waiting != null) {
            waiting.add(subscriber);
            return;
        }
        awaiting.put(wish, new ArrayList<>(List.of(subscriber)));
        long time = outlet.epochMillis();
        long asked = outlet.nanoTime();
        outlet.snapshot(session, lines, wish.bytes(), maxSnapshotBytes())
                .onSuccess(snapshot -> {
                    outlet.meters().snapshotWritten(outlet.nanoTime() - asked);
                    recent = lines == 0 ? new Recent(snapshot, asked, time) : null;
                    takeAwaiting(wish).forEach(each -> snapshotCame(each, wish, snapshot, time));
                })
                .onFailure(cause -> {
                    LOG.warn("no snapshot of session {}: {}", session, cause.getMessage());
                    takeAwaiting(wish).forEach(each -> disconnect.accept(each, DisconnectReason.REMOVED));
                });
    }

    /**
     * A snapshot is one delivery. It never costs more than a subscriber may have unacked, nor, where that
     * ends a subscriber, leads to red by itself.
     */
    private int maxSnapshotBytes() {
        return limits.autoDisconnect() ? limits.red().bytes() / 2 : limits.maxUnackedBytes();
    }

    private List<Subscriber> takeAwaiting(Wish wish) {
        List<Subscriber> waiting = awaiting.remove(wish);
        return waiting == null ? List.of() : waiting;
    }

    private void snapshotCame(Subscriber subscriber, Wish wish, Snapshot snapshot, long time) {
        subscriber.snapshotCame();
        if (subscriber.isGone() || !subscriber.isListening()) {
            return;
        }
        Delivery.Counted delivery = new Delivery.Counted(
                Delivery.Kind.SNAPSHOT,
                session,
                subscriber.unacked().lastSeq() + 1,
                snapshot.offset(),
                time,
                snapshot.cols(),
                snapshot.rows(),
                snapshot.payload());
        if (!deliver(subscriber, delivery)) {
            return;
        }
        SnapshotReason reason = subscriber.snapshotReason();
        outlet.meters().snapshotSent(reason, subscriber.snapshotSent(delivery));
        if (wish.lines() > 0) {
            subscriber.scrollbackCame(wish.bytes(), snapshot.whole());
        }
        subscriber.cursor().knows(new Backlog.SizeMark(snapshot.offset(), snapshot.cols(), snapshot.rows()));
        runLater(subscriber);
    }

    /** Where the subscriber listens. */
    void notice(Subscriber subscriber, Delivery.Kind kind, JsonObject body) {
        if (subscriber.isListening()) {
            outlet.deliver(subscriber.id(), new Delivery.Notice(kind, session, body));
        }
    }

    private void awaitSlot(Subscriber subscriber, long slot) {
        if (subscriber.slot.isSet() && subscriber.slot.at() > slot) {
            subscriber.slot.cancel();
        }
        subscriber.slot.set(slot, () -> runLater(subscriber));
    }

    /** One timer while anything is unacked; acks do not touch it, it looks at them when it fires. */
    private void watchStall(Subscriber subscriber) {
        if (limits.stall().isZero() || subscriber.attachment().holdsForEver()) {
            return;
        }
        subscriber.stall.set(subscriber.stallsAt(limits), () -> {
            if (subscriber.unacked().count() == 0) {
                return;
            }
            if (outlet.nanoTime() >= subscriber.stallsAt(limits)) {
                disconnect.accept(subscriber, DisconnectReason.STALLED);
            } else {
                watchStall(subscriber);
            }
        });
    }
}
