package io.termbus.bridge;

import io.termbus.config.ConnectionConfig;
import io.termbus.protocol.HubException;
import java.util.function.LongSupplier;

/**
 * Counts what a connection sends in each second. Beyond a limit requests are refused; a client that goes on sending
 * regardless is a flood, whose connection ends. On the event loop of the connection.
 */
final class InputRate {
    /** So many times the limit of requests may all messages be, acks and pings too. */
    static final int MESSAGES_PER_REQUEST = 5;
    /** So many times the limit of bytes may come, refused ones too. */
    static final int FLOOD_FACTOR = 2;

    private static final long SECOND_NANOS = 1_000_000_000L;

    private final int maxRequests;
    private final int maxBytes;
    private final LongSupplier nanoTime;
    private long second;
    private int requests;
    private long messages;
    private long bytes;

    InputRate(ConnectionConfig limits, LongSupplier nanoTime) {
        this.maxRequests = limits.maxRequestsPerSecond();
        this.maxBytes = limits.maxInputBytesPerSecond();
        this.nanoTime = nanoTime;
        this.second = nanoTime.getAsLong();
    }

    /**
     * A message of any kind came.
     *
     * @throws HubException if it is one of a flood
     */
    void received(int length) {
        long now = nanoTime.getAsLong();
        if (now - second >= SECOND_NANOS) {
            second = now;
            requests = 0;
            messages = 0;
            bytes = 0;
        }
        bytes += length;
        if (++messages > (long) maxRequests * MESSAGES_PER_REQUEST) {
            throw tooManyRequests();
        }
        if (bytes > (long) maxBytes * FLOOD_FACTOR) {
            throw tooManyBytes();
        }
    }

    /**
     * The message at hand, which {@link #received} has counted, is a request.
     *
     * @throws HubException if it must be refused
     */
    void requested() {
        if (++requests > maxRequests) {
            throw tooManyRequests();
        }
        if (bytes > maxBytes) {
            throw tooManyBytes();
        }
    }

    private HubException tooManyRequests() {
        return HubException.limit(
                "connection.maxRequestsPerSecond", "more than " + maxRequests + " requests came within a second");
    }

    private HubException tooManyBytes() {
        return HubException.limit(
                "connection.maxInputBytesPerSecond", "more than " + maxBytes + " bytes came within a second");
    }
}
