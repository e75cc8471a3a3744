package io.termbus.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.Stream;

/** What {@code /proc} says of a process. Linux only. */
record Proc(long pid) {
    private static final double TICKS_PER_SECOND = 100;

    long rssKb() throws IOException {
        return status("VmRSS:");
    }

    /** The most that {@link #rssKb} ever was. */
    long peakRssKb() throws IOException {
        return status("VmHWM:");
    }

    long threads() throws IOException {
        return status("Threads:");
    }

    long descriptors() throws IOException {
        try (Stream<Path> entries = Files.list(directory().resolve("fd"))) {
            return entries.count();
        }
    }

    /** Processes whose parent this one is, zombies too. */
    long children() throws IOException {
        try (Stream<Path> tasks = Files.list(directory().resolve("task"))) {
            return tasks.mapToLong(Proc::childrenOf).sum();
        }
    }

    private static long childrenOf(Path task) {
        try {
            String pids = Files.readString(task.resolve("children")).strip();
            return pids.isEmpty() ? 0 : pids.split(" ").length;
        } catch (IOException e) {
            return 0;
        }
    }

    /** User and system time of all its threads. */
    double cpuSeconds() throws IOException {
        return cpuTicks(2) / TICKS_PER_SECOND;
    }

    /** The same and that of its children that have ended. */
    double cpuSecondsWithChildren() throws IOException {
        return cpuTicks(4) / TICKS_PER_SECOND;
    }

    private long cpuTicks(int counts) throws IOException {
        String stat = Files.readString(directory().resolve("stat"));
        String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
        return Arrays.stream(fields, 11, 11 + counts).mapToLong(Long::parseLong).sum();
    }

    private long status(String key) throws IOException {
        for (String line : Files.readAllLines(directory().resolve("status"))) {
            if (line.startsWith(key)) {
                return Long.parseLong(line.substring(key.length()).strip().split(" ")[0]);
            }
        }
        throw new IOException("no " + key + " of process " + pid);
    }

    private Path directory() {
        return Path.of("/proc", Long.toString(pid));
    }
}
