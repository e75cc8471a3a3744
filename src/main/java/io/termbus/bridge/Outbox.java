package io.termbus.bridge;

import io.netty.buffer.ByteBuf;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Frames that wait for one client, in order; urgent ones before the others, in their own order. They are encoded only while the transport has room, so
 * that a client that does not read costs references to shared payloads, not encodings of them.
 */
final class Outbox {
    /**
     * Encoded bytes that may be in flight, written but not yet flushed: enough to keep a local socket
     * busy from one write future to the next, little enough that an interrupt is not stuck behind it.
     */
    static final int IN_FLIGHT_BYTES = 256 * 1024;
    /** Small frames that had to wait are joined into writes of about this many bytes. */
    static final int MERGE_BYTES = 32 * 1024;

    private final Transport transport;
    private final FrameEncoder encoder;
    private final int maxBytes;
    private final Runnable overflow;
    private final UnreadPool.Member unread;
    private final Deque<Outgoing> waiting = new ArrayDeque<>();
    /** Overtake what waits. */
    private final Deque<Outgoing> urgent = new ArrayDeque<>();

    private long waitingBytes;
    /** Of what is still to be encoded elsewhere. */
    private long expectedBytes;

    /** Of what the client has asked for and fetches later. */
    private long keptBytes;

    private int inFlight;
    /** In flight beyond {@link #IN_FLIGHT_BYTES}, as the pool knows it. */
    private long excess;

    private boolean pumping;
    /** What is in line goes out at once: the pool does not hear of it. */
    private boolean straight;

    private boolean closed;
    private @Nullable Promise<Void> drained;

    /**
     * @param maxBytes the setting {@code connection.maxUnflushedBytes}
     * @param overflow run once more than that waits
     * @param unread hears of what waits, not of what can go out at once
     */
    Outbox(Transport transport, FrameEncoder encoder, int maxBytes, Runnable overflow, UnreadPool.Member unread) {
        this.transport = transport;
        this.encoder = encoder;
        this.maxBytes = maxBytes;
        this.overflow = overflow;
        this.unread = unread;
    }

    void add(Outgoing frame) {
        add(frame, waiting);
    }

    /** Replies, errors and warnings: what says nothing of the place in the output at which it comes. */
    void addUrgent(Outgoing frame) {
        add(frame, urgent);
    }

    /** Something of about that size is being encoded, and counts from now on; {@link #came} follows. */
    void expect(long bytes) {
        if (isOver()) {
            return;
        }
        expectedBytes += bytes;
        changed(bytes);
        checkLimit();
    }

    /**
     * What was expected to have so many bytes is there.
     *
     * @param frame urgent
     */
    void came(long bytes, Outgoing frame) {
        failed(bytes);
        addUrgent(frame);
    }

    /** What was expected will not come. */
    void failed(long bytes) {
        if (!isOver()) {
            expectedBytes -= bytes;
            changed(-bytes);
        }
    }

    /** So many bytes are kept until the client fetches them: they count for all connections' memory, and not as unread. */
    void keeps(long bytes) {
        if (!closed) {
            long more = bytes - keptBytes;
            keptBytes = bytes;
            changed(more);
        }
    }

    private boolean isOver() {
        return closed || drained != null;
    }

    private void add(Outgoing frame, Deque<Outgoing> line) {
        if (isOver()) {
            frame.leaves();
            return;
        }
        enqueue(frame, line);
        pump();
        checkLimit();
    }

    private void checkLimit() {
        if (unflushedBytes() > maxBytes) {
            overflow.run();
        }
    }

    private void enqueue(Outgoing frame, Deque<Outgoing> line) {
        straight = !pumping && isEmpty() && inFlight < IN_FLIGHT_BYTES;
        line.add(frame);
        waitingBytes += frame.weight();
        if (!straight) {
            changed(frame.hold());
        }
    }

    private void dequeued(Outgoing frame) {
        waitingBytes -= frame.weight();
        if (!straight) {
            changed(-frame.letGo());
        }
        straight = false;
        frame.leaves();
    }

    private void changed(long more) {
        unread.changed(more, waitingBytes + expectedBytes + keptBytes + excess);
    }

    private void inFlightChanged(int more) {
        inFlight += more;
        long now = closed ? 0 : Math.max(0, inFlight - IN_FLIGHT_BYTES);
        if (now != excess) {
            long moreExcess = now - excess;
            excess = now;
            changed(moreExcess);
        }
    }

    /** Bytes that wait for the peer to read: not yet encoded, or in flight. */
    long unflushedBytes() {
        return waitingBytes + expectedBytes + inFlight;
    }

    /** Forgets what has not been written. */
    void dropWaiting() {
        waitingBytes = 0;
        long freed = expectedBytes;
        expectedBytes = 0;
        for (Deque<Outgoing> line : List.of(urgent, waiting)) {
            for (Outgoing frame : line) {
                freed += frame.letGo();
                frame.leaves();
            }
            line.clear();
        }
        changed(-freed);
    }

    /** Adds a last frame; done when nothing is left to flush. Later frames are dropped. */
    Future<Void> finish(Outgoing last) {
        Promise<Void> promise = Promise.promise();
        if (isOver()) {
            return Future.succeededFuture();
        }
        drained = promise;
        enqueue(last, waiting);
        pump();
        return promise.future();
    }

    /** The transport is gone. */
    void close() {
        keeps(0);
        closed = true;
        dropWaiting();
        changed(-excess);
        excess = 0;
        unread.leave();
        completeIfDrained();
    }

    private void pump() {
        if (pumping) {
            return;
        }
        pumping = true;
        while (!closed && !isEmpty() && inFlight < IN_FLIGHT_BYTES) {
            writeNext();
        }
        pumping = false;
        completeIfDrained();
    }

    private void writeNext() {
        ByteBuf out = transport.buffer(FrameEncoder.estimate(line().element()));
        do {
            Outgoing frame = line().remove();
            dequeued(frame);
            encoder.append(out, frame);
        } while (mayJoin(out));
        int length = out.readableBytes();
        inFlightChanged(length);
        transport.write(out).onComplete(done -> flushed(length));
    }

    private Deque<Outgoing> line() {
        return urgent.isEmpty() ? waiting : urgent;
    }

    private boolean isEmpty() {
        return waiting.isEmpty() && urgent.isEmpty();
    }

    private boolean mayJoin(ByteBuf out) {
        Outgoing next = line().peek();
        return next != null
                && transport.dialect().lengthPrefixed()
                && out.readableBytes() + FrameEncoder.estimate(next) <= MERGE_BYTES;
    }

    /** Also after a failed write: the transport then closes, and {@link #close} follows. */
    private void flushed(int length) {
        inFlightChanged(-length);
        pump();
    }

    private void completeIfDrained() {
        Promise<Void> promise = drained;
        if (promise != null && (closed || isEmpty() && inFlight == 0)) {
            promise.tryComplete();
        }
    }
}
