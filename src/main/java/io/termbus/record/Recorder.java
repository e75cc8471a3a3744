package io.termbus.record;

import io.termbus.record.RecordingFile.Entry;
import io.termbus.record.cast.CastEvent;
import io.termbus.record.cast.CastHeader;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;

/**
 * Makes one recording: takes what comes, in order, and has a worker write it. What waits is bounded, by {@link #isFull}:
 * then whoever feeds it stops, and goes on from a state when {@link Host#drained} is called. All calls on one event loop.
 */
public final class Recorder {
    /** How far the disk may lag behind one session. */
    public static final int MAX_LAG_BYTES = 32 << 20;
    /** What an entry takes beside its bytes. */
    private static final int ENTRY_BYTES = 64;

    private static final int BATCH_BYTES = 1 << 20;
    private static final long FLUSH_NANOS = 100_000_000;

    /** Port to the event loop and the workers. */
    public interface Host {
        /** Monotonic. */
        long nanoTime();

        void after(long nanos, Runnable task);

        /** Blocking work of this recording, one after the other. */
        <T> Future<T> work(Callable<T> work);

        /** The recording has that id. */
        void begun(String id);

        /** Nothing waits any more. */
        void drained();

        /** Nothing can be written any more. Called once, and not after {@link Recorder#close}. */
        void failed(String why);
    }

    private final RecordingFiles files;
    private final Host host;
    private final Deque<Entry> queue = new ArrayDeque<>();
    private @Nullable RecordingFile file;
    private long queued;
    private boolean busy = true;
    private boolean waits;
    private boolean over;
    private @Nullable Promise<Void> closing;

    private Recorder(RecordingFiles files, Host host) {
        this.files = files;
        this.host = host;
    }

    /**
     * Begins a recording.
     *
     * @param session its id
     */
    public static Recorder begin(RecordingFiles files, String session, CastHeader header, Host host) {
        Recorder recorder = new Recorder(files, host);
        long began = host.nanoTime();
        host.work(() -> files.create(session, header, began)).onComplete(done -> {
            if (done.succeeded()) {
                recorder.file = done.result();
                host.begun(done.result().id());
            }
            recorder.worked(done.cause());
        });
        return recorder;
    }

    /** @param from offset of the first byte */
    public void output(byte[] bytes, long from) {
        add(new RecordingFile.Output(host.nanoTime(), from, bytes));
    }

    public void resized(int cols, int rows) {
        say(CastEvent.RESIZE, cols + "x" + rows);
    }

    public void typed(byte[] bytes) {
        say(CastEvent.INPUT, new String(bytes, StandardCharsets.UTF_8));
    }

    public void mark(String label) {
        say(CastEvent.MARKER, label);
    }

    public void exited(int code) {
        say(CastEvent.EXIT, Integer.toString(code));
    }

    private void say(char code, String data) {
        add(new RecordingFile.Said(host.nanoTime(), code, data));
    }

    /** Output goes on from there. */
    public void jump(State state) {
        add(new RecordingFile.Jump(host.nanoTime(), state));
    }

    /** What the state was somewhere in the output that has been given already. */
    public void keyframe(State state) {
        add(new RecordingFile.Frame(host.nanoTime(), state));
    }

    /** The disk lags by as much as it may. */
    public boolean isFull() {
        return queued >= MAX_LAG_BYTES || files.waitTooMuch();
    }

    private void add(Entry entry) {
        if (over || closing != null) {
            return;
        }
        queue.add(entry);
        counts(entry.bytes() + ENTRY_BYTES);
        goOn();
    }

    private void counts(long bytes) {
        queued += bytes;
        files.waits(bytes);
    }

    private void goOn() {
        if (busy || over) {
            return;
        }
        if (queued >= BATCH_BYTES || closing != null) {
            write();
        } else if (!waits && !queue.isEmpty()) {
            waits = true;
            host.after(FLUSH_NANOS, () -> {
                waits = false;
                if (!busy && !over) {
                    write();
                }
            });
        }
    }

    private void write() {
        RecordingFile to = file;
        if (to == null) {
            return;
        }
        busy = true;
        List<Entry> batch = new ArrayList<>();
        long bytes = 0;
        while (!queue.isEmpty() && bytes < BATCH_BYTES) {
            Entry next = queue.remove();
            bytes += next.bytes() + ENTRY_BYTES;
            batch.add(next);
        }
        long taken = bytes;
        boolean last = queue.isEmpty() && closing != null;
        host.work(() -> {
                    files.write(to, batch);
                    if (last) {
                        files.close(to);
                    }
                    return to;
                })
                .onComplete(done -> {
                    counts(-taken);
                    over |= last;
                    worked(done.cause());
                });
    }

    private void worked(@Nullable Throwable failure) {
        busy = false;
        if (failure != null) {
            fail(String.valueOf(failure.getMessage()));
        } else if (over) {
            closed();
        } else {
            if (queue.isEmpty() && closing == null) {
                host.drained();
            }
            goOn();
        }
    }

    private void fail(String why) {
        over = true;
        queue.clear();
        counts(-queued);
        RecordingFile abandoned = file;
        Future<Void> left = abandoned == null
                ? Future.succeededFuture()
                : host.work(() -> {
                    files.abandon(abandoned);
                    return null;
                });
        if (closing == null) {
            host.failed(why);
        }
        left.onComplete(done -> closed());
    }

    private void closed() {
        if (closing != null) {
            closing.tryComplete();
        }
    }

    /** Writes what waits, and ends. Idempotent. Completes when the file is closed, also where that failed. */
    public Future<Void> close() {
        Promise<Void> done = closing;
        if (done == null) {
            done = Promise.promise();
            closing = done;
            if (over) {
                done.complete();
            } else {
                goOn();
            }
        }
        return done.future();
    }
}
