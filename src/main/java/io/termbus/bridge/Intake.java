package io.termbus.bridge;

import io.termbus.protocol.HubException;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * Gives the messages of one connection their turns: after so many of them the others of its event loop come first. What
 * is left waits here, and the transport is not read meanwhile. On the event loop of the connection.
 */
final class Intake {
    /** What one turn may take: 1 to 2 ms of parsing and dispatching. */
    static final int TURN_MESSAGES = 128;

    static final int TURN_BYTES = 256 * 1024;
    /**
     * To the next turn, in milliseconds, or as long as the last one took. A task that is run at once would not do: Netty
     * runs tasks for up to a second before it looks at its sockets.
     */
    private static final long LEAST_PAUSE_MS = 1;
    /** What may wait: the longest message in as small pieces as a client with something to say would send. */
    static final int MAX_WAITING_BYTES = 4 << 20;
    /** What a message costs beside its bytes. */
    private static final int MESSAGE_BYTES = 64;

    private final Vertx vertx;
    private final Transport transport;
    private final Consumer<Buffer> handler;
    private final Deque<Buffer> waiting = new ArrayDeque<>();
    private long waitingBytes;
    private int messages;
    private long bytes;
    private Optional<Long> nextTurn = Optional.empty();
    /** The transport is not read; always so while something waits. */
    private boolean paused;
    /** What to run at the end, once no more is to come. */
    private Optional<Runnable> whenDone = Optional.empty();

    private boolean closed;

    Intake(Vertx vertx, Transport transport, Consumer<Buffer> handler) {
        this.vertx = vertx;
        this.transport = transport;
        this.handler = handler;
    }

    /**
     * Handles the message, or keeps it until its turn comes.
     *
     * @throws HubException if too much waits
     */
    void add(Buffer message) {
        if (closed) {
            return;
        }
        if (waiting.isEmpty() && hasRoom()) {
            handle(message);
            return;
        }
        waiting.add(message);
        waitingBytes += weight(message);
        if (waitingBytes > MAX_WAITING_BYTES) {
            throw HubException.limit(
                    "waiting messages of a connection", "more than " + MAX_WAITING_BYTES + " bytes wait to be handled");
        }
        if (!paused) {
            paused = true;
            transport.pause();
        }
        if (nextTurn.isEmpty()) {
            schedule(LEAST_PAUSE_MS);
        }
    }

    /**
     * The peer has closed: what waits here, and what the transport still holds back, gets its turns, and then
     * {@code done} runs, unless {@link #close} comes first. Call once.
     */
    void finish(Runnable done) {
        whenDone = Optional.of(done);
        // not at once: the transport may be about to bring what it held back
        vertx.runOnContext(now -> {
            if (!closed && nextTurn.isEmpty()) {
                turn();
            }
        });
    }

    /** What waits is dropped, and what comes. The transport is read, so that its end is noticed. Idempotent. */
    void close() {
        closed = true;
        waiting.clear();
        nextTurn.ifPresent(vertx::cancelTimer);
        nextTurn = Optional.empty();
        readOn();
    }

    private void readOn() {
        if (paused) {
            paused = false;
            transport.resume();
        }
    }

    private boolean hasRoom() {
        return messages < TURN_MESSAGES && bytes < TURN_BYTES;
    }

    /** The turn ends with the work at hand of the event loop. */
    private void handle(Buffer message) {
        if (messages++ == 0) {
            vertx.runOnContext(done -> begin());
        }
        bytes += message.length();
        handler.accept(message);
    }

    private void begin() {
        messages = 0;
        bytes = 0;
    }

    private void schedule(long ms) {
        nextTurn = Optional.of(vertx.setTimer(ms, timer -> turn()));
    }

    private void turn() {
        nextTurn = Optional.empty();
        long began = System.nanoTime();
        begin();
        while (!waiting.isEmpty() && hasRoom()) {
            Buffer message = waiting.remove();
            waitingBytes -= weight(message);
            handle(message);
        }
        if (closed) {
            return;
        }
        if (!waiting.isEmpty()) {
            long took = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - began);
            schedule(Math.max(LEAST_PAUSE_MS, took));
        } else if (paused) {
            readOn();
            whenDone.ifPresent(done -> schedule(LEAST_PAUSE_MS));
        } else { // all that the transport held back has come since it was resumed
            whenDone.ifPresent(Runnable::run);
        }
    }

    private static int weight(Buffer message) {
        return message.length() + MESSAGE_BYTES;
    }
}
