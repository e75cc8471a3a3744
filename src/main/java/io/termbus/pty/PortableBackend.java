package io.termbus.pty;

import com.pty4j.PtyProcess;
import com.pty4j.PtyProcessBuilder;
import com.sun.jna.Platform;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/**
 * The backend for every platform that pty4j knows: its streams, with a reading thread for each PTY and
 * a writing one once there is input. Weaker than the Linux one: output that a grandchild writes after the
 * child's exit is lost, and so is the name of the signal that ended a child.
 */
final class PortableBackend implements PtyBackend {
    private static final long CLOSE_TIMEOUT_MS = 3000;

    /** A guess at how many descriptors a PTY and its client take. */
    private static final int FILES_EACH = 8;

    private final PtySettings settings;
    private final OpenFiles openFiles;
    private final Set<PortablePty> ptys = ConcurrentHashMap.newKeySet();
    private final ScheduledExecutorService timer;
    private volatile boolean closed;

    PortableBackend(PtySettings settings) {
        this.settings = settings;
        this.openFiles = OpenFiles.of(settings.openFiles());
        timer = Executors.newSingleThreadScheduledExecutor(task -> thread("termbus-pty-timer", task));
    }

    static Thread thread(String name, Runnable task) {
        Thread thread = new Thread(task, name);
        thread.setDaemon(true);
        return thread;
    }

    @Override
    public Pty start(PtySpec spec, PtyListener listener) throws IOException {
        WindowSize.check(spec.cols(), spec.rows());
        PortablePty pty = new PortablePty(this, process(spec), listener);
        ptys.add(pty);
        pty.begin();
        if (closed) {
            pty.close();
            throw new IOException("the PTY backend is closed");
        }
        return pty;
    }

    private PtyProcess process(PtySpec spec) throws IOException {
        if (closed) {
            throw new IOException("the PTY backend is closed");
        }
        if (spec.pipedInput()) {
            throw new CommandException("the standard input is always the terminal on this platform");
        }
        String[] command = spec.command().toArray(new String[0]);
        if (!Platform.isWindows()) {
            String program = ProgramLookup.find(spec);
            command[0] = program;
            if (Script.is(Path.of(program))) {
                command = Script.command(program, spec.command()).toArray(new String[0]);
            }
        }
        PtyProcessBuilder builder = new PtyProcessBuilder(in(spec.modes(), command))
                .setEnvironment(spec.environment())
                .setDirectory(spec.directory().toString())
                .setInitialColumns(spec.cols())
                .setInitialRows(spec.rows());
        return openFiles.starting(ptys.size() * FILES_EACH, builder::start, process -> (int) process.pid());
    }

    /**
     * pty4j shows no terminal before the child runs in it: stty sets the modes, and its shell becomes the
     * child. Input before that is echoed.
     */
    private static String[] in(PtyModes modes, String[] command) throws CommandException {
        if (modes.equals(PtyModes.USUAL)) {
            return command;
        }
        if (Platform.isWindows()) {
            throw new CommandException("this platform has no terminals with raw output or without echo");
        }
        String stty = "stty" + (modes.rawOutput() ? " -opost" : "") + (modes.echo() ? "" : " -echo");
        List<String> shell = new ArrayList<>(List.of("/bin/sh", "-c", stty + " && exec \"$0\" \"$@\""));
        shell.addAll(List.of(command));
        return shell.toArray(new String[0]);
    }

    PtySettings settings() {
        return settings;
    }

    void killLater(PortablePty pty) {
        if (!closed) {
            timer.schedule(pty::killNow, settings.killGrace().toMillis(), TimeUnit.MILLISECONDS);
        }
    }

    synchronized void forget(PortablePty pty) {
        ptys.remove(pty);
        notifyAll();
    }

    @Override
    public void close() {
        closed = true;
        timer.shutdownNow();
        ptys.forEach(PortablePty::close);
        try {
            awaitEnd();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private synchronized void awaitEnd() throws InterruptedException {
        long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(CLOSE_TIMEOUT_MS);
        long leftMs = CLOSE_TIMEOUT_MS;
        while (!ptys.isEmpty() && leftMs > 0) {
            wait(leftMs);
            leftMs = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
        }
    }
}
