package io.termbus.session;

import io.termbus.protocol.HubException;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.WorkerExecutor;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.Callable;
import java.util.function.Supplier;

/**
 * Lets the state of a terminal be read on a worker, since a long scrollback takes milliseconds. Meanwhile
 * the state stands still and what would change it waits. Changes go before the next read, so that many
 * readers delay output by one read, not by all of them. Every method on the session's event loop.
 */
final class ScreenGate {
    /** Snapshots that clients may have waiting; each takes milliseconds. */
    static final int MAX_WAITING_READS = 32;

    private final WorkerExecutor workers;
    /** Output, bounded by the session's window, and commands that came during one read. */
    private final Deque<Runnable> changes = new ArrayDeque<>();

    private final Deque<Runnable> reads = new ArrayDeque<>();
    private boolean reading;

    ScreenGate(WorkerExecutor workers) {
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

    /** Fails where clients have as many reads waiting as they may. */
    void roomToRead() {
        if (reads.size() >= MAX_WAITING_READS) {
            throw HubException.limit(
                    "snapshots that wait", reads.size() + " snapshots of the session are waiting already");
        }
    }

    private void goOn() {
        while (!changes.isEmpty()) {
            changes.remove().run();
        }
        if (!reading && !reads.isEmpty()) {
            reads.remove().run();
        }
    }
}
