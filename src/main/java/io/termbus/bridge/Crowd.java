package io.termbus.bridge;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The connections that have sent more than a turn's worth. Together they get about an eighth of the processors, until
 * they are so many that each rests for the longest time: what is left is for those that send little. Any thread.
 */
public final class Crowd {
    /** A task that is run at once would not do: Netty runs tasks for up to a second, then reads sockets. */
    static final long LEAST_REST_MS = 1;
    /** How long any of them rests at the most, in nanoseconds. */
    public static final long MOST_REST_NANOS = 1_000_000_000;
    /** Of so many processors they may keep one busy. */
    private static final int PROCESSORS_PER_BUSY_ONE = 8;

    private final int processors;
    private final AtomicInteger size = new AtomicInteger();

    /** @param processors that the JVM may use */
    public Crowd(int processors) {
        this.processors = processors;
    }

    public void enter() {
        size.incrementAndGet();
    }

    public int size() {
        return size.get();
    }

    /** A connection that may become one of them; its methods are called on the connection's event loop. */
    public Member member() {
        return new Member();
    }

    /** One connection. */
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
            return Math.max(LEAST_REST_MS, TimeUnit.NANOSECONDS.toMillis(Crowd.this.rest(work)));
        }

        /** It is none of them any more. Idempotent. */
        public void leave() {
            if (in) {
                in = false;
                size.decrementAndGet();
            }
        }
    }

    /** How long a connection rests from work that took so long, both in nanoseconds. */
    public long rest(long work) {
        return rest(work, size());
    }

    /** The same for one that is not in the crowd and would be. */
    long restOfNewcomer(long work) {
        return rest(work, size() + 1);
    }

    private long rest(long work, int members) {
        long most = Math.min(work, MOST_REST_NANOS);
        return Math.min(MOST_REST_NANOS, most * Math.max(processors, PROCESSORS_PER_BUSY_ONE * members) / processors);
    }
}
