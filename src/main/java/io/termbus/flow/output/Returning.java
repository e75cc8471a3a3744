package io.termbus.flow.output;

import java.util.concurrent.TimeUnit;

/**
 * Stands for subscribers that never skip and that a change of the hub's program has cut off: what they have not acked, and
 * what comes next, is kept for them until as many are back, or the time is over.
 */
final class Returning implements Reader {
    /** A client that tries again for longer than that has lost its place. */
    static final long LIMIT_NANOS = TimeUnit.SECONDS.toNanos(10);

    private final SessionFlow flow;
    private final long from;
    private int missing;

    /** @param from offset of the oldest byte that one of them may want */
    Returning(SessionFlow flow, long from, int missing) {
        this.flow = flow;
        this.from = from;
        this.missing = missing;
    }

    /** One that never skips listens. */
    void back() {
        missing--;
        if (missing == 0) {
            finish();
        }
    }

    @Override
    public void run() {
        // it only keeps
    }

    @Override
    public long keepFrom() {
        return from;
    }

    @Override
    public boolean isLossless() {
        return true;
    }

    @Override
    public boolean isDone() {
        return true;
    }

    @Override
    public void finish() {
        if (flow.remove(this)) {
            flow.settle();
        }
    }

    @Override
    public void shutDown() {
        finish();
    }
}
