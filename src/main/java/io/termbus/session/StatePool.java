package io.termbus.session;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongConsumer;

/**
 * The memory that the states of all sessions of the node share. While there is enough each may have its own limit; when
 * there is not, those that have more than an equal share are cut down to that. Any thread.
 */
final class StatePool {
    /** Of the heap; what else a hub keeps needs the others. */
    private static final int PERCENT_OF_HEAP = 40;

    private final long most;
    private final AtomicLong held = new AtomicLong();
    private final Set<Member> members = ConcurrentHashMap.newKeySet();

    /** @param most bytes of all together */
    StatePool(long most) {
        this.most = most;
    }

    /** @param maxBytes of the heap */
    static StatePool ofHeap(long maxBytes) {
        return new StatePool(maxBytes / 100 * PERCENT_OF_HEAP);
    }

    /** @param trim gets the bytes to cut the state down to, on any thread; not again before {@link Member#trimmed} */
    Member enter(LongConsumer trim) {
        Member member = new Member(trim);
        members.add(member);
        return member;
    }

    long held() {
        return held.get();
    }

    private void trim() {
        long share = most / Math.max(1, members.size());
        for (Member member : members) {
            if (member.bytes > share && member.trimming.compareAndSet(false, true)) {
                member.trim.accept(share);
            }
        }
    }

    /** One session. Its methods are called by one thread after another, but for {@link #leave}. */
    final class Member {
        private final LongConsumer trim;
        private final AtomicBoolean trimming = new AtomicBoolean();
        private volatile long bytes;
        private boolean left;

        private Member(LongConsumer trim) {
            this.trim = trim;
        }

        /** What its state takes now. */
        void holds(long now) {
            if (set(now) > most) {
                trim();
            }
        }

        /** A worker may still look at the state of a session that has gone. */
        private synchronized long set(long now) {
            if (left) {
                return 0;
            }
            long all = held.addAndGet(now - bytes);
            bytes = now;
            return all;
        }

        /** It has been cut down. */
        void trimmed(long now) {
            trimming.set(false);
            set(now);
        }

        /** The session has gone. Idempotent. */
        synchronized void leave() {
            if (members.remove(this)) {
                set(0);
                left = true;
            }
        }
    }
}
