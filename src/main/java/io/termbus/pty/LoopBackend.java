package io.termbus.pty;

import io.netty.channel.EventLoopGroup;
import io.netty.channel.IoEventLoop;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollIoHandle;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.io.IOException;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The Linux backend: the descriptors of a PTY and of its child are in the epoll of an event loop, the one that
 * its session has for a home. Where that one cannot watch descriptors, as without Netty's native transport, they
 * are in that of a thread of the backend's own.
 */
final class LoopBackend implements PtyBackend {
    private static final Logger log = LoggerFactory.getLogger(LoopBackend.class);

    /** Killed children end within milliseconds; one in an uninterruptible system call may never do. */
    private static final long CLOSE_TIMEOUT_MS = 3000;

    /** The child's standard input is its terminal. */
    private static final int NO_PIPE = -1;

    private final PtySettings settings;
    private final OpenFiles openFiles;
    private final Autogroups autogroups;

    /** What the backend's own loop watches descriptors by. */
    private final IoHandlerFactory epoll;

    private final SessionSweep sweep = new SessionSweep();
    private final Map<Long, LoopPty> ptys = new ConcurrentHashMap<>();
    private final Orphans orphans = new Orphans(pid -> ptys.values().stream().anyMatch(pty -> pty.pid() == pid));
    private final Map<IoEventLoop, PtyLoop> loops = new ConcurrentHashMap<>();

    /** PTYs that were asked to end and whose sessions get KILL when the grace period is over. */
    private final Map<Long, LoopPty> doomed = new ConcurrentHashMap<>();

    /** Held for reading by each start, so that none is under way once {@link #closed} is set. */
    private final ReadWriteLock starts = new ReentrantReadWriteLock();

    private volatile boolean closed;
    private @Nullable EventLoopGroup ownLoop;
    private long lastId;

    private LoopBackend(PtySettings settings, IoHandlerFactory epoll) {
        this.settings = settings;
        this.openFiles = OpenFiles.of(settings.openFiles());
        this.autogroups = Autogroups.of(settings.autogroupNice() > 0);
        this.epoll = epoll;
    }

    /**
     * @throws IOException where the kernel lacks a system call
     * @throws LinkageError where the C library lacks a function
     */
    static LoopBackend open(PtySettings settings) throws IOException {
        if (Epoll.isAvailable()) {
            return open(settings, EpollIoHandler.newFactory());
        }
        log.info(
                "One thread reads all terminals, as there is no native transport: {}",
                Epoll.unavailabilityCause().getMessage());
        return open(settings, PlainEpoll.newFactory());
    }

    static LoopBackend open(PtySettings settings, IoHandlerFactory epoll) throws IOException {
        int probe = Libc.check(Libc.pidfdOpen((int) ProcessHandle.current().pid()), "pidfd_open");
        Libc.close(probe);
        return new LoopBackend(settings, epoll);
    }

    @Override
    public Pty start(PtySpec spec, PtyListener listener, Executor home) throws IOException {
        WindowSize.check(spec.cols(), spec.rows());
        String program = ProgramLookup.find(spec);
        starts.readLock().lock();
        try {
            if (closed) {
                throw new IOException("the PTY backend is closed");
            }
            PtyLoop loop = loopOf(home);
            PtyMaster master = PtyMaster.open(spec.cols(), spec.rows(), spec.modes());
            return spec.pipedInput()
                    ? startWithPipe(program, spec, master, listener, loop)
                    : adopt(master, spawn(program, spec, master, NO_PIPE), Optional.empty(), listener, loop);
        } finally {
            starts.readLock().unlock();
        }
    }

    private Pty startWithPipe(String program, PtySpec spec, PtyMaster master, PtyListener listener, PtyLoop loop)
            throws IOException {
        StandardInput.Pipe pipe = StandardInput.Pipe.open();
        try {
            int pid = spawn(program, spec, master, pipe.reading());
            StandardInput input = new StandardInput(pipe.writing(), settings.inputQueueBytes());
            Pty pty = adopt(master, pid, Optional.of(input), listener, loop);
            Libc.close(pipe.reading());
            return pty;
        } catch (IOException e) {
            pipe.close();
            throw e;
        }
    }

    /** Where that fails the master is closed. */
    private int spawn(String program, PtySpec spec, PtyMaster master, int input) throws IOException {
        try {
            int pid = openFiles.starting(
                    master.fd(), () -> ChildSpawner.spawn(program, spec, master.device(), input), Integer::intValue);
            return pid;
        } catch (IOException e) {
            Libc.close(master.fd());
            throw e;
        }
    }

    @Override
    public boolean keeps() {
        return true;
    }

    @Override
    public Pty adopt(KeptPty kept, PtyListener listener, Executor home) throws IOException {
        starts.readLock().lock();
        try {
            PtyLoop loop = loopOf(home);
            PtyMaster master = PtyMaster.kept(kept.master(), kept.device());
            Optional<StandardInput> input =
                    kept.standardInput().map(pipe -> StandardInput.of(pipe, settings.inputQueueBytes()));
            int pidfd = LoopPty.NO_PROCESS;
            if (kept.exit().isEmpty()) {
                try {
                    pidfd = watchedChild(kept);
                } catch (IOException e) {
                    Libc.close(master.fd());
                    input.ifPresent(StandardInput::close);
                    throw e;
                }
            }
            LoopPty pty = new LoopPty(this, loop, nextId(), master, kept.pid(), pidfd, input, listener);
            pty.restore(kept);
            return begin(pty, loop);
        } finally {
            starts.readLock().unlock();
        }
    }

    @Override
    public void adopted() {
        ProcessImage.closeMasters(
                ptys.values().stream().map(each -> each.master.fd()).collect(Collectors.toSet()));
    }

