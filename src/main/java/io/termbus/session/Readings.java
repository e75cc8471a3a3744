package io.termbus.session;

import io.termbus.guard.FairShare;
import io.termbus.protocol.ErrorCode;
import io.termbus.protocol.HubException;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.WorkerExecutor;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What clients ask of a session's output that is to be worked out: one after the other, in pieces, on a worker, with rests
 * between them. The session goes on meanwhile, whatever it takes, as nothing here needs its terminal. On the session's event
 * loop.
 */
final class Readings {
    /** Those that may wait for their turn. */
    static final int MAX_WAITING = 32;
    /** Of one piece: what a worker is kept from others for. */
    static final long PIECE_NANOS = 10_000_000;
    /** A piece is followed by so many times its duration without one. */
    static final int REST = 7;

    /** Something to work out in steps; by one thread after another, but for {@link #close}. */
    interface Reading<T> {
        /**
         * A fraction of a millisecond.
         *
         * @return false when it is over
         */
        boolean step();

        /** When it is over. */
        T result();

        /** Nothing more is done with it. Any thread. */
        default void close() {
            // has nothing to give back
        }
    }

    private record Asked<T>(Supplier<Future<? extends Reading<T>>> begin, BooleanSupplier wanted, Promise<T> answer) {}

    private final ScreenGate.Timer timer;
    private final WorkerExecutor workers;
    private final FairShare readers;
    private final LongSupplier workNanos;
    private final Deque<Asked<?>> waiting = new ArrayDeque<>();
    /** One is being worked out, or rests. */
    private @Nullable Asked<?> current;
    /** What is being worked out. */
    private @Nullable Reading<?> reading;
    /** A worker has it. */
    private boolean lent;

    /** Of the last piece: by the worker, then by the event loop. */
    private volatile long tookNanos;

    private boolean closed;

    /** @param workNanos what the calling thread has done */
    Readings(ScreenGate.Timer timer, WorkerExecutor workers, FairShare readers, LongSupplier workNanos) {
        this.timer = timer;
        this.workers = workers;
        this.readers = readers;
        this.workNanos = workNanos;
    }

    /**
     * Works it out in turn.
     *
     * @param begin called when its turn has come: what it needs is not held before
     * @param wanted false when nobody waits for the answer any more; it fails then
     * @return fails with 429 where as many wait as may
     */
    <T> Future<T> read(Supplier<Future<? extends Reading<T>>> begin, BooleanSupplier wanted) {
        if (closed) {
            return Future.failedFuture(gone());
        }
        if (waiting.size() >= MAX_WAITING) {
            return Future.failedFuture(HubException.limit(
                    "reads that wait", waiting.size() + " reads of the session's output are waiting already"));
        }
        Promise<T> answer = Promise.promise();
        waiting.add(new Asked<>(begin, wanted, answer));
        next();
        return answer.future();
    }

    private void next() {
        if (current == null && !waiting.isEmpty()) {
            readers.enter();
            begin(waiting.remove());
        }
    }

    private <T> void begin(Asked<T> asked) {
        current = asked;
        tookNanos = 0;
        if (!asked.wanted().getAsBoolean()) {
            over(asked, Future.failedFuture(unwanted()));
            return;
        }
        asked.begin()
                .get()
                .onSuccess(reading -> goOn(asked, reading))
                .onFailure(cause -> over(asked, Future.failedFuture(cause)));
    }

    private <T> void goOn(Asked<T> asked, Reading<T> next) {
        reading = next;
        if (closed || !asked.wanted().getAsBoolean()) {
            over(asked, Future.failedFuture(unwanted()));
            return;
        }
        lent = true;
        workers.executeBlocking(() -> piece(next), false)
                .onComplete(done -> lent = false)
                .onSuccess(result -> {
                    if (result.isPresent() || closed) {
                        over(asked, result.map(Future::succeededFuture).orElseGet(() -> Future.failedFuture(gone())));
                    } else {
                        timer.after(restMs(), () -> rested(asked, next));
                    }
                })
                .onFailure(cause -> over(asked, Future.failedFuture(cause)));
    }

    private <T> void rested(Asked<T> asked, Reading<T> next) {
        if (!closed) {
            goOn(asked, next);
        }
    }

    private void closeReading() {
        Reading<?> last = reading;
        reading = null;
        if (last != null) {
            last.close();
        }
    }

    /** On a worker. Empty: there is more to do. */
    private <T> Optional<T> piece(Reading<T> reading) {
        long began = workNanos.getAsLong();
        try {
            while (reading.step()) {
                if (workNanos.getAsLong() - began >= PIECE_NANOS) {
                    return Optional.empty();
                }
            }
            return Optional.of(reading.result());
        } finally {
            tookNanos = workNanos.getAsLong() - began;
        }
    }

    private long restMs() {
        return Math.max(1, TimeUnit.NANOSECONDS.toMillis(Math.max(REST * tookNanos, readers.rest(tookNanos))));
    }

    private <T> void over(Asked<T> asked, Future<T> result) {
        closeReading();
        if (!closed) {
            timer.after(restMs(), this::rested);
            result.onComplete(asked.answer());
        }
    }

    private void rested() {
        if (!closed) {
            current = null;
            readers.leave();
            next();
        }
    }

    private static HubException gone() {
        return HubException.notFound("the session is gone");
    }

    private static HubException unwanted() {
        return new HubException(ErrorCode.UNAVAILABLE, "nobody waits for it any more");
    }

    /** The session goes: clients that still wait are told so. Idempotent. */
    void close() {
        if (closed) {
            return;
        }
        closed = true;
        if (!lent) { // else when it comes back: timers of a session that goes may not fire any more
            closeReading();
        }
        Asked<?> last = current;
        if (last != null) {
            readers.leave();
            last.answer().tryFail(gone());
        }
        while (!waiting.isEmpty()) {
            waiting.remove().answer().fail(gone());
        }
    }
}
