package io.termbus.session;

import io.termbus.protocol.HubException;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.WorkerExecutor;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * Lets the state of a terminal be read on a worker, since a long scrollback takes milliseconds. Meanwhile
 * the state stands still and what would change it waits. Changes go before the next read, so that many
 * readers delay output by one read, not by all of them. Every method on the session's event loop.
 */
final class ScreenGate {
    /** Snapshots that clients may have waiting; each takes milliseconds. */
    static final int MAX_WAITING_READS = 32;

    /** A read for clients is followed by so many times its duration without one. */
    private static final int REST = 7;

    /** Runs something later, on the session's event loop. */
    @FunctionalInterface
    interface Timer {
        void after(long ms, Runnable then);
    }

    /** A read that a client waits for. */
    private record Asked<T>(Callable<T> reader, Promise<T> read) {}

    private final Timer timer;
    private final WorkerExecutor workers;
    /** Output, bounded by the session's window, and commands that came during one read. */
    private final Deque<Runnable> changes = new ArrayDeque<>();

    private final Deque<Runnable> reads = new ArrayDeque<>();
    /** Those that wait for the end of all reads. */
    private final Deque<Promise<Void>> idlers = new ArrayDeque<>();

    private boolean reading;
    /** Reads that clients asked for. */
    private final Deque<Asked<?>> asked = new ArrayDeque<>();
    /** One of these is under way, or the rest after it. */
    private boolean busy;
    /** By the worker, then by the event loop. */
    private volatile long tookNanos;

    ScreenGate(Timer timer, WorkerExecutor workers) {
        this.timer = timer;
        this.workers = workers;
    }

    /** Changes the state now, or when the read under way has ended. */
    void change(Runnable change) {
        if (reading) {
            changes.add(change);
        } else {
            change.run();
        }
    }

    /** Reads the state on a worker, in turn. */
    <T> Future<T> read(Callable<T> reader) {
        Promise<T> read = Promise.promise();
        Runnable start = () -> {
            reading = true;
            workers.executeBlocking(reader, false).onComplete(result -> {
                reading = false;
                read.handle(result);
                goOn();
            });
        };
        if (reading) {
            reads.add(start);
        } else {
            start.run();
        }
        return read.future();
    }

    /** The same for what takes microseconds: here and now, unless a read is under way. */
    <T> Future<T> readQuickly(Supplier<T> reader) {
        return reading ? read(reader::get) : Future.succeededFuture(reader.get());
    }

    /**
     * The same for a client that asks, as often as it likes: such reads get an eighth of a processor.
     *
     * @throws HubException where as many wait as may
     */
    <T> Future<T> readForClient(Callable<T> reader) {
        if (asked.size() >= MAX_WAITING_READS) {
            throw HubException.limit(
                    "snapshots that wait", asked.size() + " snapshots of the session are waiting already");
        }
        Promise<T> read = Promise.promise();
        asked.add(new Asked<>(reader, read));
        serve();
        return read.future();
    }

    private <T> T timed(Callable<T> reader) throws Exception {
        long began = System.nanoTime();
        try {
            return reader.call();
        } finally {
            tookNanos = System.nanoTime() - began;
        }
    }

    private void rest() {
        long ms = TimeUnit.NANOSECONDS.toMillis(REST * tookNanos);
        if (ms == 0) {
            rested();
        } else {
            timer.after(ms, this::rested);
        }
    }

    private void rested() {
        busy = false;
        serve();
    }

    private void serve() {
        if (!busy && !asked.isEmpty()) {
            busy = true;
            answer(asked.remove());
        }
    }

    private <T> void answer(Asked<T> next) {
        read(() -> timed(next.reader())).onComplete(result -> {
            next.read().handle(result);
            rest();
        });
    }

    /**
     * The session goes: clients that still wait are told so.
     *
     * @return done when no worker reads the state any more; what a worker does after its Vert.x has closed is lost
     */
    Future<Void> close() {
        while (!asked.isEmpty()) {
            asked.remove().read().fail(HubException.notFound("the session is gone"));
        }
        if (!reading) {
            return Future.succeededFuture();
        }
        Promise<Void> idle = Promise.promise();
        idlers.add(idle);
        return idle.future();
    }

    private void goOn() {
        while (!changes.isEmpty()) {
            changes.remove().run();
        }
        if (!reading && !reads.isEmpty()) {
            reads.remove().run();
        }
        while (!reading && !idlers.isEmpty()) {
            idlers.remove().complete();
        }
    }
}
