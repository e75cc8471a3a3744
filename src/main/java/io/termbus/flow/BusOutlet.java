package io.termbus.flow;

import static io.termbus.protocol.HubBus.LOCAL;

import io.termbus.flow.output.DisconnectReason;
import io.termbus.flow.output.FlowMeters;
import io.termbus.flow.output.Outlet;
import io.termbus.protocol.Addresses;
import io.termbus.protocol.Delivery;
import io.termbus.protocol.LinkMessage;
import io.termbus.protocol.SessionMessage;
import io.termbus.protocol.SubscriberGone;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.eventbus.DeliveryOptions;
import io.vertx.core.eventbus.EventBus;
import io.vertx.core.eventbus.Message;
import io.vertx.core.json.JsonObject;
import java.util.function.BiConsumer;

/** The {@link Outlet} on the event bus. */
class BusOutlet implements Outlet {
    private static final long NANOS_PER_MILLI = 1_000_000L;
    /** A session that takes longer to write its state down has a defect. */
    static final long SNAPSHOT_TIMEOUT_MILLIS = 30_000;

    private static final DeliveryOptions LOCAL_SNAPSHOT =
            new DeliveryOptions().setLocalOnly(true).setSendTimeout(SNAPSHOT_TIMEOUT_MILLIS);

    private final Vertx vertx;
    private final EventBus bus;
    private final MissedDisconnects missed;
    private final BiConsumer<String, String> onLeft;
    private final FlowMeters meters;

    /**
     * @param bus of the hub
     * @param missed of the instance
     * @param onLeft told session and subscriber when a subscriber is gone
     * @param meters of the instance
     */
    BusOutlet(
            Vertx vertx, EventBus bus, MissedDisconnects missed, BiConsumer<String, String> onLeft, FlowMeters meters) {
        this.vertx = vertx;
        this.missed = missed;
        this.bus = bus;
        this.onLeft = onLeft;
        this.meters = meters;
    }

    @Override
    public FlowMeters meters() {
        return meters;
    }

    @Override
    public long nanoTime() {
        return System.nanoTime();
    }

    @Override
    public long epochMillis() {
        return System.currentTimeMillis();
    }

    @Override
    public long after(long nanos, Runnable task) {
        long millis = Math.max(1, (nanos + NANOS_PER_MILLI - 1) / NANOS_PER_MILLI);
        return vertx.setTimer(millis, id -> task.run());
    }

    @Override
    public void cancel(long timer) {
        vertx.cancelTimer(timer);
    }

    @Override
    public void deliver(String subscriber, Delivery delivery) {
        meters.delivered(delivery);
        bus.send(Addresses.out(subscriber), delivery, LOCAL);
    }

    @Override
    public void gone(String subscriber) {
        bus.send(Addresses.out(subscriber), new SubscriberGone(), LOCAL);
    }

    @Override
    public void ended(String subscriber, String session, DisconnectReason reason) {
        missed.add(subscriber, session, reason);
    }

    @Override
    public void link(String address, LinkMessage message) {
        bus.send(address, message, LinkMessage.options());
    }

    @Override
    public void warn(JsonObject warning) {
        bus.publish(Addresses.WARNINGS, warning, LOCAL);
    }

    @Override
    public void event(JsonObject event) {
        bus.publish(Addresses.EVENTS, event, LOCAL);
    }

    @Override
    public void taken(String session, int outputs, boolean lags) {
        bus.send(Addresses.sessionControl(session), new SessionMessage.OutputTaken(outputs, lags), LOCAL);
    }

    @Override
    public void joined(String session, String subscriber, int count) {
        tellCount(session, count);
    }

    @Override
    public void listening(String session) {
        bus.send(Addresses.sessionControl(session), new SessionMessage.SubscriberListens(), LOCAL);
    }

    @Override
    public void left(String session, String subscriber, int count) {
        onLeft.accept(session, subscriber);
        tellCount(session, count);
    }

    void tellCount(String session, int count) {
        bus.send(Addresses.sessionControl(session), new SessionMessage.SubscriberCount(count), LOCAL);
    }

    @Override
    public Future<SessionMessage.Snapshot> snapshot(
            String session, int scrollbackLines, int wantedBytes, int maxBytes) {
        SessionMessage wanted = new SessionMessage.SnapshotWanted(scrollbackLines, wantedBytes, maxBytes);
        return bus.<SessionMessage.Snapshot>request(Addresses.sessionControl(session), wanted, LOCAL_SNAPSHOT)
                .map(Message::body);
    }
}
