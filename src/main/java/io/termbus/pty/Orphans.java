package io.termbus.pty;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.IntPredicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Waits for processes that have become children of this one because nobody else is there for them. That is the duty of the
 * first process of a machine, or of a container: without it each that ends keeps its number for ever, and numbers run out.
 * One that has ended is taken at the second look that finds it so, as somebody in this process may be about to wait for it.
 */
final class Orphans implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(Orphans.class);
    private static final long LOOK_SECONDS = 5;
    private static final long FIRST_PROCESS = 1;

    private final long self = ProcessHandle.current().pid();
    private final IntPredicate own;
    private final ScheduledExecutorService looks = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread thread = new Thread(task, "termbus-orphans");
        thread.setDaemon(true);
        return thread;
    });
    /** Found at the last look. */
    private Set<Integer> ended = Set.of();

    /** @param own whether that child is waited for by others, however long that takes; called on a thread of its own */
    Orphans(IntPredicate own) {
        this.own = own;
        if (ProcessHandle.current().pid() == FIRST_PROCESS) {
            looks.scheduleWithFixedDelay(this::look, LOOK_SECONDS, LOOK_SECONDS, TimeUnit.SECONDS);
        }
    }

    void look() {
        Set<Integer> found = new HashSet<>();
        try (DirectoryStream<Path> processes = Files.newDirectoryStream(Path.of("/proc"), "[0-9]*")) {
            for (Path process : processes) {
                ProcessStat stat = ProcessStat.of(process).orElse(ProcessStat.NONE);
                if (stat.state().equals("Z") && stat.parent() == self) {
                    found.add(Integer.parseInt(process.getFileName().toString()));
                }
            }
        } catch (IOException e) {
            log.warn("Cannot list processes: {}", e.toString());
        }
        found.removeIf(own::test);
        found.stream().filter(ended::contains).forEach(pid -> Libc.waitpid(pid, 0, Libc.WNOHANG));
        ended = found;
    }

    @Override
    public void close() {
        looks.shutdownNow();
    }
}
