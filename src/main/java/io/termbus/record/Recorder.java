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
 * then input and marks are left out, and whoever feeds it with output stops, and goes on from a state when
 * {@link Host#drained} is called. A mark says how much is missing. All calls on one event loop.
 */
public final class Recorder {
    /** How far the disk may lag behind one session. */
    public static final int MAX_LAG_BYTES = 32 << 20;
    /** What an entry takes beside its bytes. */
    private static final int ENTRY_BYTES = 64;

    private static final int BATCH_BYTES = 1 << 20;
    private static final long FLUSH_NANOS = 100_000_000;
    /** Where other recordings have what may wait, one that has nothing looks so often whether that is over. */
    private static final long ROOM_NANOS = 100_000_000;

    /** Port to the event loop and the workers. */
    public interface Host {
        /** Monotonic. */
        long nanoTime();

        void after(long nanos, Runnable task);

        /** Blocking work of this recording, one after the other. */
        <T> Future<T> work(Callable<T> work);

        /** The recording has that id. */
        void begun(String id);

        /** Nothing waits any more, and there is room. */
        void drained();

        /** Nothing can be written any more. Called once, and not after {@link Recorder#close}. */
        void failed(Throwable cause);
    }

    private final RecordingFiles files;
    private final Host host;
    private final Deque<Entry> queue = new ArrayDeque<>();
    private @Nullable RecordingFile file;
    private long queued;
    private boolean busy = true;
    private boolean waits;
    private boolean looksForRoom;
    /** Bytes that were left out and that no mark tells of yet. */
    private long missing;

    private boolean over;
    private @Nullable Promise<Void> closing;

    /** One that is to {@link #begin}. */
    public Recorder(RecordingFiles files, Host host) {
        this.files = files;
        this.host = host;
    }

    /**
     * Call once. The host may be called within.
     *
     * @param session its id
     */
    public void begin(String session, CastHeader header) {
        long began = host.nanoTime();
        host.work(() -> files.create(session, header, began)).onComplete(done -> {
            if (done.succeeded()) {
                file = done.result();
                host.begun(done.result().id());
            }
            worked(done.cause());
        });
    }

    /** @param from offset of the first byte */
    public void output(byte[] bytes, long from) {
        add(new RecordingFile.Output(host.nanoTime(), from, bytes));
    }

    public void resized(int cols, int rows) {
        say(CastEvent.RESIZE, cols + "x" + rows);
    }

    /** Left out where the disk lags too far. */
    public void typed(byte[] bytes) {
        if (isFull()) {
            missing(bytes.length);
        } else {
            say(CastEvent.INPUT, new String(bytes, StandardCharsets.UTF_8));
        }
    }

    /** Left out where the disk lags too far. */
    public void mark(String label) {
        if (isFull()) {
            missing(label.length());
        } else {
            say(CastEvent.MARKER, label);
        }
    }

    /** So much is left out; a mark before what is recorded next says so. */
    public void missing(long bytes) {
        missing += bytes;
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
        tellMissing();
        enqueue(entry);
        goOn();
    }

    private void tellMissing() {
        if (missing > 0) {
            String gap = "gap: " + missing + " bytes are missing";
            missing = 0;
            enqueue(new RecordingFile.Said(host.nanoTime(), CastEvent.MARKER, gap));
        }
    }

    private void enqueue(Entry entry) {
        queue.add(entry);
        counts(entry.bytes() + ENTRY_BYTES);
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
            fail(failure);
        } else if (over) {
            closed();
        } else {
            awaitRoom();
            goOn();
        }
    }

    /** Has {@link Host#drained} called where nothing of its own waits: at once, or when other recordings leave room. */
    public void awaitRoom() {
        if (busy || over || closing != null || !queue.isEmpty()) {
            return;
        }
        if (!files.waitTooMuch()) {
            host.drained();
        } else if (!looksForRoom) {
            looksForRoom = true;
            host.after(ROOM_NANOS, () -> {
                looksForRoom = false;
                awaitRoom();
            });
        }
    }

    private void fail(Throwable cause) {
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
            host.failed(cause);
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
                tellMissing();
                goOn();
            }
        }
        return done.future();
    }
}
