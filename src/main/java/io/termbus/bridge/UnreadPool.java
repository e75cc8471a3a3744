package io.termbus.bridge;

import java.util.Comparator;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;

/**
 * The memory that takes what clients have not read, all connections of the node together: by its own limit each may keep
 * little of it, but many that do not read would exhaust it. When there is more than may be, the connection that has the most
 * goes, one after the other. Any thread.
 */
public final class UnreadPool {
    /** Of the heap; direct memory has the same size. */
    private static final int PERCENT_OF_HEAP = 25;

    private final long most;
    private final AtomicLong held = new AtomicLong();
    private final Set<Member> members = ConcurrentHashMap.newKeySet();
    /** Is about to go; until it has, no other has to. */
    private final AtomicReference<Member> going = new AtomicReference<>();

    /** @param most bytes of all together */
    UnreadPool(long most) {
        this.most = most;
    }

    /** @param maxBytes of the heap */
    public static UnreadPool ofHeap(long maxBytes) {
        return new UnreadPool(maxBytes / 100 * PERCENT_OF_HEAP);
    }

    /** @param go drops all that the connection has, and ends it; called on any thread, at most once */
    Member enter(Runnable go) {
        Member member = new Member(go);
        members.add(member);
        return member;
    }

    long held() {
        return held.get();
    }

    private void relieve() {
        members.stream()
                .max(Comparator.comparingLong((Member each) -> each.bytes))
                .filter(largest -> going.compareAndSet(null, largest))
                .ifPresent(largest -> largest.go.run());
    }

    /** One connection. Its methods are called on the connection's event loop. */
    final class Member {
        private final Runnable go;
        private volatile long bytes;

        private Member(Runnable go) {
            this.go = go;
        }

        /**
         * @param more bytes of memory that are held now, or, below 0, not any more; what another connection holds too is none
         * @param all bytes that wait for its client, whoever else holds them
         */
        void changed(long more, long all) {
            bytes = all;
            if (more != 0 && held.addAndGet(more) > most && more > 0) {
                relieve();
            }
        }

        /** The connection has gone. Idempotent. */
        void leave() {
            members.remove(this);
            going.compareAndSet(this, null);
        }
    }
}
