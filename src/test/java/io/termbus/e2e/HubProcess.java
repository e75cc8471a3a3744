package io.termbus.e2e;

import io.termbus.support.InheritedOptions;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** {@code java -jar target/termbus.jar} on free ports with a home of its own; killed when the test ends. */
final class HubProcess implements AutoCloseable {
    static final Path JAR = Path.of("target", "termbus.jar").toAbsolutePath();
    private static final Pattern READY =
            Pattern.compile("Termbus ready http=(?<host>[0-9.]+):(?<http>\\d+) tcp=[0-9.]+:(?<tcp>\\d+)"
                    + "(?: \\w+=\\S+)* url=\\S+/\\?token=(?<token>\\S+)");
    private static final int END_LIMIT_SECONDS = 20;

    private final Process process;
    private final BufferedReader stdout;
    private final Path stderr;
    private final String host;
    private final int httpPort;
    private final int tcpPort;
    private final String token;

    private HubProcess(Process process, Path stderr) throws IOException {
        this.process = process;
        this.stderr = stderr;
        stdout = process.inputReader(StandardCharsets.UTF_8);
        String line = stdout.readLine();
        Matcher ready = READY.matcher(line == null ? "" : line);
        if (!ready.matches()) {
            process.destroyForcibly();
            throw new AssertionError("not ready: " + line + "\n" + Files.readString(stderr));
        }
        host = ready.group("host");
        httpPort = Integer.parseInt(ready.group("http"));
        tcpPort = Integer.parseInt(ready.group("tcp"));
        token = ready.group("token");
    }

    /**
     * Starts a hub and waits until it is ready.
     *
     * @param directory where its home and its log go
     * @param settings {@code key=value} each
     */
    static HubProcess start(Path directory, String... settings) throws IOException {
        return start(directory, List.of(), List.of(), settings);
    }

    /**
     * @param before the command that runs the hub's, such as {@code ip netns exec}
     * @param options such as {@code --cluster}
     */
    static HubProcess start(Path directory, List<String> before, List<String> options, String... settings)
            throws IOException {
        return start(JAR, directory, before, options, settings);
    }

    /** @param jar in place of the one that was built */
    static HubProcess start(Path jar, Path directory, List<String> before, List<String> options, String... settings)
            throws IOException {
        List<String> command = new ArrayList<>(before);
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(InheritedOptions.all());
        command.addAll(List.of("-Xmx256m", "-jar", jar.toString()));
        command.addAll(options);
        List<String> all = new ArrayList<>(List.of("http.port=0", "tcp.port=0", "home=" + directory.resolve("home")));
        all.addAll(List.of(settings));
        all.forEach(setting -> command.addAll(List.of("--set", setting)));
        Path log = Files.createTempFile(directory, "hub", ".log");
        ProcessBuilder builder =
                new ProcessBuilder(command).directory(directory.toFile()).redirectError(log.toFile());
        builder.environment().keySet().removeIf(name -> name.startsWith("TERMBUS_"));
        return new HubProcess(builder.start(), log);
    }

    /** The address that it listens on. */
    String host() {
        return host;
    }

    boolean isAlive() {
        return process.isAlive();
    }

    long pid() {
        return process.pid();
    }

    int httpPort() {
        return httpPort;
    }

    int tcpPort() {
        return tcpPort;
    }

    /** The admin token. */
    String token() {
        return token;
    }

    /** What the hub has logged. */
    String log() throws IOException {
        return Files.readString(stderr);
    }

    /** @param name such as {@code TERM} */
    void signal(String name) throws IOException, InterruptedException {
        Process kill = new ProcessBuilder("kill", "-" + name, Long.toString(process.pid())).start();
        if (kill.waitFor() != 0) {
            throw new AssertionError("there is no process to signal");
        }
    }

    /** Waits for the end. */
    int exitStatus() throws InterruptedException {
        if (!process.waitFor(END_LIMIT_SECONDS, TimeUnit.SECONDS)) {
            throw new AssertionError("the hub does not end");
        }
        return process.exitValue();
    }

    @Override
    public void close() throws IOException {
        process.destroyForcibly();
        stdout.close();
    }
}
