package io.termbus.pty;

import com.sun.jna.Memory;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The Linux backend: one thread reads, writes and waits for all PTYs and their children by epoll. A round
 * handles events, then what other threads asked for, then a batch of each ready PTY that said little of
 * late and of one that floods, then timers: floods delay the others by one batch, however many there are.
 */
final class PtyReactor implements PtyBackend {
    private static final Logger log = LoggerFactory.getLogger(PtyReactor.class);

    /** Killed children end within milliseconds; one in an uninterruptible system call may never do. */
    private static final long CLOSE_TIMEOUT_MS = 3000;

    /** Smaller batches cost more to pass on than they shorten the wait of others. */
    private static final int LEAST_BATCH_BYTES = 8192;

    private static final int MASTER_EVENTS = Libc.EPOLLIN | Libc.EPOLLOUT | Libc.EPOLLET;

    /** The lowest bits of an event's key say which descriptor of the PTY it is about. */
    private static final int KEY_BITS = 2;

    private static final int MASTER = 0;
    private static final int CHILD = 1;
    private static final int INPUT = 2;

    private final PtySettings settings;
    private final Epoll epoll;
    private final Thread thread;
    private final SessionSweep sweep = new SessionSweep();
    private final Map<Long, ReactorPty> ptys = new ConcurrentHashMap<>();

    /** PTYs that were asked to end and whose sessions get KILL when the grace period is over. */
    private final Map<Long, ReactorPty> doomed = new ConcurrentHashMap<>();

    private final Queue<Runnable> tasks = new ConcurrentLinkedQueue<>();
    private final AtomicBoolean woken = new AtomicBoolean();

    /** Held for reading by each start, so that none is under way once {@link #closed} is set. */
    private final ReadWriteLock starts = new ReentrantReadWriteLock();

    private volatile boolean closed;
    private volatile long closeDeadline;
    private long lastId;

    // The reactor thread's alone.
    private final Queue<ReactorPty> prompt = new ArrayDeque<>();
    private final Queue<ReactorPty> bulk = new ArrayDeque<>();
    private final Timers timers = new Timers();
    private int batchBytes = ReadBuffer.BYTES;
    private final ReadBuffer readBuffer = new ReadBuffer();
    private final Memory waitStatus = new Memory(4);

    private final OpenFiles openFiles;

    private PtyReactor(PtySettings settings, Epoll epoll) {
        this.settings = settings;
        this.openFiles = OpenFiles.of(settings.openFiles());
        this.epoll = epoll;
        thread = new Thread(this::run, "termbus-pty");
        thread.setDaemon(true);
    }

    /**
     * @throws IOException where the kernel lacks a system call
     * @throws LinkageError where the C library lacks a function
     */
    static PtyReactor open(PtySettings settings) throws IOException {
        int probe = Libc.check(Libc.pidfdOpen((int) ProcessHandle.current().pid()), "pidfd_open");
        Libc.close(probe);
        PtyReactor reactor = new PtyReactor(settings, new Epoll());
        reactor.thread.start();
        return reactor;
    }

    @Override
    public Pty start(PtySpec spec, PtyListener listener) throws IOException {
        WindowSize.check(spec.cols(), spec.rows());
        String program = ProgramLookup.find(spec);
        starts.readLock().lock();
        try {
            if (closed) {
                throw new IOException("the PTY backend is closed");
            }
            PtyMaster master = PtyMaster.open(spec.cols(), spec.rows(), spec.modes());
            try {
                return spec.pipedInput()
                        ? startWithPipe(program, spec, master, listener)
                        : register(master, spawn(program, spec, master, -1), Optional.empty(), listener);
            } catch (IOException e) {
                Libc.close(master.fd());
                throw e;
            }
        } finally {
            starts.readLock().unlock();
        }
    }

    private Pty startWithPipe(String program, PtySpec spec, PtyMaster master, PtyListener listener) throws IOException {
        StandardInput.Pipe pipe = StandardInput.Pipe.open();
        try {
            int pid = spawn(program, spec, master, pipe.reading());
            StandardInput input = new StandardInput(pipe.writing(), settings.inputQueueBytes());
            Pty pty = register(master, pid, Optional.of(input), listener);
            Libc.close(pipe.reading());
            return pty;
        } catch (IOException e) {
            pipe.close();
            throw e;
        }
    }

    private int spawn(String program, PtySpec spec, PtyMaster master, int input) throws IOException {
        return openFiles.starting(
                master.fd(), () -> ChildSpawner.spawn(program, spec, master.device(), input), Integer::intValue);
    }

