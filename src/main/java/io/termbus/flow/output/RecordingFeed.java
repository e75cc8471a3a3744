package io.termbus.flow.output;

import io.termbus.protocol.Payload;
import io.termbus.protocol.SessionMessage.Snapshot;
import io.termbus.record.Recorder;
import io.termbus.record.RecordingFiles;
import io.termbus.record.State;
import io.termbus.record.cast.CastHeader;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.WorkerExecutor;
import java.nio.file.FileSystemException;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What is recorded of a session. It takes all output at once and never holds the PTY back; where the disk lags by as much as
 * it may, it lets output go and goes on from a snapshot. Single writer: the flow-control instance that owns the session.
 */
final class RecordingFeed implements Reader, Recorder.Host {
    private static final Logger LOG = LoggerFactory.getLogger(RecordingFeed.class);
    private static final long KEYFRAME_NANOS = 60_000_000_000L;
    /** A smaller part of what is between two keyframes is shown in a millisecond or two, however long ago it came. */
    private static final int LEAST_PART = 64;

    private static final int OUTPUT_BYTES = 65_536;

    private final String session;
    private final SessionFlow flow;
    private final Outlet outlet;
    private final WorkerExecutor workers;
    private final int keyframeBytes;
    private final Cursor cursor;
    private final Recorder recorder;
    private final Promise<String> begun = Promise.promise();
    private final Promise<String> ended = Promise.promise();
    /** Output waits for a state to go on from. */
    private boolean jumping;

    private boolean asked;
    /** Where output was let go; empty: nothing was. */
    private Optional<Long> lostFrom = Optional.empty();

    private long keyframeAt;
    private long keyframeOffset;
    private boolean keyframeAsked;
    private @Nullable String reason;

    /**
     * One that is to {@link #begin}.
     *
     * @param flow of the session, which has this for a reader until it has ended
     */
    RecordingFeed(String session, SessionFlow flow, Outlet outlet, RecordingFiles files, WorkerExecutor workers) {
        this.session = session;
        this.flow = flow;
        this.outlet = outlet;
        this.workers = workers;
        this.keyframeBytes = files.keyframeBytes();
        this.cursor = new Cursor(flow.output().backlog(), flow.end());
        this.keyframeAt = outlet.nanoTime();
        this.recorder = new Recorder(files, this);
    }

    /** Begins with what comes next. Call once; may end at once. */
    void begin(CastHeader header) {
        recorder.begin(session, header);
        if (flow.end() > 0) {
            jump();
        }
    }

    /** Completes with the recording's id. */
    Future<String> begun() {
        return begun.future();
    }

    /** Completes with the reason, when the file is closed. */
    Future<String> ended() {
        return ended.future();
    }

    /** It has ended, or is about to. */
    boolean isOver() {
        return reason != null;
    }

    void typed(byte[] bytes) {
        recorder.typed(bytes);
    }

    void mark(String label) {
        recorder.mark(label);
    }

    @Override
    public void run() {
        while (!jumping && step()) {
            // once more
        }
    }

    private boolean step() {
        if (cursor.isBehind() || recorder.isFull()) {
            letGo();
            return false;
        }
        Backlog.SizeMark mark = cursor.takeSize();
        if (mark != null) {
            recorder.resized(mark.cols(), mark.rows());
            return true;
        }
        if (cursor.isAtEnd()) {
            flow.output().exit().ifPresent(exit -> {
                recorder.exited(exit.code());
                end("exited");
            });
            return false;
        }
        long from = cursor.offset();
        Payload bytes = cursor.take(OUTPUT_BYTES);
        recorder.output(bytes.bytes(), from);
        askKeyframe();
        return true;
    }

