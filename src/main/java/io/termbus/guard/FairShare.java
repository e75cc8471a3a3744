package io.termbus.guard;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A part of the processors for those that want more than others. Together they get about that much, by rests between
 * their turns, until they are so many that each rests for the longest time; what is left is for the others. Any thread.
 */
public final class FairShare {
    /** A task that is run at once would not do: Netty runs tasks for up to a second, then reads sockets. */
    public static final long LEAST_REST_MS = 1;
    /** How long any of them rests at the most, in nanoseconds. */
    public static final long MOST_REST_NANOS = 1_000_000_000;

    private final int processors;
    private final int processorsPerBusyOne;
    private final AtomicInteger size = new AtomicInteger();

    /**
     * @param processors that the JVM may use
     * @param processorsPerBusyOne of so many they may keep one busy
     */
    public FairShare(int processors, int processorsPerBusyOne) {
        this.processors = processors;
        this.processorsPerBusyOne = processorsPerBusyOne;
    }

    public void enter() {
        size.incrementAndGet();
    }

    public void leave() {
        size.decrementAndGet();
    }

    /** How many there are. */
    public int size() {
        return size.get();
    }

    /** One that may come to share it. */
    public Member member() {
        return new Member();
    }

    /** One of those that want more, or not at the moment. Used by one thread. */
    public final class Member {
        private boolean in;

        private Member() {}

        /**
         * It is one of them from now on, and rests.
         *
         * @param work that it rests from, in nanoseconds
         * @return how long, in milliseconds
         */
        public long rest(long work) {
            if (!in) {
                in = true;
                enter();
            }
            return Math.max(LEAST_REST_MS, TimeUnit.NANOSECONDS.toMillis(FairShare.this.rest(work)));
        }

        /** It is none of them any more. Idempotent. */
        public void leave() {
            if (in) {
                in = false;
                FairShare.this.leave();
            }
        }
    }

    /** How long one of them rests from work that took so long, both in nanoseconds. */
    public long rest(long work) {
        return rest(work, size());
    }

    /** The same for one that is not among them and would be. */
    public long restOfNewcomer(long work) {
        return rest(work, size() + 1);
    }

    private long rest(long work, int members) {
        long most = Math.min(work, MOST_REST_NANOS);
        return Math.min(MOST_REST_NANOS, most * Math.max(processors, processorsPerBusyOne * members) / processors);
    }
}
