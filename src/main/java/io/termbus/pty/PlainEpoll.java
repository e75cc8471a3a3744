package io.termbus.pty;

import com.sun.jna.Memory;
import com.sun.jna.Platform;
import io.netty.channel.IoEvent;
import io.netty.channel.IoHandle;
import io.netty.channel.IoHandler;
import io.netty.channel.IoHandlerContext;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.IoOps;
import io.netty.channel.IoRegistration;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * An event loop's epoll by system calls of our own, for where Netty's native library cannot be had or is switched
 * off. It takes {@link Watch}es. On the loop's thread only, but for {@link #wakeup}.
 */
final class PlainEpoll implements IoHandler {
    private static final Logger log = LoggerFactory.getLogger(PlainEpoll.class);

    /** What one round takes; the kernel keeps the rest for the next one. */
    private static final int MAX_EVENTS = 64;

    /** The kernel packs struct epoll_event on x86-64 only. */
    private static final int DATA_OFFSET = Platform.isIntel() ? 4 : 8;

    private static final int EVENT_BYTES = DATA_OFFSET + 8;

    /** What an eventfd takes: the number 1 of 64 bits, on little-endian machines. */
    private static final byte[] ONE = {1, 0, 0, 0, 0, 0, 0, 0};

    /** The eventfd's; watches have others. */
    private static final long WAKE_UP_KEY = 0;

    /** EPOLL bits: those that are wanted, and those that came. */
    record Bits(int value) implements IoOps, IoEvent {}

    private final Map<Long, Registration> registrations = new HashMap<>();
    private final Memory events = new Memory((long) MAX_EVENTS * EVENT_BYTES);
    private final Memory change = new Memory(EVENT_BYTES);
    private final int epoll;
    private final int wakeUp;

    /** Whether the loop waits in the kernel, or is about to. */
    private final AtomicBoolean asleep = new AtomicBoolean();

    private long lastKey = WAKE_UP_KEY;

    static IoHandlerFactory newFactory() {
        return executor -> {
            try {
                return new PlainEpoll();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        };
    }

    private PlainEpoll() throws IOException {
        epoll = Libc.check(Libc.epoll_create1(Libc.O_CLOEXEC), "cannot watch descriptors");
        wakeUp = Libc.eventfd(0, Libc.O_CLOEXEC | Libc.O_NONBLOCK);
        if (wakeUp < 0) {
            IOException failure = Libc.failure("no descriptor left to wake the event loop by");
            Libc.close(epoll);
            throw failure;
        }
        try {
            // edge-triggered: each write is an event, and nobody has to read
            control(Libc.EPOLL_CTL_ADD, wakeUp, Libc.EPOLLIN | Libc.EPOLLET, WAKE_UP_KEY);
        } catch (IOException e) {
            destroy();
            throw e;
        }
    }

    private void control(int operation, int fd, int interest, long key) throws IOException {
        change.setInt(0, interest);
        change.setLong(DATA_OFFSET, key);
        Libc.check(Libc.epoll_ctl(epoll, operation, fd, Libc.address(change)), "cannot watch a descriptor");
    }

    /** Whoever adds a task after {@link #asleep} is set wakes the loop; one that was added before is seen here. */
    @Override
    public int run(IoHandlerContext context) {
        asleep.set(true);
        int timeoutMs = context.canBlock() ? timeoutMs(context) : 0;
        int count = Libc.epoll_wait(epoll, Libc.address(events), MAX_EVENTS, timeoutMs);
        asleep.set(false);
        int handled = 0;
        for (int i = 0; i < count; i++) {
            long at = (long) i * EVENT_BYTES;
            Registration registration = registrations.get(events.getLong(at + DATA_OFFSET));
            if (registration != null) {
                registration.watch.handle(registration, new Bits(events.getInt(at)));
                handled++;
            }
        }
        return handled;
    }

    /** Never early: a timer that has not yet come would cost a round. -1 where there is none. */
    private static int timeoutMs(IoHandlerContext context) {
        if (context.deadlineNanos() < 0) {
            return -1;
        }
        long nanos = context.delayNanos(System.nanoTime());
        return (int) Math.min(Integer.MAX_VALUE, TimeUnit.NANOSECONDS.toMillis(nanos + 999_999));
    }

    @Override
    public void wakeup() {
        if (asleep.getAndSet(false)) {
            Libc.write(wakeUp, ONE, ONE.length);
        }
    }

    @Override
    public IoRegistration register(IoHandle handle) throws IOException {
        Registration made = new Registration(++lastKey, (Watch) handle);
        control(Libc.EPOLL_CTL_ADD, made.watch.descriptor(), 0, made.key);
        registrations.put(made.key, made);
        return made;
    }

    @Override
    public boolean isCompatible(Class<? extends IoHandle> type) {
        return Watch.class.isAssignableFrom(type);
    }

    @Override
    public void prepareToDestroy() {
        for (Registration each : List.copyOf(registrations.values())) {
            each.cancel();
            each.watch.close();
        }
    }

    @Override
    public void destroy() {
        Libc.close(wakeUp);
        Libc.close(epoll);
    }

    /** One watch's place in the epoll. Its key is never given again, so an event of one that has left reaches none. */
    private final class Registration implements IoRegistration {
        private final long key;
        private final Watch watch;

        Registration(long key, Watch watch) {
            this.key = key;
            this.watch = watch;
        }

        @Override
        public <T> T attachment() {
            throw new UnsupportedOperationException("nothing is attached");
        }

        @Override
        public long submit(IoOps interest) {
            try {
                control(Libc.EPOLL_CTL_MOD, watch.descriptor(), ((Bits) interest).value(), key);
                return key;
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        @Override
        public boolean isValid() {
            return registrations.containsKey(key);
        }

        @Override
        public boolean cancel() {
            if (registrations.remove(key) == null) {
                return false;
            }
            try {
                control(Libc.EPOLL_CTL_DEL, watch.descriptor(), 0, key);
            } catch (IOException e) {
                log.warn("descriptor {}: {}", watch.descriptor(), e.toString());
            }
            return true;
        }
    }
}
