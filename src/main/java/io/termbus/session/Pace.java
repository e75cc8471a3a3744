package io.termbus.session;

import java.util.function.Consumer;

/**
 * Lets something happen at once, and again only after a rest: then once for all who asked meanwhile. On the session's event
 * loop.
 */
final class Pace {
    /** What one client sends in a burst comes to one; shorter than what is noticed. */
    static final long REST_MS = 50;

    private final ScreenGate.Timer timer;
    private final Consumer<Consumer<Long>> action;
    private boolean resting;
    private boolean wanted;

    /** @param action gets what to call when it is done, with the milliseconds to rest */
    Pace(ScreenGate.Timer timer, Consumer<Consumer<Long>> action) {
        this.timer = timer;
        this.action = action;
    }

    /** Of what is done in an instant. */
    static Pace of(ScreenGate.Timer timer, Runnable action) {
        return new Pace(timer, done -> {
            action.run();
            done.accept(REST_MS);
        });
    }

    void ask() {
        if (resting) {
            wanted = true;
            return;
        }
        resting = true;
        wanted = false;
        action.accept(ms -> timer.after(ms, this::rested));
    }

    private void rested() {
        resting = false;
        if (wanted) {
            ask();
        }
    }
}