    /** A child of ours that has ended and was not waited for has its number still. */
    private static int watchedChild(KeptPty kept) throws IOException {
        ProcessStat stat = ProcessStat.of(kept.pid())
                .filter(each -> each.parent() == ProcessHandle.current().pid())
                .filter(each -> each.startTicks() == kept.startTicks())
                .orElseThrow(() -> new IOException("process " + kept.pid() + " is not the child of " + kept.device()));
        if (stat.session() != kept.pid()) {
            throw new IOException("process " + kept.pid() + " leads no session");
        }
        return Libc.check(Libc.pidfdOpen(kept.pid()), "cannot watch the child");
    }

    /** Where that fails the master is closed. */
    private Pty adopt(PtyMaster master, int pid, Optional<StandardInput> input, PtyListener listener, PtyLoop loop)
            throws IOException {
        int pidfd = Libc.pidfdOpen(pid);
        if (pidfd < 0) {
            IOException failure = Libc.failure("cannot watch the child");
            Libc.close(master.fd());
            abandon(pid);
            throw failure;
        }
        LoopPty pty = new LoopPty(this, loop, nextId(), master, pid, pidfd, input, listener);
        try {
            return begin(pty, loop);
        } catch (IOException e) {
            abandon(pid);
            throw e;
        }
    }

    /** Where that fails the descriptors of the terminal and the child are closed. */
    private Pty begin(LoopPty pty, PtyLoop loop) throws IOException {
        ptys.put(pty.id, pty);
        try {
            watch(pty, loop);
            return pty;
        } catch (IOException e) {
            ptys.remove(pty.id);
            throw e;
        }
    }

    /** Waits for the loop: to be called on another thread, or on the loop itself. */
    private static void watch(LoopPty pty, PtyLoop loop) throws IOException {
        if (loop.eventLoop().inEventLoop()) {
            pty.watch();
            return;
        }
        CompletableFuture<Void> watched = new CompletableFuture<>();
        try {
            loop.eventLoop().execute(() -> {
                try {
                    pty.watch();
                    watched.complete(null);
                } catch (IOException | RuntimeException e) {
                    watched.completeExceptionally(e);
                }
            });
            watched.join();
        } catch (CompletionException e) {
            throw new IOException("cannot watch the terminal: " + e.getCause(), e.getCause());
        } catch (RejectedExecutionException e) {
            throw new IOException("the event loop of the session has ended", e);
        }
    }

    private PtyLoop loopOf(Executor home) throws IOException {
        IoEventLoop loop = home instanceof IoEventLoop candidate && candidate.isCompatible(EpollIoHandle.class)
                ? candidate
                : own();
        return loops.computeIfAbsent(loop, PtyLoop::new);
    }

    private synchronized IoEventLoop own() throws IOException {
        EventLoopGroup group = ownLoop;
        if (group == null) {
            group = newLoop();
            ownLoop = group;
        }
        return (IoEventLoop) group.next();
    }

    private EventLoopGroup newLoop() throws IOException {
        try {
            return new MultiThreadIoEventLoopGroup(1, new DefaultThreadFactory("termbus-pty", true), epoll);
        } catch (IllegalStateException e) {
            throw new IOException("no thread or descriptor left to read terminals: " + e.getCause(), e);
        }
    }

    private synchronized long nextId() {
        return ++lastId;
    }

    /** A child that nobody will know of. Blocks until it has ended. */
    private static void abandon(int pid) {
        Libc.kill(-pid, Signals.KILL);
        Libc.waitpid(pid, 0, 0);
    }

    @Override
    public void close() {
        starts.writeLock().lock();
        try {
            closed = true;
        } finally {
            starts.writeLock().unlock();
        }
        autogroups.close();
        orphans.close();
        doomed.values().forEach(sweep::kill);
        ptys.values().forEach(LoopPty::close);
        if (loops.keySet().stream().noneMatch(IoEventLoop::inEventLoop)) {
            awaitEnd();
        }
        endOwnLoop();
    }

    private void awaitEnd() {
        try {
            awaitChildren();
            sweep.close(CLOSE_TIMEOUT_MS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private synchronized void awaitChildren() throws InterruptedException {
        long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(CLOSE_TIMEOUT_MS);
        for (long left = deadline - System.nanoTime();
                !ptys.isEmpty() && left > 0;
                left = deadline - System.nanoTime()) {
            TimeUnit.NANOSECONDS.timedWait(this, left);
        }
        if (!ptys.isEmpty()) {
            log.error("{} children did not end when killed", ptys.size());
        }
    }

    private synchronized void endOwnLoop() {
        if (ownLoop != null) {
            ownLoop.shutdownGracefully(0, CLOSE_TIMEOUT_MS, TimeUnit.MILLISECONDS);
            ownLoop = null;
        }
    }

    PtySettings settings() {
        return settings;
    }

    Autogroups autogroups() {
        return autogroups;
    }

    /** KILL to every process of the session. Any thread. */
    void killSession(LoopPty pty) {
        doomed.remove(pty.id);
        sweep.kill(pty);
    }

    /** Sends KILL when the grace period is over, also where the PTY is closed by then. On the PTY's event loop. */
    void killLater(LoopPty pty, PtyLoop loop) {
        doomed.put(pty.id, pty);
        loop.at(loop.now() + settings.killGrace().toNanos(), () -> {
            if (doomed.containsKey(pty.id)) {
                pty.killGroups();
                killSession(pty);
            }
        });
    }

    /** The PTY has ended. */
    synchronized void forget(LoopPty pty) {
        ptys.remove(pty.id);
        notifyAll();
    }
}
