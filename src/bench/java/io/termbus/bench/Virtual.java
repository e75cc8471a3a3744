package io.termbus.bench;

import java.util.PriorityQueue;

/** A clock that stands still but between tasks. Those of the same time run in the order in which they came. */
public final class Virtual {
    private record Task(long at, long number, Runnable run) implements Comparable<Task> {
        @Override
        public int compareTo(Task other) {
            return at == other.at ? Long.compare(number, other.number) : Long.compare(at, other.at);
        }
    }

    private final PriorityQueue<Task> tasks = new PriorityQueue<>();
    private long now = 1_000_000_000_000L;
    private long number;

    /** Nanoseconds. */
    public long now() {
        return now;
    }

    public void after(long nanos, Runnable run) {
        tasks.add(new Task(now + nanos, number++, run));
    }

    public void pass(long nanos) {
        long until = now + nanos;
        while (!tasks.isEmpty() && tasks.element().at() <= until) {
            Task next = tasks.remove();
            now = next.at();
            next.run().run();
        }
        now = until;
    }
}
