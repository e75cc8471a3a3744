package io.termbus.support;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * One run of a command-line tool with a time limit.
 *
 * @param exit exit status, -1 where the limit was reached and the tool was ended
 * @param output what it printed, both streams
 */
public record ToolRun(int exit, String output) {
    public static ToolRun of(Path directory, Map<String, String> environment, Duration limit, List<String> command) {
        try {
            Path log = Files.createTempFile("termbus-tool", ".log");
            try {
                int exit = run(directory, environment, limit, command, log);
                return new ToolRun(exit, Files.readString(log, StandardCharsets.UTF_8));
            } finally {
                Files.delete(log);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The output goes to a file: a pipe that nobody reads would block the tool past any limit. */
    private static int run(
            Path directory, Map<String, String> environment, Duration limit, List<String> command, Path log)
            throws IOException {
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(directory.toFile())
                .redirectErrorStream(true)
                .redirectOutput(log.toFile());
        builder.environment().putAll(environment);
        Process process = builder.start();
        try {
            return process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS) ? process.exitValue() : -1;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while waiting for " + command, e);
        } finally {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly();
        }
    }
}
