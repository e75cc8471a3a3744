package io.termbus.webapp;

import io.termbus.support.InheritedOptions;
import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A hub started from the jar, on free ports and with a home of its own. Ends with {@link #close}. */
final class HubProcess implements AutoCloseable {
    private static final Pattern READY = Pattern.compile("^Termbus ready .*\\burl=(\\S+)");
    private static final Duration START_LIMIT = Duration.ofSeconds(30);
    private static final Duration END_LIMIT = Duration.ofSeconds(15);

    private final Process process;
    private final CompletableFuture<String> loginUrl = new CompletableFuture<>();

    private HubProcess(Process process) {
        this.process = process;
    }

    /**
     * @param jar the runnable jar
     * @param home an empty directory; also the working directory, so that no local conf is read
     * @param settings more of them, {@code key=value} each
     */
    static HubProcess start(Path jar, Path home, String... settings) throws IOException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(InheritedOptions.all());
        command.addAll(List.of(
                "-jar", jar.toString(), "--set", "http.port=0", "--set", "tcp.port=0", "--set", "home=" + home));
        for (String setting : settings) {
            command.addAll(List.of("--set", setting));
        }
        File log = home.resolve("hub.log").toFile();
        Process process = new ProcessBuilder(command)
                .directory(home.toFile())
                .redirectError(log)
                .start();
        HubProcess hub = new HubProcess(process);
        Thread reader = new Thread(hub::readOutput, "hub-output");
        reader.setDaemon(true);
        reader.start();
        return hub;
    }

    /** The URL with the token, as the ready line gives it. Waits for the hub to be ready. */
    String loginUrl() throws InterruptedException {
        try {
            return loginUrl.get(START_LIMIT.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException | TimeoutException e) {
            throw new IllegalStateException("the hub printed no ready line", e);
        }
    }

    /** Reads to the end, also after the ready line: a full pipe would block the hub. */
    private void readOutput() {
        try (BufferedReader output = process.inputReader(StandardCharsets.UTF_8)) {
            for (String line = output.readLine(); line != null; line = output.readLine()) {
                Matcher ready = READY.matcher(line);
                if (ready.find()) {
                    loginUrl.complete(ready.group(1));
                }
            }
            loginUrl.completeExceptionally(new IllegalStateException("the hub has ended"));
        } catch (IOException e) {
            loginUrl.completeExceptionally(e);
        }
    }

    @Override
    public void close() {
        process.destroy();
        try {
            if (!process.waitFor(END_LIMIT.toMillis(), TimeUnit.MILLISECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }
}
