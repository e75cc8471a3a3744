package io.termbus.e2e;

import io.termbus.support.Programs;
import io.vertx.core.json.JsonObject;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** A client outside Java that plays a scene and tells what happens, each as a line of JSON with an {@code event}. */
final class ClientScript implements AutoCloseable {
    private static final int LIMIT_SECONDS = 60;

    /** Each has a script that plays the same scenes. */
    enum Language {
        PYTHON(
                List.of("python3", "src/test/python/judge.py"),
                Map.of("PYTHONPATH", "clients/python/src", "PYTHONDONTWRITEBYTECODE", "1")),
        NODE(List.of("node", "src/test/node/e2e/client-judge.mjs"), NodeScript.WEB_SOCKET);

        private final List<String> command;
        private final Map<String, String> environment;

        Language(List<String> command, Map<String, String> environment) {
            this.command = command;
            this.environment = environment;
        }

        /** The port of the hub that its client connects to. */
        int port(HubProcess hub) {
            return this == PYTHON ? hub.tcpPort() : hub.httpPort();
        }
    }

    private final Process process;
    private final Path stderr;
    private final BlockingQueue<Optional<String>> lines = new LinkedBlockingQueue<>();

    private ClientScript(Process process, Path stderr) {
        this.process = process;
        this.stderr = stderr;
        Thread reader = new Thread(this::readAll, "client-script");
        reader.setDaemon(true);
        reader.start();
    }

    /** @param port in place of the hub's own, such as a proxy's */
    static ClientScript play(
            Language language, Path directory, String scene, int port, String token, JsonObject arguments)
            throws IOException {
        Programs.require(language.command.get(0));
        Path stderr = Files.createTempFile(directory, scene, ".err");
        JsonObject all = arguments.copy().put("tcp", port).put("http", port).put("token", token);
        List<String> command = new ArrayList<>(language.command);
        command.addAll(List.of(scene, all.encode()));
        ProcessBuilder builder = new ProcessBuilder(command).redirectError(stderr.toFile());
        builder.environment().putAll(language.environment);
        return new ClientScript(builder.start(), stderr);
    }

    /** The next event. */
    JsonObject next() throws Exception {
        Optional<String> line = poll();
        if (line.isEmpty()) {
            throw new AssertionError("the script has ended: " + said());
        }
        return new JsonObject(line.get());
    }

    /** The next event, which is this one. */
    JsonObject next(String event) throws Exception {
        JsonObject next = next();
        if (!event.equals(next.getString("event"))) {
            throw new AssertionError("not " + event + ": " + next.encode() + "\n" + said());
        }
        return next;
    }

    /** It goes on. */
    void say(String line) throws IOException {
        process.getOutputStream().write((line + "\n").getBytes(StandardCharsets.UTF_8));
        process.getOutputStream().flush();
    }

    /** It tells nothing more and ends well. */
    void awaitEnd() throws Exception {
        if (poll().isPresent() || !process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS) || process.exitValue() != 0) {
            throw new AssertionError("the script does not end well: " + said());
        }
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }

    private Optional<String> poll() throws Exception {
        @Nullable Optional<String> line = lines.poll(LIMIT_SECONDS, TimeUnit.SECONDS);
        if (line == null) {
            throw new AssertionError("the script tells nothing: " + said());
        }
        return line;
    }

    private String said() throws IOException {
        return Files.readString(stderr);
    }

    private void readAll() {
        try (BufferedReader out = process.inputReader(StandardCharsets.UTF_8)) {
            out.lines().forEach(line -> lines.add(Optional.of(line)));
        } catch (IOException e) {
            lines.add(Optional.of(new JsonObject().put("event", e.toString()).encode()));
        }
        lines.add(Optional.empty());
    }
}
