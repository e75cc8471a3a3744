package io.termbus.bench;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The hub's jar in a process of its own, on free ports, with a home of its own. */
final class HubProcess implements AutoCloseable {
    private static final Pattern READY =
            Pattern.compile("Termbus ready http=[^ ]*:(\\d+) tcp=[^ ]*:(\\d+)(?: \\w+=\\S+)* url=\\S*token=(\\S+).*");
    private static final Pattern USED = Pattern.compile("(?:total|used) (\\d+)K");
    private static final int STOP_SECONDS = 15;
    private static final int MOST_LOOKS = 20;
    private static final int LOOK_MS = 1000;
    private static final int SAME_KB = 64;

    private final Process process;
    private final double readyMs;
    final int http;
    final int tcp;
    final String token;

    private HubProcess(Process process, Matcher ready, double readyMs) {
        this.process = process;
        this.readyMs = readyMs;
        http = Integer.parseInt(ready.group(1));
        tcp = Integer.parseInt(ready.group(2));
        token = ready.group(3);
    }

    /**
     * Starts a hub and waits for its ready line.
     *
     * @param settings {@code key=value}; with one of {@code cluster.} it joins a cluster
     */
    static HubProcess start(Settings bench, String... settings) throws IOException {
        Path home = Files.createTempDirectory(bench.directory(), "home");
        List<String> command = new ArrayList<>(List.of("java"));
        command.addAll(bench.hubOptions());
        command.addAll(List.of("-jar", bench.jar().toString()));
        if (Stream.of(settings).anyMatch(setting -> setting.startsWith("cluster."))) {
            command.add("--cluster");
        }
        for (String setting : settings(home, settings)) {
            command.add("--set");
            command.add(setting);
        }
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(home.toFile())
                .redirectError(home.resolve("log").toFile());
        long began = System.nanoTime();
        Process process = builder.start();
        BufferedReader out =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
        Optional<Matcher> ready =
                out.lines().map(READY::matcher).filter(Matcher::matches).findFirst();
        double readyMs = (System.nanoTime() - began) / 1e6;
        if (ready.isEmpty()) {
            throw new IOException("no ready line, see " + home.resolve("log"));
        }
        return new HubProcess(process, ready.get(), readyMs);
    }

    private static List<String> settings(Path home, String... more) {
        List<String> all = new ArrayList<>(List.of("home=" + home.resolve("hub"), "http.port=0", "tcp.port=0"));
        all.addAll(List.of(more));
        return all;
    }

    /** From the start of the process to its ready line. */
    double readyMs() {
        return readyMs;
    }

    Proc proc() {
        return new Proc(process.pid());
    }

    /**
     * Heap in use, in KiB, after full collections: waits until two in a row agree, since a hub that still
     * cleans up makes garbage between a collection and the look at the heap.
     */
    long heapKbAfterGc() throws IOException, InterruptedException {
        long last = heapKb();
        for (int i = 0; i < MOST_LOOKS; i++) {
            Thread.sleep(LOOK_MS);
            long now = heapKb();
            if (Math.abs(now - last) < SAME_KB) {
                return now;
            }
            last = now;
        }
        return last;
    }

    private long heapKb() throws IOException, InterruptedException {
        jcmd("GC.run");
        Matcher used = USED.matcher(jcmd("GC.heap_info")
                .lines()
                .filter(line -> line.contains("heap"))
                .map(line -> line.substring(line.indexOf("used")))
                .findFirst()
                .orElseThrow());
        used.find();
        return Long.parseLong(used.group(1));
    }

    String jcmd(String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of("jcmd", Long.toString(process.pid())));
        command.addAll(List.of(arguments));
        Process jcmd = new ProcessBuilder(command).redirectErrorStream(true).start();
        String said = new String(jcmd.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (jcmd.waitFor() != 0) {
            throw new IOException(said);
        }
        return said;
    }

    @Override
    public void close() {
        process.destroy();
        try {
            if (!process.waitFor(STOP_SECONDS, TimeUnit.SECONDS)) {
                System.err.println("the hub did not end within " + STOP_SECONDS + " s");
                process.destroyForcibly();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
