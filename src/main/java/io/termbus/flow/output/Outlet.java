package io.termbus.flow.output;

import io.termbus.protocol.Delivery;
import io.termbus.protocol.LinkMessage;
import io.termbus.protocol.SessionMessage.Snapshot;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;

/** Port from the deciding classes to the bus and the clock. All calls on the owner's event loop. */
public interface Outlet {
    /** Monotonic nanoseconds. */
    long nanoTime();

    /** What the owner counts. */
    default FlowMeters meters() {
        return FlowMeters.OFF;
    }

    /** This node's clock, epoch milliseconds. */
    long epochMillis();

    /** Runs {@code task} on the owner's event loop after at least {@code nanos}; returns a timer id. */
    long after(long nanos, Runnable task);

    void cancel(long timer);

    void deliver(String subscriber, Delivery delivery);

    /** Tells the subscriber's bridge, not the client, that the subscriber is gone. */
    void gone(String subscriber);

    /** The subscriber has ended without its own doing; if it was not told, it is when it listens again. */
    void ended(String subscriber, String session, DisconnectReason reason);

    /** To another node. What is lost on the way is noticed there by its number. */
    void link(String address, LinkMessage message);

    /** Publishes to {@code termbus.warnings}. */
    void warn(JsonObject warning);

    /** Publishes to {@code termbus.events}. */
    void event(JsonObject event);

    /**
     * Answers that many outputs of the session.
     *
     * @param lags some of the output so far waits for a subscriber, or may at another node
     */
    void taken(String session, int outputs, boolean lags);

    /** A subscriber came; the session has {@code count} now. */
    void joined(String session, String subscriber, int count);

    /** A subscriber of the session gets deliveries from now on. */
    void listening(String session);

    /** Whether subscribers of the session never skip has changed. */
    default void lagChanged(String session) {}

    /** A subscriber is gone; the session has {@code count} now. */
    void left(String session, String subscriber, int count);

    /**
     * The state of the session's terminal.
     *
     * @param wantedBytes scrollback is left out, oldest first, where the snapshot would be larger
     * @param maxBytes what it costs at most
     */
    Future<Snapshot> snapshot(String session, int scrollbackLines, int wantedBytes, int maxBytes);
}
