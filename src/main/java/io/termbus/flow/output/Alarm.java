package io.termbus.flow.output;

/** A timer that is set once at a time. On the event loop of its outlet. */
public final class Alarm {
    private static final long NONE = -1;

    private final Outlet outlet;
    private long timer = NONE;
    private long at;

    public Alarm(Outlet outlet) {
        this.outlet = outlet;
    }

    boolean isSet() {
        return timer != NONE;
    }

    /** When it goes off, in monotonic nanoseconds; of no meaning where it is not set. */
    long at() {
        return at;
    }

    /** Runs {@code task} at that time, or soon where it is past. No effect where it is set already. */
    public void set(long nanoTime, Runnable task) {
        if (isSet()) {
            return;
        }
        at = nanoTime;
        timer = outlet.after(Math.max(1, nanoTime - outlet.nanoTime()), () -> {
            timer = NONE;
            task.run();
        });
    }

    /** No effect where it is not set. */
    public void cancel() {
        if (isSet()) {
            outlet.cancel(timer);
            timer = NONE;
        }
    }
}
