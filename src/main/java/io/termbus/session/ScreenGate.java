package io.termbus.session;

import io.termbus.guard.FairShare;
import io.termbus.protocol.HubException;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.WorkerExecutor;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * Orders what changes the state of a terminal and what reads it. Changes go in the order of the stream, step by step, and
 * give way to others of the event loop when they have had their turn ({@link Turns}). Reads of a long scrollback take
 * milliseconds and go to a worker; meanwhile the state stands still. Changes go before the next read, so that many readers
 * delay output by one read, not by all of them. Every method on the session's event loop.
 */
final class ScreenGate {
    /** Snapshots that clients may have waiting; each takes milliseconds. */
    static final int MAX_WAITING_READS = 32;

    /** A read for clients is followed by so many times its duration without one. */
    private static final int REST = 7;

    /**
     * A read waits so long for output that came before it. What it tells is exact also where that is not all: it says up to
     * which byte.
     */
    static final long READ_WAIT_NANOS = 100_000_000;

    /** Runs something later, on the session's event loop. */
    @FunctionalInterface
    interface Timer {
        void after(long ms, Runnable then);
    }

    /** Something that changes the state. */
    interface Change {
        /**
         * Takes one step, of a fraction of a millisecond.
         *
         * @return how many bytes of output it took in
         */
        int go();

        /** True when no step is left. */
        boolean isDone();

        /** True for what readers that came after it must see: all but output. */
        default boolean isMark() {
            return true;
        }

        /** True while the state is between two bytes and must not be read. */
        default boolean isHalfway() {
            return false;
        }

        /** True for one whose only step takes milliseconds: a worker takes it. */
        default boolean takesLong() {
            return false;
        }
    }

    /** A read that a client waits for. */
    private record Asked<T>(Callable<T> reader, Promise<T> read) {}

    /**
     * A read that waits for changes.
     *
     * @param all of them are done when so many are
     * @param marks the same without the output behind the last mark
     */
    private record Waiting(long all, long marks, long since, Runnable start) {}

    private final Timer timer;
    private final WorkerExecutor workers;
    /** One worker for all sessions' long changes, so that they delay nothing but each other. */
    private final WorkerExecutor changers;

    /** Those that wait for the end of all reads. */
    private final Deque<Promise<Void>> idlers = new ArrayDeque<>();

    private final Turns turns;
    /** Those whose screens clients read. */
    private final FairShare readers;

    private final LongSupplier nanoTime;
    /** Output, bounded by the session's window, and commands. */
    private final Deque<Change> changes = new ArrayDeque<>();

    private final Deque<Waiting> reads = new ArrayDeque<>();
    /** Changes that came, that came up to the last mark, and that are done. */
    private long came;

    private long marked;
    private long finished;
    /** A worker has the state. */
    private boolean lent;

    private boolean resting;
    private boolean running;
    private boolean frozen;
    private boolean closed;
    /** Reads that clients asked for. */
    private final Deque<Asked<?>> asked = new ArrayDeque<>();
    /** One of these is under way, or the rest after it. */
    private boolean busy;
    /** By the worker, then by the event loop. */
    private volatile long tookNanos;

    ScreenGate(
            Timer timer,
            WorkerExecutor workers,
            WorkerExecutor changers,
            Turns turns,
            FairShare readers,
            LongSupplier nanoTime) {
        this.timer = timer;
        this.workers = workers;
        this.changers = changers;
        this.turns = turns;
        this.readers = readers;
        this.nanoTime = nanoTime;
    }

    /** Changes the state when all that came before has; a step of it here and now where nothing is in the way. */
    void change(Change change) {
        if (closed) {
            return;
        }
        changes.add(change);
        came++;
        if (change.isMark()) {
            marked = came;
        }
        run();
    }

    /** Until it is false again no change is made, but reads go on. */
    void freeze(boolean on) {
        frozen = on;
        run();
    }

    /** Reads the state on a worker, in turn. */
    <T> Future<T> read(Callable<T> reader) {
        Promise<T> read = Promise.promise();
        reads.add(new Waiting(
                came,
                marked,
                nanoTime.getAsLong(),
                () -> lend(workers, reader).onComplete(result -> {
                    try {
                        read.handle(result);
                    } finally {
                        run();
                    }
                })));
        run();
        return read.future();
    }

