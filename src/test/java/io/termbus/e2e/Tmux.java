package io.termbus.e2e;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionTimeoutException;

/** A real terminal to run commands in: one window of a tmux server of its own, with a shell in it. */
final class Tmux implements AutoCloseable {
    private static final Duration LIMIT = Duration.ofSeconds(40);

    private final Path socket;
    private final Path directory;

    private Tmux(Path directory) throws IOException {
        this.directory = directory;
        this.socket = Files.createTempFile(directory, "tmux", "");
        Files.delete(socket);
    }

    /** A shell in {@code directory} with these variables more. */
    static Tmux open(Path directory, int cols, int rows, Map<String, String> environment) throws Exception {
        Tmux tmux = new Tmux(directory);
        List<String> command = new ArrayList<>(List.of(
                "new-session",
                "-d",
                "-x",
                "" + cols,
                "-y",
                "" + rows,
                "-c",
                directory.toString(),
                "env",
                "PS1=$ ",
                "ENV="));
        environment.forEach((name, value) -> command.add(name + "=" + value));
        command.add("sh");
        tmux.tmux(command.toArray(new String[0]));
        tmux.until(screen -> screen.startsWith("$"));
        return tmux;
    }

    /** Types text as it is. */
    void type(String text) throws Exception {
        tmux("send-keys", "-l", text);
    }

    /** @param keys such as {@code Enter}, {@code Escape} or {@code C-c} */
    void press(String... keys) throws Exception {
        List<String> command = new ArrayList<>(List.of("send-keys"));
        command.addAll(List.of(keys));
        tmux(command.toArray(new String[0]));
    }

    /** Types a command for the shell. */
    void enter(String command) throws Exception {
        type(command);
        press("Enter");
    }

    void resize(int cols, int rows) throws Exception {
        tmux("resize-window", "-x", "" + cols, "-y", "" + rows);
    }

    /** The screen as text, trailing blanks cut. */
    String screen() throws Exception {
        return tmux("capture-pane", "-p").stripTrailing();
    }

    void until(String part) throws Exception {
        until(screen -> screen.contains(part));
    }

    void until(Predicate<String> wanted) throws Exception {
        try {
            Awaitility.await().atMost(LIMIT).pollInterval(Duration.ofMillis(50)).until(() -> wanted.test(screen()));
        } catch (ConditionTimeoutException e) {
            throw new AssertionError("the screen does not come to this:\n" + screen(), e);
        }
    }

    /** The settings of the terminal now, by a shell that shows its prompt. */
    String settings() throws Exception {
        Path file = Files.createTempFile(directory, "stty", "");
        enter("clear; stty -a > " + file + "; echo told");
        until(screen -> screen.contains("\ntold") || screen.startsWith("told"));
        return Files.readString(file);
    }

    private String tmux(String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of("tmux", "-u", "-f", "/dev/null", "-S", socket.toString()));
        command.addAll(List.of(arguments));
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().remove("TMUX");
        Process process = builder.start();
        String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (process.waitFor() != 0) {
            throw new AssertionError(command + ": " + out);
        }
        return out;
    }

    @Override
    public void close() throws IOException {
        try {
            tmux("kill-server");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
