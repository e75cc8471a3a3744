package io.termbus.bridge;

import io.vertx.core.AsyncResult;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * The answers of the node that may be long. So many are under way at a time, from the command to the socket: who asks for
 * more is not read meanwhile. A worker makes JSON of the long ones, one after the other and with rests, so that it keeps no
 * more than an eighth of the processors busy; those who ask take turns. Any thread.
 */
public final class LongAnswers {
    /** A longer answer is made JSON by a worker, as that takes a millisecond and more. */
    static final int LONG_BYTES = 64 * 1024;
    /** Of one connection; a client that is up to no harm opens as many sessions at once. */
    static final int MOST_OF_CONNECTION = 8;
    /** Of the node. While there are so many each connection may have one. */
    static final int MOST_OF_NODE = 32;
    /** Of so many processors the worker may keep one busy. */
    private static final int PROCESSORS_PER_BUSY_ONE = 8;

    private final int rest;
    private final LongSupplier workNanos;
    private final AtomicInteger underWay = new AtomicInteger();
    /** What waits for the worker, by who asked; the first one's turn is next. */
    private final Map<String, Deque<Job>> lines = new LinkedHashMap<>();
    /** The worker works, or rests. */
    private boolean busy;

    /** @param processors that the JVM may use */
    public LongAnswers(int processors) {
        this(processors, ThreadTime::nanos);
    }

    /** @param workNanos what the calling thread has done */
    LongAnswers(int processors, LongSupplier workNanos) {
        this.rest = Math.max(1, PROCESSORS_PER_BUSY_ONE / processors - 1);
        this.workNanos = workNanos;
    }

    /** How many are under way. */
    int underWay() {
        return underWay.get();
    }

    /**
     * A connection; call on its event loop.
     *
     * @param payer who asks, see {@link Client#payer}
     * @param mayAgain run on the event loop when one is over
     */
    Member enter(Vertx vertx, Supplier<String> payer, Runnable mayAgain) {
        return new Member(vertx, vertx.getOrCreateContext(), payer, mayAgain);
    }

    private void add(String payer, Job job) {
        synchronized (this) {
            lines.computeIfAbsent(payer, first -> new ArrayDeque<>()).add(job);
            if (busy) {
                return;
            }
            busy = true;
        }
        goOn();
    }

    private void goOn() {
        take().ifPresent(Job::start);
    }

    private synchronized Optional<Job> take() {
        Iterator<Map.Entry<String, Deque<Job>>> turns = lines.entrySet().iterator();
        if (!turns.hasNext()) {
            busy = false;
            return Optional.empty();
        }
        Map.Entry<String, Deque<Job>> turn = turns.next();
        turns.remove();
        Job job = turn.getValue().remove();
        if (!turn.getValue().isEmpty()) {
            lines.put(turn.getKey(), turn.getValue());
        }
        return Optional.of(job);
    }

    /** One answer that waits for the worker. */
    private final class Job {
        private final Member member;
        private final Callable<Outgoing> work;
        private final Promise<Outgoing> done = Promise.promise();
        private long took;

        Job(Member member, Callable<Outgoing> work) {
            this.member = member;
            this.work = work;
        }

        private Outgoing timed() throws Exception {
            long began = workNanos.getAsLong();
            try {
                return work.call();
            } finally {
                took = workNanos.getAsLong() - began;
            }
        }

        void start() {
            member.home.runOnContext(v -> {
                if (member.left) {
                    over(Future.failedFuture("the client has gone"));
                    return;
                }
                try {
                    member.vertx.executeBlocking(this::timed, false).onComplete(this::over);
                } catch (RejectedExecutionException e) {
                    over(Future.failedFuture(e));
                }
            });
        }

        private void over(AsyncResult<Outgoing> result) {
            try {
                done.handle(result);
            } finally {
                long ms = TimeUnit.NANOSECONDS.toMillis(rest * took);
                if (ms == 0) {
                    goOn();
                } else {
                    member.vertx.setTimer(ms, rested -> goOn());
                }
            }
        }
    }

    /** One connection; its methods are called on its event loop. */
    final class Member {
        private final Vertx vertx;
        private final Context home;
        private final Supplier<String> payer;
        private final Runnable mayAgain;
        private int own;
        private boolean left;

        private Member(Vertx vertx, Context home, Supplier<String> payer, Runnable mayAgain) {
            this.vertx = vertx;
            this.home = home;
            this.payer = payer;
            this.mayAgain = mayAgain;
        }

        /** Whether one more may be under way. */
        boolean mayAsk() {
            return own == 0 || own < MOST_OF_CONNECTION && underWay.get() < MOST_OF_NODE;
        }

        /** One more is under way; {@link #ends} must follow. */
        void begins() {
            own++;
            underWay.incrementAndGet();
        }

        /** One of them is on its way to the client, or will never be. */
        void ends() {
            own--;
            underWay.decrementAndGet();
            home.runOnContext(v -> mayAgain.run());
        }

        /**
         * Has the worker do it when it is this one's turn.
         *
         * @return done on the event loop; fails where the client has gone meanwhile
         */
        Future<Outgoing> write(Callable<Outgoing> work) {
            Job job = new Job(this, work);
            add(payer.get(), job);
            return job.done.future();
        }

        /** The client has gone: nothing is written for it any more. */
        void leave() {
            left = true;
        }
    }
}
