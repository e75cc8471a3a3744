package io.termbus.pty;

import io.netty.channel.IoEvent;
import io.netty.channel.IoEventLoop;
import io.netty.channel.IoHandle;
import io.netty.channel.IoOps;
import io.netty.channel.IoRegistration;
import io.netty.channel.epoll.EpollIoEvent;
import io.netty.channel.epoll.EpollIoHandle;
import io.netty.channel.epoll.EpollIoOps;
import io.netty.channel.unix.FileDescriptor;
import io.netty.util.concurrent.Future;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;

/** A descriptor in the epoll of an event loop: Netty's, or {@link PlainEpoll}. On that loop only. */
class Watch implements IoHandle {
    private final int fd;
    private final IoOps interest;
    private final IntConsumer events;
    private @Nullable IoRegistration registration;

    private Watch(int fd, IoOps interest, IntConsumer events) {
        this.fd = fd;
        this.interest = interest;
        this.events = events;
    }

    /** As Netty's epoll wants it. */
    private static final class OfNetty extends Watch implements EpollIoHandle {
        private final FileDescriptor descriptor;

        OfNetty(int fd, int interest, IntConsumer events) {
            super(fd, EpollIoOps.valueOf(interest), events);
            descriptor = new FileDescriptor(fd);
        }

        @Override
        public FileDescriptor fd() {
            return descriptor;
        }

        @Override
        int bits(IoEvent event) {
            return ((EpollIoEvent) event).ops().value();
        }
    }

    /**
     * @param interest the kernel's EPOLL bits
     * @param events gets such bits, whenever the descriptor has something to say
     * @throws IOException where the kernel refuses, as with too many watches
     */
    static Watch open(IoEventLoop loop, int fd, int interest, IntConsumer events) throws IOException {
        Watch watch = loop.isCompatible(EpollIoHandle.class)
                ? new OfNetty(fd, interest, events)
                : new Watch(fd, new PlainEpoll.Bits(interest), events);
        Future<IoRegistration> registered = loop.register(watch);
        IoRegistration made = registered.getNow();
        if (made == null) {
            throw new IOException("cannot watch a descriptor", registered.cause());
        }
        watch.registration = made;
        try {
            made.submit(watch.interest);
            return watch;
        } catch (UncheckedIOException e) {
            made.cancel();
            throw e.getCause();
        }
    }

    int descriptor() {
        return fd;
    }

    /** The kernel's EPOLL bits. */
    int bits(IoEvent event) {
        return ((PlainEpoll.Bits) event).value();
    }

    /** Has the event loop say again in its next round what the descriptor is ready for. */
    void again() {
        if (registration != null) {
            registration.submit(interest);
        }
    }

    /** Ends the watch and closes the descriptor. Idempotent. */
    @Override
    public void close() {
        IoRegistration made = registration;
        if (made == null) {
            return;
        }
        registration = null;
        made.cancel();
        Libc.close(fd);
    }

    /** What is thrown here would have Netty put the whole loop to sleep for a second. */
    @Override
    public void handle(IoRegistration from, IoEvent event) {
        PtyLoop.guarded(() -> events.accept(bits(event)));
    }
}
