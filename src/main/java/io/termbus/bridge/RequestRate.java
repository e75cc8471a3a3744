package io.termbus.bridge;

import java.util.function.LongSupplier;

/** Counts what a connection sends in each second. On the event loop of the connection. */
final class RequestRate {
    /** So many times the limit of requests may all messages be, acks and pings too, before the connection is closed. */
    static final int MESSAGES_PER_REQUEST = 5;

    private static final long SECOND_NANOS = 1_000_000_000L;

    private final int max;
    private final LongSupplier nanoTime;
    private long second;
    private int requests;
    private int messages;

    /** @param max the setting {@code connection.maxRequestsPerSecond} */
    RequestRate(int max, LongSupplier nanoTime) {
        this.max = max;
        this.nanoTime = nanoTime;
        this.second = nanoTime.getAsLong();
    }

    /** Whether one more message is no flood yet. */
    boolean mayReceive() {
        long now = nanoTime.getAsLong();
        if (now - second >= SECOND_NANOS) {
            second = now;
            requests = 0;
            messages = 0;
        }
        return ++messages <= (long) max * MESSAGES_PER_REQUEST;
    }

    /** Whether the message, which {@link #mayReceive} has counted, may be a request. */
    boolean mayRequest() {
        return ++requests <= max;
    }

    int max() {
        return max;
    }
}