    private Pty register(PtyMaster master, int pid, Optional<StandardInput> input, PtyListener listener)
            throws IOException {
        int pidfd = Libc.pidfdOpen(pid);
        if (pidfd < 0) {
            IOException failure = Libc.failure("cannot watch the child");
            abandon(pid);
            throw failure;
        }
        ReactorPty pty = new ReactorPty(this, nextId(), master, pid, pidfd, input, listener);
        ptys.put(pty.id, pty);
        try {
            epoll.add(master.fd(), MASTER_EVENTS, pty.id << KEY_BITS | MASTER);
            epoll.add(pidfd, Libc.EPOLLIN, pty.id << KEY_BITS | CHILD);
            if (input.isPresent()) {
                epoll.add(input.get().fd(), Libc.EPOLLOUT | Libc.EPOLLET, pty.id << KEY_BITS | INPUT);
            }
            return pty;
        } catch (IOException e) {
            ptys.remove(pty.id);
            Libc.close(pidfd);
            abandon(pid);
            throw e;
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
            if (!closed) {
                closeDeadline = now() + TimeUnit.MILLISECONDS.toNanos(CLOSE_TIMEOUT_MS);
                closed = true;
            }
        } finally {
            starts.writeLock().unlock();
        }
        doomed.values().forEach(sweep::kill);
        ptys.values().forEach(ReactorPty::close);
        epoll.wake();
        if (Thread.currentThread() != thread) {
            awaitThreads();
        }
    }

    private void awaitThreads() {
        try {
            thread.join(CLOSE_TIMEOUT_MS + 500);
            sweep.close(CLOSE_TIMEOUT_MS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    PtySettings settings() {
        return settings;
    }

    long now() {
        return System.nanoTime();
    }

    /** Runs the task on the reactor thread, soon and never within this call. Any thread. */
    void execute(Runnable task) {
        tasks.add(task);
        if (Thread.currentThread() != thread && woken.compareAndSet(false, true)) {
            epoll.wake();
        }
    }

    /** KILL to every process of the session. Any thread. */
    void killSession(ReactorPty pty) {
        doomed.remove(pty.id);
        sweep.kill(pty);
    }

    // The reactor thread only, from here on.

    private void run() {
        while (!(closed && (ptys.isEmpty() || now() - closeDeadline > 0))) {
            try {
                round();
            } catch (Throwable e) {
                log.error("A round of the PTY reactor failed", e);
            }
        }
        if (!ptys.isEmpty()) {
            log.error("{} children did not end when killed", ptys.size());
        }
        epoll.close();
    }

    private void round() {
        epoll.await(timeoutMs(), this::event);
        woken.set(false);
        for (Runnable task = tasks.poll(); task != null; task = tasks.poll()) {
            task.run();
        }
        batchBytes = LEAST_BATCH_BYTES;
        for (int left = prompt.size(); left > 0; left--) {
            serve(prompt.remove());
        }
        if (!bulk.isEmpty()) {
            batchBytes = Math.max(LEAST_BATCH_BYTES, ReadBuffer.BYTES / bulk.size());
            serve(bulk.remove());
        }
        timers.runDue(now());
    }

    private int timeoutMs() {
        if (!prompt.isEmpty() || !bulk.isEmpty() || !tasks.isEmpty()) {
            return 0;
        }
        int toTimer = timers.millisToNext(now());
        return closed ? (toTimer < 0 ? 100 : Math.min(toTimer, 100)) : toTimer;
    }

    private void event(long key, int events) {
        ReactorPty pty = ptys.get(key >> KEY_BITS);
        if (pty == null) {
            return;
        }
        switch ((int) key & (1 << KEY_BITS) - 1) {
            case MASTER -> pty.masterEvent(events);
            case CHILD -> pty.childEvent();
            default -> pty.inputEvent();
        }
    }

    private void serve(ReactorPty pty) {
        pty.queued = false;
        if (pty.serve()) {
            ready(pty);
        }
    }

    void ready(ReactorPty pty) {
        if (!pty.queued) {
            pty.queued = true;
            (pty.turn.isPrompt(now()) ? prompt : bulk).add(pty);
        }
    }

    /** What one PTY may read in this round: the more flood the less, so that all of them together wait for little. */
    int batchBytes() {
        return batchBytes;
    }

    ReadBuffer readBuffer() {
        return readBuffer;
    }

    void at(long nanos, Runnable action) {
        timers.add(nanos, action);
    }

    /** Sends KILL when the grace period is over, also where the PTY is closed by then. */
    void killLater(ReactorPty pty) {
        doomed.put(pty.id, pty);
        at(now() + settings.killGrace().toNanos(), () -> {
            if (doomed.containsKey(pty.id)) {
                pty.killGroups();
                killSession(pty);
            }
        });
    }

    /** The child's status where it has ended. */
    Optional<ExitStatus> reap(int pid) {
        if (Libc.waitpid(pid, Libc.address(waitStatus), Libc.WNOHANG) != pid) {
            return Optional.empty();
        }
        int status = waitStatus.getInt(0);
        int signal = status & 0x7F;
        return Optional.of(
                signal == 0
                        ? new ExitStatus(status >> 8 & 0xFF, Optional.empty())
                        : new ExitStatus(128 + signal, Optional.of(Signals.name(signal))));
    }

    void forget(ReactorPty pty) {
        ptys.remove(pty.id);
    }
}
