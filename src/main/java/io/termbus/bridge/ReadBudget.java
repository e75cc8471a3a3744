package io.termbus.bridge;

import io.termbus.guard.FairShare;
import io.termbus.protocol.HubException;
import io.vertx.core.AsyncResult;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Gives the messages of one connection their turns: after so many of them the connection rests, so that the others of its
 * event loop, and of the processors, come first. What comes meanwhile waits here, and the transport is not read. On the
 * event loop of the connection.
 */
final class ReadBudget {
    /** Makes sense of a message. Must not throw. */
    @FunctionalInterface
    interface Reader {
        /**
         * Any thread, but one message of a connection after another.
         *
         * @return what to do, on the event loop; must not throw
         */
        Runnable read(Buffer message);
    }

    private static final Logger LOG = LoggerFactory.getLogger(ReadBudget.class);

    /** A longer message is read on a worker, as that takes a millisecond and more. */
    static final int LONG_BYTES = 64 * 1024;
    /** What one turn may take: 1 to 2 ms of parsing and dispatching. */
    static final int TURN_MESSAGES = 128;

    static final int TURN_BYTES = 256 * 1024;
    static final long TURN_NANOS = 2_000_000;
    /** Who sends little never rests because of the clock: a thread may be kept from its processor for long. */
    static final int MANY_MESSAGES = 16;
    /** Of its event loop's time a connection may take a tenth: so many nanoseconds of so many. */
    static final long MOST_SHARE_NANOS = 10_000_000;

    static final long SHARE_NANOS = 100_000_000;
    /** What may wait: the longest message in as small pieces as a client with something to say would send. */
    static final int MAX_WAITING_BYTES = 4 << 20;
    /** What it costs to write an answer: most are short, but what tells of many sessions, or a whole screen, is not. */
    static final long NANOS_PER_ANSWERED_BYTE = 5;
    /** What a message costs beside its bytes. */
    private static final int MESSAGE_BYTES = 64;

    private final Vertx vertx;
    private final Transport transport;
    private final FairShare crowd;
    /** In the crowd while it rests, or more waits than a turn's worth. */
    private final FairShare.Member member;

    private final Reader reader;
    private final LongSupplier nanoTime;
    private final LongSupplier workNanos;
    private final Deque<Buffer> waiting = new ArrayDeque<>();
    private long waitingBytes;
    /** When the turn began, and what it has had. */
    private long began;

    private int messages;
    private long bytes;
    private long nanos;
    /** When the time of which it has its share began, and what it has had. */
    private long shareBegan;

    private long share;
    private int shareMessages;
    /** Work for answers that it has not rested from. */
    private long owed;
    /** A long message is being read. */
    private boolean reading;
    /** Nothing is handled until {@link #proceed}. */
    private boolean held;
    /** The transport is not read; always so while something waits. */
    private boolean paused;

    private Optional<Long> nextTurn = Optional.empty();
    /** What to run at the end, once no more is to come. */
    private Optional<Runnable> whenDone = Optional.empty();

    private boolean closed;

