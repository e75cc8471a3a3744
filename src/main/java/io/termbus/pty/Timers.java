package io.termbus.pty;

import java.util.Comparator;
import java.util.PriorityQueue;
import java.util.concurrent.TimeUnit;

/** Actions that wait for their time, in nanoseconds of a monotonic clock. Not thread-safe. */
final class Timers {
    private record Timer(long at, Runnable action) {}

    private final PriorityQueue<Timer> waiting = new PriorityQueue<>(Comparator.comparingLong(Timer::at));

    void add(long at, Runnable action) {
        waiting.add(new Timer(at, action));
    }

    void runDue(long now) {
        for (Timer next = waiting.peek(); next != null && next.at() <= now; next = waiting.peek()) {
            waiting.remove();
            next.action().run();
        }
    }

    /** Milliseconds to the first action, rounded up; -1 where there is none. */
    int millisToNext(long now) {
        Timer next = waiting.peek();
        if (next == null) {
            return -1;
        }
        long millis = TimeUnit.NANOSECONDS.toMillis(next.at() - now + 999_999);
        return (int) Math.max(0, Math.min(millis, Integer.MAX_VALUE));
    }
}