    private void askKeyframe() {
        long came = cursor.offset() - keyframeOffset;
        long now = outlet.nanoTime();
        boolean due = came >= keyframeBytes || came >= keyframeBytes / LEAST_PART && now - keyframeAt >= KEYFRAME_NANOS;
        if (!due || keyframeAsked) {
            return;
        }
        keyframeAsked = true;
        keyframeOffset = cursor.offset();
        keyframeAt = now;
        state().onComplete(done -> {
            keyframeAsked = false;
            if (done.succeeded() && !jumping && !recorder.isFull()) {
                recorder.keyframe(done.result());
            }
        });
    }

    private Future<State> state() {
        return outlet.snapshot(session, State.SCROLLBACK_LINES, State.WANTED_BYTES, State.MAX_BYTES)
                .map(RecordingFeed::state);
    }

    private static State state(Snapshot it) {
        return new State(it.offset(), it.cols(), it.rows(), it.payload().bytes());
    }

    /** What comes next goes on from a state of the terminal. */
    private void jump() {
        jumping = true;
        askState();
    }

    /** Output is lost from here up to the state that it goes on from, which waits for room. */
    private void letGo() {
        lostFrom = Optional.of(cursor.offset());
        jumping = true;
        if (recorder.isFull()) {
            recorder.awaitRoom();
        } else {
            askState();
        }
    }

    private void askState() {
        if (asked) {
            return;
        }
        asked = true;
        state().onSuccess(this::goOnFrom)
                .onFailure(cause -> end("the terminal's state cannot be had: " + cause.getMessage()));
    }

    private void goOnFrom(State state) {
        asked = false;
        if (reason != null) {
            return;
        }
        if (recorder.isFull()) {
            letGo();
            return;
        }
        jumping = false;
        lacksUpTo(state.offset());
        recorder.jump(state);
        cursor.moveTo(state.offset());
        cursor.knows(new Backlog.SizeMark(state.offset(), state.cols(), state.rows()));
        keyframeOffset = state.offset();
        run();
    }

    private void lacksUpTo(long offset) {
        lostFrom.ifPresent(from -> {
            long lost = Math.max(0, offset - from);
            LOG.warn("recording of session {}: the disk lags, {} bytes are missing", session, lost);
            recorder.missing(lost);
        });
        lostFrom = Optional.empty();
    }

    @Override
    public long keepFrom() {
        return NOTHING;
    }

    @Override
    public boolean isLossless() {
        return false;
    }

    /** The scrollback is gone, which no output says. */
    @Override
    public void cleared() {
        if (!jumping) {
            jump();
        }
    }

    @Override
    public boolean isDone() {
        return true;
    }

    /** Of a session that did not tell its exit, or did so while the disk lagged. */
    @Override
    public void finish() {
        lacksUpTo(flow.end());
        flow.output().exit().ifPresent(exit -> recorder.exited(exit.code()));
        end("exited");
    }

    /** Its session ends next. */
    @Override
    public void shutDown() {}

    /** No more is recorded. Idempotent. Completes when the file is closed. */
    Future<Void> end(String why) {
        if (reason == null) {
            reason = why;
            flow.remove(this);
            begun.tryFail(why);
            lacksUpTo(flow.end());
            recorder.close().onComplete(done -> ended.complete(why));
        }
        return recorder.close();
    }

    @Override
    public long nanoTime() {
        return outlet.nanoTime();
    }

    @Override
    public void after(long nanos, Runnable task) {
        outlet.after(nanos, task);
    }

    @Override
    public <T> Future<T> work(Callable<T> work) {
        return workers.executeBlocking(work, false);
    }

    @Override
    public void begun(String id) {
        begun.tryComplete(id);
    }

    @Override
    public void drained() {
        if (jumping) {
            askState();
        }
    }

    @Override
    public void failed(Throwable cause) {
        LOG.warn("the recording of session {} has ended: {}", session, cause.toString());
        end(told(cause));
    }

    /** Without paths of the hub. */
    private static String told(Throwable cause) {
        if (cause instanceof FileSystemException file) {
            String reason = file.getReason();
            return "the recording cannot be written: "
                    + (reason == null ? file.getClass().getSimpleName() : reason);
        }
        return String.valueOf(cause.getMessage());
    }
}
