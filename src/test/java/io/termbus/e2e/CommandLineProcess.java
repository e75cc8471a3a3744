package io.termbus.e2e;

import io.termbus.support.IgnoredSignals;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;

/** A command of {@code java -jar target/termbus.jar} as a process, without a terminal; killed when the test ends. */
final class CommandLineProcess implements AutoCloseable {
    private static final int LIMIT_SECONDS = 60;

    private final Process process;
    private final Path out;
    private final Path err;

    private CommandLineProcess(Process process, Path out, Path err) {
        this.process = process;
        this.out = out;
        this.err = err;
    }

    /** What a command that has ended left. */
    record Result(int status, byte[] bytes, String err) {
        String out() {
            return new String(bytes, StandardCharsets.UTF_8);
        }
    }

    /** The words of a command line that runs one of the commands. */
    static List<String> words(String... arguments) {
        List<String> words = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-jar",
                Path.of("target", "termbus.jar").toAbsolutePath().toString()));
        words.addAll(List.of(arguments));
        return words;
    }

    /** Variables that say which hub. */
    static Map<String, String> environment(HubProcess hub) {
        return Map.of("TERMBUS_TCP_PORT", Integer.toString(hub.tcpPort()), "TERMBUS_AUTH_TOKEN", hub.token());
    }

    /**
     * Starts a command in {@code directory}, where its output is kept too.
     *
     * @param input file for its standard input
     */
    static CommandLineProcess start(Path directory, Map<String, String> environment, Path input, String... arguments)
            throws IOException {
        Path out = Files.createTempFile(directory, "cli", ".out");
        Path err = Files.createTempFile(directory, "cli", ".err");
        List<String> command = new ArrayList<>(IgnoredSignals.undo());
        command.addAll(words(arguments));
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(directory.toFile())
                .redirectInput(input.toFile())
                .redirectOutput(out.toFile())
                .redirectError(err.toFile());
        builder.environment().keySet().removeIf(name -> name.startsWith("TERMBUS_"));
        builder.environment().putAll(environment);
        return new CommandLineProcess(builder.start(), out, err);
    }

    /** Runs a command to its end, with no input. */
    static Result run(Path directory, HubProcess hub, String... arguments) throws Exception {
        return run(directory, environment(hub), arguments);
    }

    static Result run(Path directory, Map<String, String> environment, String... arguments) throws Exception {
        try (CommandLineProcess started = start(directory, environment, Path.of("/dev/null"), arguments)) {
            return started.end();
        }
    }

    /** @param name such as {@code TERM} */
    void signal(String name) throws IOException, InterruptedException {
        Process kill = new ProcessBuilder("kill", "-" + name, Long.toString(process.pid())).start();
        if (kill.waitFor() != 0) {
            throw new AssertionError("there is no process to signal");
        }
    }

    /** Waits until the JVM no longer keeps SIGQUIT; Linux tells by the signals that a process catches. */
    void untilQuitIsDefault() {
        Awaitility.await()
                .atMost(LIMIT_SECONDS, TimeUnit.SECONDS)
                .until(() -> Files.readAllLines(Path.of("/proc/" + process.pid() + "/status")).stream()
                        .filter(line -> line.startsWith("SigCgt:"))
                        .map(line -> new BigInteger(
                                line.substring("SigCgt:".length()).strip(), 16))
                        // TERM is caught after QUIT was
                        .anyMatch(caught -> caught.testBit(15 - 1) && !caught.testBit(3 - 1)));
    }

    /** What it has printed so far. */
    String out() throws IOException {
        return Files.readString(out);
    }

    /** Waits for the end. */
    Result end() throws IOException, InterruptedException {
        if (!process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS)) {
            throw new AssertionError("it does not end; " + out() + Files.readString(err));
        }
        return new Result(process.exitValue(), Files.readAllBytes(out), Files.readString(err));
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }
}
