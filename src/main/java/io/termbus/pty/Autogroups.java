package io.termbus.pty;

import java.nio.charset.StandardCharsets;
import java.util.Deque;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How much sessions weigh against the hub where Linux shares processors out between sessions of processes (sched(7), "The
 * autogroup feature"). Each terminal is one, and the hub with all its threads is one, so ten that flood would get ten times
 * what the hub gets, which has to read all of them and to echo what people type. With a nice value they weigh less, but
 * only while somebody else wants the processor too. Within a session nothing changes, and a program that means harm can
 * undo it. Any thread may call, and none waits: a thread of its own, while it is needed, tells the kernel.
 */
final class Autogroups implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(Autogroups.class);

    /** Of what says more than can be read: it loses nothing by it. A hundred of them weigh as much as 1.5 hubs. */
    static final int FLOOD_NICE = 19;

    /** Who has no CAP_SYS_ADMIN may set one every 100 ms, else EAGAIN (proc_sched_autogroup_set_nice). */
    static final long AGAIN_MS = 110;

    /** Each keeps a descriptor open. */
    static final int MOST_WAITING = 256;

    /** Port to the kernel. */
    interface Kernel {
        /** Descriptor of the group of a process, for as long as that lives; below 0: there is none. */
        int open(int pid);

        /** Returns 0 or the errno. */
        int write(int fd, int nice);

        void close(int fd);
    }

    private static final Kernel LINUX = new Kernel() {
        @Override
        public int open(int pid) {
            return Libc.open(("/proc/" + pid + "/autogroup\0").getBytes(StandardCharsets.US_ASCII), Libc.O_RDWR);
        }

        @Override
        public int write(int fd, int nice) {
            byte[] text = Integer.toString(nice).getBytes(StandardCharsets.US_ASCII);
            return Libc.write(fd, text, text.length) < 0 ? Libc.errno() : 0;
        }

        @Override
        public void close(int fd) {
            Libc.close(fd);
        }
    };

    /** That of one child, which leads its own session. */
    static final class Group {
        private final int pid;
        private final AtomicBoolean waits = new AtomicBoolean();
        private volatile int wanted;
        private volatile int fd;

        Group(int pid) {
            this.pid = pid;
        }
    }

    private final boolean on;
    private final Kernel kernel;
    private final Executor writer;
    private final Executor later;

    /** Those that the kernel is to be told of; floods first. */
    private final Deque<Group> waiting = new ConcurrentLinkedDeque<>();

    private final AtomicInteger size = new AtomicInteger();
    private final AtomicBoolean working = new AtomicBoolean();
    private volatile boolean closed;

    /** @param on false: sessions weigh what they weigh */
    static Autogroups of(boolean on) {
        ThreadPoolExecutor thread =
                new ThreadPoolExecutor(1, 1, 1, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), task -> {
                    Thread made = new Thread(task, "termbus-autogroups");
                    made.setDaemon(true);
                    return made;
                });
        thread.allowCoreThreadTimeOut(true);
        return new Autogroups(
                on, LINUX, thread, CompletableFuture.delayedExecutor(AGAIN_MS, TimeUnit.MILLISECONDS, thread));
    }

    /**
     * @param writer one thread
     * @param later the same thread, after {@link #AGAIN_MS}
     */
    Autogroups(boolean on, Kernel kernel, Executor writer, Executor later) {
        this.on = on;
        this.kernel = kernel;
        this.writer = writer;
        this.later = later;
    }

    /**
     * The last wish counts. To be called before the child is waited for.
     *
     * @param nice 0 to 19; 0: a session weighs as much as the hub
     * @return false: so many wait that this one is not done
     */
    boolean set(Group group, int nice) {
        group.wanted = nice;
        if (!on || closed || !group.waits.compareAndSet(false, true)) {
            return true;
        }
        if (size.incrementAndGet() > MOST_WAITING) {
            size.decrementAndGet();
            group.waits.set(false);
            return false;
        }
        group.fd = kernel.open(group.pid);
        if (group.fd < 0) { // the kernel has none
            size.decrementAndGet();
            group.waits.set(false);
            return true;
        }
        if (nice == FLOOD_NICE) {
            waiting.addFirst(group);
        } else {
            waiting.addLast(group);
        }
        if (working.compareAndSet(false, true)) {
            writer.execute(this::work);
        }
        return true;
    }

    private void work() {
        for (Group group = waiting.pollFirst(); group != null; group = waiting.pollFirst()) {
            int nice = group.wanted;
            int errno = closed ? 0 : kernel.write(group.fd, nice);
            if (errno == Libc.EAGAIN) {
                waiting.addFirst(group);
                later.execute(this::work);
                return;
            }
            if (errno != 0) { // such as ESRCH: it has ended
                log.debug("the autogroup of {} stays as it is: errno {}", group.pid, errno);
            }
            kernel.close(group.fd);
            size.decrementAndGet();
            group.waits.set(false);
            if (errno == 0 && group.wanted != nice) {
                set(group, group.wanted);
            }
        }
        working.set(false);
        if (!waiting.isEmpty() && working.compareAndSet(false, true)) {
            writer.execute(this::work);
        }
    }

    /** No more is done. */
    @Override
    public void close() {
        closed = true;
        if (working.compareAndSet(false, true)) {
            writer.execute(this::work);
        }
    }
}
