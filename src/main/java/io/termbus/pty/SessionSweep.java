package io.termbus.pty;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Kills what is left of terminal sessions, in whichever process groups. One scan of /proc serves all
 * sessions that wait for one; it takes milliseconds, so it runs on a thread of its own, which exists only
 * while there is work.
 */
final class SessionSweep {
    private static final Logger log = LoggerFactory.getLogger(SessionSweep.class);

    /** Session leaders to sweep after, by process id. */
    private final Map<Integer, LoopPty> pending = new ConcurrentHashMap<>();

    private final ThreadPoolExecutor executor;

    SessionSweep() {
        executor = new ThreadPoolExecutor(1, 1, 1, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), SessionSweep::thread);
        executor.setRejectedExecutionHandler(new ThreadPoolExecutor.DiscardPolicy());
        executor.allowCoreThreadTimeOut(true);
    }

    private static Thread thread(Runnable task) {
        Thread thread = new Thread(task, "termbus-pty-sweep");
        thread.setDaemon(true);
        return thread;
    }

    /** Sends KILL, soon, to every process of the session that this PTY's child leads. Any thread. */
    void kill(LoopPty pty) {
        if (pending.put((int) pty.pid(), pty) == null) {
            executor.execute(this::sweep);
        }
    }

    /** Ends after what is pending is done, or after the time. */
    void close(long timeoutMs) throws InterruptedException {
        executor.shutdown();
        executor.awaitTermination(timeoutMs, TimeUnit.MILLISECONDS);
    }

    private void sweep() {
        Map<Integer, LoopPty> sessions = Map.copyOf(pending);
        sessions.forEach(pending::remove);
        if (sessions.isEmpty()) {
            return;
        }
        try (DirectoryStream<Path> processes = Files.newDirectoryStream(Path.of("/proc"), "[0-9]*")) {
            for (Path process : processes) {
                LoopPty pty = sessions.get(
                        ProcessStat.of(process).map(ProcessStat::session).orElse(0));
                if (pty != null && !recycled(pty)) {
                    Libc.kill(Integer.parseInt(process.getFileName().toString()), Signals.KILL);
                }
            }
        } catch (IOException e) {
            log.warn("Cannot list processes: {}", e.toString());
        }
    }

    /**
     * The kernel keeps a session's number while the session has processes. So a process with the number of
     * a child that was already waited for is a new one, and the session another.
     */
    private static boolean recycled(LoopPty pty) {
        return pty.reaped() && Files.exists(Path.of("/proc", String.valueOf(pty.pid())));
    }
}