    private <T> Future<T> lend(WorkerExecutor to, Callable<T> work) {
        lent = true;
        return to.executeBlocking(work, false).andThen(result -> lent = false);
    }

    /** The same for what takes microseconds: here and now, unless something is under way. */
    <T> Future<T> readQuickly(Supplier<T> reader) {
        return lent || !changes.isEmpty() ? read(reader::get) : Future.succeededFuture(reader.get());
    }

    private void run() {
        if (running) {
            return;
        }
        running = true;
        try {
            while (!lent && (startRead() || !resting && !frozen && step())) {
                // once more
            }
        } finally {
            running = false;
        }
        while (!lent && !idlers.isEmpty()) {
            idlers.remove().complete();
        }
    }

    private boolean startRead() {
        Waiting next = reads.peek();
        if (next == null || !isDue(next)) {
            return false;
        }
        reads.remove();
        next.start().run();
        return true;
    }

    private boolean isDue(Waiting read) {
        Change head = changes.peek();
        return finished >= read.all()
                || finished >= read.marks()
                        && (head == null || !head.isHalfway())
                        && nanoTime.getAsLong() - read.since() >= READ_WAIT_NANOS;
    }

    /** One step of the first change; false where there is none. */
    private boolean step() {
        Change head = changes.peek();
        if (head == null) {
            turns.idle();
            return false;
        }
        if (head.takesLong()) {
            lend(changers, () -> {
                        head.go();
                        return head;
                    })
                    .onComplete(done -> {
                        changes.poll();
                        finished++;
                        run();
                    });
            return false;
        }
        turns.begin();
        int bytes = head.go();
        if (head.isDone()) {
            changes.poll();
            finished++;
        }
        rest(turns.ended(bytes));
        return true;
    }

    private void rest(long ms) {
        if (ms > 0) {
            resting = true;
            timer.after(ms, () -> {
                resting = false;
                turns.rested();
                run();
            });
        }
    }

    /**
     * The same for a client that asks, as often as it likes: such reads get an eighth of a processor, and those of all
     * sessions together a quarter of the processors.
     *
     * @throws HubException where as many wait as may
     */
    <T> Future<T> readForClient(Callable<T> reader) {
        if (asked.size() >= MAX_WAITING_READS) {
            throw HubException.limit(
                    "snapshots that wait", asked.size() + " snapshots of the session are waiting already");
        }
        if (closed) {
            return Future.failedFuture(gone());
        }
        Promise<T> read = Promise.promise();
        asked.add(new Asked<>(reader, read));
        serve();
        return read.future();
    }

    private <T> T timed(Callable<T> reader) throws Exception {
        long began = nanoTime.getAsLong();
        try {
            return reader.call();
        } finally {
            tookNanos = nanoTime.getAsLong() - began;
        }
    }

    private void restFromReads() {
        long ms = TimeUnit.NANOSECONDS.toMillis(Math.max(REST * tookNanos, readers.rest(tookNanos)));
        if (ms == 0) {
            restedFromReads();
        } else {
            timer.after(ms, this::restedFromReads);
        }
    }

    private void restedFromReads() {
        busy = false;
        if (!closed) {
            readers.leave();
            serve();
        }
    }

    private void serve() {
        if (!busy && !asked.isEmpty()) {
            busy = true;
            readers.enter();
            answer(asked.remove());
        }
    }

    private <T> void answer(Asked<T> next) {
        read(() -> timed(next.reader())).onComplete(result -> {
            try {
                next.read().handle(result);
            } finally {
                restFromReads();
            }
        });
    }

    private static HubException gone() {
        return HubException.notFound("the session is gone");
    }

    /**
     * The session goes: clients that still wait are told so, what would change the state is dropped.
     *
     * @return done when no worker has the state any more; what a worker does after its Vert.x has closed is lost
     */
    Future<Void> close() {
        if (busy && !closed) {
            readers.leave();
        }
        closed = true;
        finished += changes.size();
        changes.clear();
        turns.idle();
        while (!asked.isEmpty()) {
            asked.remove().read().fail(gone());
        }
        Promise<Void> idle = Promise.promise();
        idlers.add(idle);
        run();
        return idle.future();
    }
}
