package io.termbus.pty;

import java.io.IOException;
import java.util.Arrays;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A PTY of the {@link LoopBackend}. Reading, waiting for the child and closing are its event loop's;
 * the lock guards what other threads do with the master and the child's number, so that neither is used
 * after it was given back.
 *
 * <p>The master is registered edge-triggered, once, for everything. {@link #readable} therefore says
 * whether a read may have something to give; it is cleared only by EAGAIN and end of file.
 */
final class LoopPty implements Pty {
    private static final Logger log = LoggerFactory.getLogger(LoopPty.class);

    /** What one round may write to one PTY, so that a fast reader does not hold up the others. */
    private static final int INPUT_ROUND_BYTES = 65_536;

    /** In place of a descriptor of the child, which was waited for. */
    static final int NO_PROCESS = -1;

    private static final int MASTER_EVENTS = Libc.EPOLLIN | Libc.EPOLLOUT | Libc.EPOLLET;

    final long id;
    final PtyMaster master;
    final int pidfd;
    private final int pid;
    private final long startTicks;
    private final LoopBackend backend;
    private final PtyLoop loop;
    private final PtyListener listener;
    private final AtomicLong credit = new AtomicLong();

    /** For {@link Pty#writeWhenRead}: a shell that is slower is typed to as if it read lines. */
    static final int READY_SECONDS = 2;

    private final Object lock = new Object();
    private final InputQueue input;
    private final Typist typist;
    private final Optional<StandardInput> standardInput;
    private boolean retrying;
    private boolean killed;
    private boolean closing;
    private volatile boolean reaped;
    private volatile boolean suspended;

    // From here on the event loop's alone.
    private @Nullable Watch terminal;
    private @Nullable Watch child;
    private final ExitGrace grace;
    private boolean readable;
    private boolean endOfFile;
    private boolean finished;
    private boolean released;
    private boolean graceTimer;
    private @Nullable ExitStatus status;
    final ReadPriority turn = new ReadPriority();
    private final Flood flood = new Flood();
    private final Autogroups.Group group;
    private boolean weighsLittle;

    /** Whether the loop has this PTY in its queue of floods; written by the loop only. */
    boolean queued;

    LoopPty(
            LoopBackend backend,
            PtyLoop loop,
            long id,
            PtyMaster master,
            int pid,
            int pidfd,
            Optional<StandardInput> standardInput,
            PtyListener listener) {
        this.backend = backend;
        this.loop = loop;
        this.id = id;
        this.master = master;
        this.pid = pid;
        startTicks = ProcessStat.of(pid).map(ProcessStat::startTicks).orElse(0L);
        this.pidfd = pidfd;
        this.listener = listener;
        input = new InputQueue(backend.settings().inputQueueBytes());
        typist = new Typist(master, listener);
        this.standardInput = standardInput;
        grace = new ExitGrace(backend.settings().exitGrace());
        group = new Autogroups.Group(pid);
        weigh(backend.settings().autogroupNice());
    }

    @Override
    public long pid() {
        return pid;
    }

    @Override
    public String device() {
        return master.device();
    }

    /** Before it is watched: goes on as what was kept. */
    void restore(KeptPty kept) {
        synchronized (lock) {
            input.add(kept.input(), 0);
            if (kept.typesWhenRead()) {
                typist.waitForProgram(loop.now() + TimeUnit.SECONDS.toNanos(READY_SECONDS));
            }
            killed = kept.killed();
            kept.exit().ifPresent(exit -> {
                status = exit;
                reaped = true;
                grace.childExited(loop.now());
            });
        }
        if (kept.killed()) {
            backend.killLater(this, loop);
        }
    }

    @Override
    public CompletableFuture<Void> suspend() {
        CompletableFuture<Void> done = new CompletableFuture<>();
        loop.execute(() -> {
            suspended = true;
            done.complete(null);
        });
        return done;
    }

    @Override
    public void resume() {
        loop.execute(() -> {
            suspended = false;
            childEvent();
            inputEvent();
            armGraceTimer();
            loop.ready(this);
        });
    }

    @Override
    public Optional<KeptPty> keep() {
        synchronized (lock) {
            return closing
                    ? Optional.empty()
                    : Optional.of(new KeptPty(
                            master.fd(),
                            master.device(),
                            pid,
                            startTicks,
                            input.copy(),
                            typist.waitsForProgram(),
                            killed,
                            Optional.ofNullable(status),
                            standardInput.flatMap(StandardInput::keep)));
        }
    }

    /** Whether the child's number may by now be another process'. */
    boolean reaped() {
        return reaped;
    }

    @Override
    public void request(int outputs) {
        if (outputs < 1) {
            throw new IllegalArgumentException("request at least 1, not " + outputs);
        }
        if (credit.getAndAdd(outputs) == 0) {
            loop.execute(this::creditArrived);
        }
    }

    @Override
    public boolean write(byte[] bytes) {
        synchronized (lock) {
            if (closing) {
                return false;
            }
            TerminalInput terminal = master.input();
            int[] interrupts = terminal.interrupts(bytes);
            int last = interrupts.length == 0 ? -1 : interrupts[interrupts.length - 1];
            if (!input.couldHold(bytes.length - 1 - last)) {
                return false;
            }
            int from = 0;
            for (int at : interrupts) {
                typeBeforeInterrupt(Arrays.copyOfRange(bytes, from, at));
                interrupt(bytes[at], terminal);
                from = at + 1;
            }
            return queue(from == 0 ? bytes : Arrays.copyOfRange(bytes, from, bytes.length));
        }
    }

    private boolean queue(byte[] bytes) {
        if (!input.hasRoomFor(bytes.length)) {
            return false;
        }
        input.add(bytes, input.isEmpty() ? writeDirectly(bytes) : 0);
        return true;
    }

    /** What would have to wait is dropped. */
    private void typeBeforeInterrupt(byte[] bytes) {
        if (input.isEmpty()) {
            writeDirectly(bytes);
        }
    }

    private void interrupt(byte key, TerminalInput terminal) {
        if (!input.isEmpty()) {
            log.info("{}: an interrupt, so input that waited for the program is dropped", device());
            input.clear();
        }
        if (!typist.interrupt(key, terminal)) {
            signalForeground(terminal.signal(key));
        }
    }

    /** Spares short input the way over the event loop. Returns how much the kernel took. */
    private int writeDirectly(byte[] bytes) {
        int from = 0;
        int written = 1;
        while (written > 0 && from < bytes.length) {
            written = type(InputQueue.piece(bytes, from));
            from += Math.max(0, written);
        }
        return from;
    }

    @Override
    public boolean writeWhenRead(byte[] bytes) {
        synchronized (lock) {
            typist.waitForProgram(loop.now() + TimeUnit.SECONDS.toNanos(READY_SECONDS));
            return !closing && queue(bytes);
        }
    }

    /** As {@link Typist#type}; what is held is tried again. */
    private int type(byte[] piece) {
        int written = typist.type(piece, loop.now());
        if (written == Typist.HELD && !retrying) {
            retrying = true;
            loop.execute(() -> loop.at(loop.now() + Typist.RETRY_NANOS, this::retry));
        }
        return written;
    }

    @Override
    public boolean editsLines() {
        synchronized (lock) {
            return !closing && master.input().lines();
        }
    }

    @Override
    public boolean hidesInput() {
        synchronized (lock) {
            return closing || master.input().hides();
        }
    }

    @Override
    public InputOutcome writeInput(byte[] bytes) {
        synchronized (lock) {
            return closing
                    ? InputOutcome.CLOSED
                    : standardInput.map(each -> each.write(bytes)).orElse(InputOutcome.CLOSED);
        }
    }

    @Override
    public void endInput() {
        synchronized (lock) {
            standardInput.ifPresent(StandardInput::end);
        }
    }

    @Override
    public void resize(int cols, int rows) {
        WindowSize.check(cols, rows);
        synchronized (lock) {
            if (!closing) {
                master.resize(cols, rows);
            }
        }
    }

    @Override
    public void signal(String signal) {
        int number = Signals.number(signal);
        synchronized (lock) {
            if (!signalForeground(number)) {
                signalChild(number);
            }
        }
    }

    @Override
    public void kill() {
        synchronized (lock) {
            if (killed || closing) {
                return;
            }
            killed = true;
            signalGroups(Signals.HUP);
            signalGroups(Signals.CONT);
        }
        loop.execute(() -> backend.killLater(this, loop));
    }

    @Override
    public void close() {
        synchronized (lock) {
            if (closing) {
                return;
            }
            signalGroups(Signals.KILL);
            killed = true;
            closing = true;
            clearInput();
        }
        backend.killSession(this);
        loop.execute(this::closeMaster);
    }

    void killGroups() {
        synchronized (lock) {
            signalGroups(Signals.KILL);
        }
    }

    private void signalGroups(int number) {
        signalForeground(number);
        signalChild(number);
    }

    private boolean signalForeground(int number) {
        int group = closing ? 0 : master.foregroundGroup();
        return group > 1 && Libc.kill(-group, number) == 0;
    }

    private void signalChild(int number) {
        if (!reaped) {
            Libc.kill(-pid, number);
        }
    }

    private void clearInput() {
        input.clear();
        standardInput.ifPresent(StandardInput::close);
    }

    // The event loop only, from here on.

    /** Puts the descriptors into the loop's epoll; where that fails those of the terminal and the child are closed. */
    void watch() throws IOException {
        try {
            terminal = Watch.open(loop.eventLoop(), master.fd(), MASTER_EVENTS, this::masterEvent);
            if (pidfd != NO_PROCESS) {
                child = Watch.open(loop.eventLoop(), pidfd, Libc.EPOLLIN | Libc.EPOLLET, events -> childEvent());
            }
            if (standardInput.isPresent()) {
                watch(standardInput.get());
            }
        } catch (IOException e) {
            closeOr(terminal, master.fd());
            closeOr(child, pidfd);
            throw e;
        }
    }

    private void watch(StandardInput pipe) throws IOException {
        Watch watch = Watch.open(loop.eventLoop(), pipe.fd(), Libc.EPOLLOUT | Libc.EPOLLET, events -> inputEvent());
        pipe.closedBy(() -> loop.execute(watch::close));
    }

    private static void closeOr(@Nullable Watch watch, int fd) {
        if (watch == null) {
            Libc.close(fd); // of NO_PROCESS: it fails
        } else {
            watch.close();
        }
    }

    /** The loop comes back to this PTY after it has looked at everything else. */
    void askAgain() {
        if (terminal != null) {
            terminal.again();
        }
    }

    private void creditArrived() {
        grace.resume(loop.now());
        armGraceTimer();
        loop.ready(this);
    }

    void masterEvent(int events) {
        readable |= (events & (Libc.EPOLLIN | Libc.EPOLLHUP | Libc.EPOLLERR)) != 0;
        loop.ready(this);
    }

    void inputEvent() {
        synchronized (lock) {
            if (suspended) {
                return;
            }
            standardInput.ifPresent(StandardInput::flush);
        }
    }

    private void retry() {
        synchronized (lock) {
            retrying = false;
        }
        loop.ready(this);
    }

    /** The child has ended: waits for it, which cannot block. */
    void childEvent() {
        synchronized (lock) {
            Optional<ExitStatus> ended = reaped || suspended ? Optional.empty() : loop.reap(pid);
            if (ended.isEmpty()) {
                return;
            }
            status = ended.get();
            reaped = true;
        }
        if (child != null) {
            child.close();
        }
        grace.childExited(loop.now());
        armGraceTimer();
        listener.ended();
        finishWhenDone();
    }

    /** Writes and reads one round; returns whether another one would find more to do. */
    boolean serve() {
        if (suspended) {
            return false;
        }
        boolean more = flushInput();
        if (!finished && readable && hasCredit()) {
            readRound();
        }
        finishWhenDone();
        return !finished && (more || readable && hasCredit());
    }

    private boolean hasCredit() {
        return credit.get() > 0;
    }

    private boolean flushInput() {
        synchronized (lock) {
            int left = INPUT_ROUND_BYTES;
            while (!closing && left > 0 && !input.isEmpty()) {
                int written = type(input.peek());
                if (written <= 0) {
                    return false;
                }
                input.remove(written);
                left -= written;
            }
            return !closing && !input.isEmpty();
        }
    }

    private void readRound() {
        ReadBuffer buffer = loop.readBuffer();
        ReadBuffer.Outcome outcome = buffer.fill(master.fd(), loop.batchBytes());
        readable = outcome == ReadBuffer.Outcome.MORE;
        endOfFile = outcome == ReadBuffer.Outcome.END;
        turn.read(buffer.length());
        long now = loop.now();
        if (flood.read(buffer.length(), readable || !turn.isPrompt(now), now) && !weighsLittle) {
            weighsLittle = weigh(Autogroups.FLOOD_NICE);
            if (weighsLittle) {
                weighMoreLater();
            }
        }
        if (buffer.length() > 0) {
            deliver(buffer.take(), now);
        }
    }

    private boolean weigh(int nice) {
        synchronized (lock) {
            return reaped || backend.autogroups().set(group, nice);
        }
    }

    private void weighMoreLater() {
        loop.at(loop.now() + Flood.LASTS_NANOS, () -> {
            if (finished) {
                return;
            }
            if (flood.lasts(loop.now()) || !weigh(backend.settings().autogroupNice())) {
                weighMoreLater();
            } else {
                weighsLittle = false;
            }
        });
    }

    private void deliver(byte[] bytes, long now) {
        grace.output(now);
        if (credit.decrementAndGet() == 0) {
            grace.pause(now);
        }
        try {
            listener.output(bytes);
        } catch (Throwable e) {
            log.error("A listener failed, so {} is closed", device(), e);
            close();
        }
    }

    private void armGraceTimer() {
        if (!finished && !suspended && !graceTimer && grace.running()) {
            graceTimer = true;
            long now = loop.now();
            loop.at(now + grace.left(now), this::graceTimerFired);
        }
    }

    private void graceTimerFired() {
        graceTimer = false;
        if (grace.running() && grace.left(loop.now()) <= 0) {
            finish();
        } else {
            armGraceTimer();
        }
    }

    /** An end of file before the child's end is not final: it may open its terminal again. */
    private void finishWhenDone() {
        if (status != null && endOfFile && !readable) {
            finish();
        }
    }

    private void closeMaster() {
        if (!finished) {
            readable = false;
            endOfFile = true;
            releaseMaster();
            finishWhenDone();
        }
    }

    /** Nobody else uses the master once {@link #closing} is set. */
    private void releaseMaster() {
        if (!released) {
            released = true;
            if (terminal != null) {
                terminal.close();
            }
        }
    }

    private void finish() {
        ExitStatus ended = status;
        if (finished || suspended || ended == null) {
            return;
        }
        finished = true;
        synchronized (lock) {
            closing = true;
            clearInput();
        }
        releaseMaster();
        loop.gone(this);
        try {
            listener.exited(ended);
        } catch (Throwable e) {
            log.error("A listener failed at the exit of {}", device(), e);
        }
        backend.forget(this);
    }
}
