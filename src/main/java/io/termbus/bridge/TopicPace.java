package io.termbus.bridge;

import io.termbus.guard.TokenBucket;
import java.util.function.BiConsumer;
import java.util.function.LongConsumer;
import java.util.function.LongSupplier;

/**
 * How much of a topic one client hears. What is published there others cause, as often as they like, and nobody acks it: so
 * that it never stands before deliveries for long, only so much goes in a second, and no more while some of it waits for the
 * client to read. The others are counted, and told as a number. On the event loop of the connection.
 */
final class TopicPace {
    /** Bytes that may wait for room in the transport. */
    static final int MAX_WAITING_BYTES = 16 * 1024;
    /** From the first message that is passed over until the client is told how many were, in milliseconds. */
    static final long TELL_MS = 1000;

    /** Whose messages pass over whose: what guests cause does not displace what happens to sessions. */
    enum Lane {
        /** Who comes and goes, and zones: any viewer can make as many as it likes. A third of a link of 50 kB/s. */
        SUBSCRIBERS(64 * 1024, 16 * 1024),
        /** What takes an operator, or a session. */
        SESSIONS(64 * 1024, 16 * 1024);

        final int burstBytes;
        final int bytesPerSecond;

        Lane(int burstBytes, int bytesPerSecond) {
            this.burstBytes = burstBytes;
            this.bytesPerSecond = bytesPerSecond;
        }
    }

    private final TokenBucket bytes;
    private final BiConsumer<Long, Runnable> timer;
    private final LongConsumer tell;

    private long waiting;
    private long passedOver;

    /**
     * @param timer runs a task after so many milliseconds
     * @param tell gets the number of messages that were passed over, each once
     */
    TopicPace(Lane lane, LongSupplier nanoTime, BiConsumer<Long, Runnable> timer, LongConsumer tell) {
        this.bytes = new TokenBucket(lane.burstBytes, lane.bytesPerSecond, nanoTime);
        this.timer = timer;
        this.tell = tell;
    }

    /** Whether a message of about so many bytes goes to the client; {@link #left} must follow then. Else it is counted. */
    boolean takes(long length) {
        if (passedOver == 0 && bytes.room() > 0 && waiting < MAX_WAITING_BYTES) {
            bytes.take(length); // once below zero, so that a long one passes too
            waiting += length;
            return true;
        }
        passedOver++;
        if (passedOver == 1) {
            tellLater();
        }
        return false;
    }

    /** What was taken waits no more. */
    void left(long length) {
        waiting -= length;
    }

    private void tellLater() {
        timer.accept(TELL_MS, this::tellNow);
    }

    private void tellNow() {
        if (waiting >= MAX_WAITING_BYTES) {
            tellLater();
            return;
        }
        long count = passedOver;
        passedOver = 0;
        tell.accept(count);
    }
}
