package io.termbus.pty;

import com.sun.jna.Memory;
import com.sun.jna.Platform;
import java.io.IOException;

/**
 * An epoll descriptor with an eventfd that wakes it. {@link #add} and {@link #wake} may be called from any
 * thread, the rest by the thread that waits.
 */
final class Epoll {
    /** The key of the wake-up; descriptors are added under others. */
    private static final long WAKE_KEY = -1;

    private static final int MAX_EVENTS = 64;

    /** The kernel packs struct epoll_event on x86-64 only. */
    private static final int DATA_OFFSET = Platform.isIntel() ? 4 : 8;

    private static final int EVENT_BYTES = DATA_OFFSET + 8;

    interface Handler {
        void event(long key, int events);
    }

    private final Memory events = new Memory((long) MAX_EVENTS * EVENT_BYTES);
    private final Memory counter = new Memory(8);
    private final int epoll;
    private final int wakeUp;
    private boolean closed;

    Epoll() throws IOException {
        epoll = Libc.check(Libc.epoll_create1(Libc.EPOLL_CLOEXEC), "epoll_create1");
        wakeUp = Libc.eventfd(0, Libc.EFD_CLOEXEC | Libc.EFD_NONBLOCK);
        if (wakeUp < 0) {
            IOException failure = Libc.failure("eventfd");
            Libc.close(epoll);
            throw failure;
        }
        add(wakeUp, Libc.EPOLLIN, WAKE_KEY);
    }

    /** A descriptor leaves by being closed. */
    void add(int fd, int interest, long key) throws IOException {
        try (Memory event = new Memory(EVENT_BYTES)) {
            event.clear();
            event.setInt(0, interest);
            event.setLong(DATA_OFFSET, key);
            Libc.check(Libc.epoll_ctl(epoll, Libc.EPOLL_CTL_ADD, fd, Libc.address(event)), "epoll_ctl");
        }
    }

    /** Does nothing once closed, when the number may be another descriptor's. */
    synchronized void wake() {
        if (!closed) {
            Libc.eventfd_write(wakeUp, 1);
        }
    }

    /** Waits at most that long (-1: without end) and passes on what happened. */
    void await(int timeoutMs, Handler handler) {
        int count = Libc.epoll_wait(epoll, Libc.address(events), MAX_EVENTS, timeoutMs);
        for (int i = 0; i < count; i++) {
            long at = (long) i * EVENT_BYTES;
            long key = events.getLong(at + DATA_OFFSET);
            if (key == WAKE_KEY) {
                Libc.eventfd_read(wakeUp, Libc.address(counter));
            } else {
                handler.event(key, events.getInt(at));
            }
        }
    }

    synchronized void close() {
        closed = true;
        Libc.close(wakeUp);
        Libc.close(epoll);
    }
}
