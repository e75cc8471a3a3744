package io.termbus.app;

import io.termbus.support.IgnoredSignals;
import io.termbus.support.InheritedOptions;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** A class' {@code main} in a JVM of its own, killed when the test ends. stdout is read here, stderr goes to a file. */
final class ForkedJava implements AutoCloseable {
    private static final int LIMIT_SECONDS = 30;

    private final Process process;
    private final BufferedReader stdout;
    private final Path stderr;

    /** @param directory its working directory, where its stderr is kept too */
    ForkedJava(Path directory, Map<String, String> environment, Class<?> main, String... args) throws IOException {
        stderr = Files.createTempFile(directory, "stderr", ".txt");
        List<String> command = new ArrayList<>(IgnoredSignals.undo());
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(InheritedOptions.all());
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), main.getName()));
        command.addAll(List.of(args));
        ProcessBuilder builder = new ProcessBuilder(command).directory(directory.toFile());
        builder.environment().keySet().removeIf(name -> name.startsWith("TERMBUS_"));
        builder.environment().putAll(environment);
        process = builder.redirectError(stderr.toFile()).start();
        stdout = process.inputReader(StandardCharsets.UTF_8);
    }

    /** The next line on stdout, which must come. */
    String line() throws IOException {
        String line = stdout.readLine();
        if (line == null) {
            throw new AssertionError("it ended: " + stderr());
        }
        return line;
    }

    /** All further lines up to the end. */
    List<String> rest() {
        return stdout.lines().toList();
    }

    String stderr() throws IOException {
        return Files.readString(stderr);
    }

    /** @param name such as {@code TERM} */
    void signal(String name) throws IOException, InterruptedException {
        Process kill = new ProcessBuilder("kill", "-" + name, Long.toString(process.pid())).start();
        if (kill.waitFor() != 0) {
            throw new AssertionError("there is no process to signal");
        }
    }

    int exitCode() throws InterruptedException {
        if (!process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS)) {
            throw new AssertionError("it does not end");
        }
        return process.exitValue();
    }

    @Override
    public void close() throws IOException {
        process.destroyForcibly();
        stdout.close();
    }
}
