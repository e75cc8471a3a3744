package io.termbus.pty;

import io.netty.channel.IoEvent;
import io.netty.channel.IoEventLoop;
import io.netty.channel.IoRegistration;
import io.netty.channel.epoll.EpollIoEvent;
import io.netty.channel.epoll.EpollIoHandle;
import io.netty.channel.epoll.EpollIoOps;
import io.netty.channel.unix.FileDescriptor;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Objects;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A descriptor in the epoll of an event loop. On that loop only. */
final class Watch implements EpollIoHandle {
    private static final Logger log = LoggerFactory.getLogger(Watch.class);

    private final FileDescriptor descriptor;
    private final EpollIoOps interest;
    private final IntConsumer events;
    private @Nullable IoRegistration registration;

    private Watch(int fd, int interest, IntConsumer events) {
        this.descriptor = new FileDescriptor(fd);
        this.interest = EpollIoOps.valueOf(interest);
        this.events = events;
    }

    /**
     * @param interest the kernel's EPOLL bits
     * @param events gets such bits, whenever the descriptor has something to say
     * @throws IOException where the kernel refuses, as with too many watches
     */
    static Watch open(IoEventLoop loop, int fd, int interest, IntConsumer events) throws IOException {
        Watch watch = new Watch(fd, interest, events);
        IoRegistration made = Objects.requireNonNull(loop.register(watch).getNow(), "not on the event loop");
        watch.registration = made;
        try {
            made.submit(watch.interest);
            return watch;
        } catch (UncheckedIOException e) {
            made.cancel();
            throw e.getCause();
        }
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
        try {
            descriptor.close();
        } catch (IOException e) {
            log.warn("closing descriptor {}: {}", descriptor.intValue(), e.toString());
        }
    }

    @Override
    public FileDescriptor fd() {
        return descriptor;
    }

    /** What is thrown here would have Netty put the whole loop to sleep for a second. */
    @Override
    public void handle(IoRegistration from, IoEvent event) {
        PtyLoop.guarded(() -> events.accept(((EpollIoEvent) event).ops().value()));
    }
}