    /**
     * @param nanoTime monotonic
     * @param workNanos what the calling thread has done, see {@link ThreadTime}
     */
    ReadBudget(
            Vertx vertx,
            Transport transport,
            FairShare crowd,
            Reader reader,
            LongSupplier nanoTime,
            LongSupplier workNanos) {
        this.vertx = vertx;
        this.transport = transport;
        this.crowd = crowd;
        this.member = crowd.member();
        this.reader = reader;
        this.nanoTime = nanoTime;
        this.workNanos = workNanos;
        this.began = nanoTime.getAsLong();
        this.shareBegan = began;
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
        if (isFree()) {
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
    }

    /**
     * The peer has closed: what waits here, and what the transport still holds back, gets its turns, and then
     * {@code done} runs, unless {@link #close} comes first. Call once.
     */
    void finish(Runnable done) {
        whenDone = Optional.of(done);
        // not at once: the transport may be about to bring what it held back
        vertx.runOnContext(now -> {
            if (!closed && isFree()) {
                goOn();
            }
        });
    }

    /** What waits is dropped, and what comes. The transport is read, so that its end is noticed. Idempotent. */
    void close() {
        closed = true;
        waiting.clear();
        nextTurn.ifPresent(vertx::cancelTimer);
        nextTurn = Optional.empty();
        member.leave();
        readOn();
    }

    private void readOn() {
        if (paused) {
            paused = false;
            transport.resume();
        }
    }

    private void handle(Buffer message) {
        long now = nanoTime.getAsLong();
        if (now - began - nanos >= crowd.rest(TURN_NANOS)) {
            begin(now);
        }
        if (now - shareBegan >= SHARE_NANOS) {
            shareBegan = now;
            share = 0;
            shareMessages = 0;
        }
        messages++;
        shareMessages++;
        bytes += message.length();
        if (message.length() <= LONG_BYTES) {
            long before = workNanos.getAsLong();
            reader.read(message).run();
            handled(workNanos.getAsLong() - before);
        } else {
            readLong(message);
        }
    }

    private record Read(Runnable action, long nanos) {}

    private void readLong(Buffer message) {
        reading = true;
        try {
            // never within this call, as it would be where the worker has done already
            vertx.executeBlocking(() -> timed(message)).onComplete(read -> vertx.runOnContext(now -> haveRead(read)));
        } catch (RejectedExecutionException e) {
            reading = false;
            cannotRead(e);
        }
    }

    private void haveRead(AsyncResult<Read> read) {
        reading = false;
        if (read.failed()) {
            cannotRead(read.cause());
        } else if (!closed) {
            read.result().action().run();
            handled(read.result().nanos());
        }
        if (!closed && isFree()) {
            goOn();
        }
    }

    private Read timed(Buffer message) {
        long before = workNanos.getAsLong();
        Runnable action = reader.read(message);
        return new Read(action, workNanos.getAsLong() - before);
    }

    /** The hub is being stopped, or out of memory: without this message those behind it must not be handled. */
    private void cannotRead(Throwable cause) {
        if (!closed) {
            LOG.error("a message of {} could not be read", transport.peer(), cause);
            transport.abort();
        }
    }

    private void handled(long took) {
        nanos += took;
        share += took;
        if (closed || nextTurn.isPresent()) {
            return;
        }
        if (messages >= TURN_MESSAGES || bytes >= TURN_BYTES || nanos >= TURN_NANOS && messages >= MANY_MESSAGES) {
            rest(nanos);
        } else if (share >= MOST_SHARE_NANOS && shareMessages >= MANY_MESSAGES) {
            rest(share);
        } else if (owed >= TURN_NANOS) {
            schedule(member.rest(paid()));
        }
    }

    /** What comes behind the message that is being handled waits until {@link #proceed}. */
    void hold() {
        held = true;
    }

    void proceed() {
        held = false;
        if (!closed && isFree()) {
            goOn();
        }
    }

    /** A reply to one of its messages was written: that work counts as the message's own does, if later. */
    void answered(int bytes) {
        owed += bytes * NANOS_PER_ANSWERED_BYTE;
    }

    private long paid() {
        long work = owed;
        owed = 0;
        return work;
    }

    /** The next message is handled when it comes. */
    private boolean isFree() {
        return nextTurn.isEmpty() && !reading && !held;
    }

    /** Until the next turn, for longer than the work took: by the clock, or as is usual for so much of it. */
    private void rest(long work) {
        schedule(member.rest(Math.max(work, usual())));
    }

    private long usual() {
        return Math.max(messages * TURN_NANOS / TURN_MESSAGES, bytes * TURN_NANOS / TURN_BYTES);
    }

    /** It begins with a rest of so many nanoseconds: from what others of its payer did. */
    void restFirst(long nanos) {
        long ms = TimeUnit.NANOSECONDS.toMillis(nanos);
        if (ms > 0 && nextTurn.isEmpty() && !closed) {
            schedule(ms);
        }
    }

    /** What it has not rested from. */
    Debts.Work unrested() {
        boolean rested = nanoTime.getAsLong() - began - nanos >= crowd.rest(TURN_NANOS);
        return rested ? new Debts.Work(0, owed, owed) : new Debts.Work(messages, usual() + owed, nanos + owed);
    }

    private void schedule(long ms) {
        schedule(ms, this::turn);
    }

    private void schedule(long ms, Runnable then) {
        nextTurn = Optional.of(vertx.setTimer(ms, timer -> {
            nextTurn = Optional.empty();
            then.run();
        }));
    }

    private void begin(long now) {
        began = now;
        messages = 0;
        bytes = 0;
        nanos = 0;
    }

    private void turn() {
        if (owed >= TURN_NANOS) {
            schedule(member.rest(paid()));
            return;
        }
        begin(nanoTime.getAsLong());
        share = 0;
        goOn();
    }

    private void goOn() {
        while (!waiting.isEmpty() && isFree()) {
            Buffer message = waiting.remove();
            waitingBytes -= weight(message);
            handle(message);
        }
        if (closed || !isFree()) {
            return;
        }
        member.leave();
        if (paused) {
            readOn();
            whenDone.ifPresent(done -> schedule(FairShare.LEAST_REST_MS, this::goOn));
        } else { // all that the transport held back has come since it was resumed
            whenDone.ifPresent(Runnable::run);
        }
    }

    private static int weight(Buffer message) {
        return message.length() + MESSAGE_BYTES;
    }
}
