package io.termbus.app;

import io.termbus.config.HubConfig;
import io.termbus.protocol.Addresses;
import io.termbus.protocol.ErrorCode;
import io.termbus.protocol.Fields;
import io.termbus.protocol.HubException;
import io.termbus.protocol.Refusals;
import io.termbus.pty.ProcessImage;
import io.termbus.pty.PtyBackend;
import io.termbus.session.HubVerticle;
import io.termbus.session.StateInput;
import io.termbus.session.StateOutput;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.eventbus.Message;
import io.vertx.core.json.JsonObject;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.Charset;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Changes the program of the hub's process while its sessions go on: they are written down, the process runs the new program
 * (execve), and that goes on with them. Whatever fails before leaves the hub as it is. Asked for by {@code upgrade}, or
 * SIGUSR2.
 */
final class Upgrade {
    private static final Logger LOG = LoggerFactory.getLogger(Upgrade.class);
    private static final List<String> SIGNAL = List.of("USR2");
    /** The new program has so long to say whether it could go on. */
    private static final int CHECK_SECONDS = 20;
    /** Of what it says. */
    private static final int MAX_WORDS_BYTES = 2000;
    /** From the answer to the change, so that the answer is on its way. */
    private static final long ANSWER_MILLIS = 50;

    private static final int MAX_PATH_CHARS = 4096;
    private static final int OTHERS_WRITE = 0002;

    private final Vertx vertx;
    private final Hub hub;
    private final HubConfig config;
    private final AtomicBoolean underWay = new AtomicBoolean();

    /** The jar that this hub runs, as it was at the start. */
    private final Optional<JarFile> running;
    /** Made beforehand: then no more classes can be had from the jar. */
    private final HubException overwritten = new HubException(
            ErrorCode.CONFLICT,
            "the jar that this hub runs was written over, so what it has not loaded yet is lost: it cannot be upgraded. Put a"
                    + " new jar there by mv, as package managers do");

    private Upgrade(Vertx vertx, Hub hub, HubConfig config) {
        this.vertx = vertx;
        this.hub = hub;
        this.config = config;
        this.running = JarFile.running();
    }

    /** @param file which one, wherever it is */
    private record JarFile(Path path, Object file, Object modified, long size) {
        static Optional<JarFile> running() {
            try {
                Optional<Path> jar = Program.ofProcess().jar();
                return jar.isEmpty() ? Optional.empty() : Optional.of(at(jar.get()));
            } catch (IOException e) {
                return Optional.empty();
            }
        }

        private static JarFile at(Path path) throws IOException {
            return new JarFile(
                    path, Files.getAttribute(path, "unix:ino"), Files.getLastModifiedTime(path), Files.size(path));
        }

        /** The very file is another one than it was. */
        boolean isOverwritten() {
            try {
                JarFile now = at(path);
                return now.file.equals(file) && !now.equals(this);
            } catch (IOException e) {
                return false;
            }
        }
    }

    /** From now on it can be asked for, where the hub has what it takes. */
    static void offer(Vertx vertx, Hub hub, HubConfig config) {
        Upgrade upgrade = new Upgrade(vertx, hub, config);
        if (hub.keeps()) {
            hub.bus().<JsonObject>localConsumer(Addresses.UPGRADE, upgrade::asked);
        }
        upgrade.takeSignal();
    }

    private void takeSignal() {
        StopSignals.take(
                SIGNAL,
                (name, number) -> begin(Optional.empty())
                        .onFailure(cause -> LOG.error("{}: no upgrade: {}", name, cause.getMessage())));
    }

    private void asked(Message<JsonObject> message) {
        Optional<Path> jar;
        try {
            jar = Fields.of(message.body()).text("jar", MAX_PATH_CHARS).map(Path::of);
        } catch (RuntimeException e) {
            if (!Refusals.known(message, e)) {
                message.fail(ErrorCode.MALFORMED.code(), "field 'jar' is no path");
            }
            return;
        }
        begin(jar).onSuccess(message::reply).onFailure(cause -> {
            LOG.warn("no upgrade: {}", cause.getMessage());
            if (!Refusals.known(message, cause)) {
                LOG.error("an upgrade failed before it began", cause);
                Refusals.internal(message);
            }
        });
    }

    /**
     * @param jar in place of the one that runs; empty: what is at its path now
     * @return what comes, once it is sure
     */
    private Future<JsonObject> begin(Optional<Path> jar) {
        if (!hub.keeps()) {
            return refused("this hub cannot be upgraded in place: it is a node of a cluster, or its terminals cannot be"
                    + " kept on this system");
        }
        if (!underWay.compareAndSet(false, true)) {
            return refused("an upgrade is under way");
        }
        return vertx.executeBlocking(() -> {
                    if (running.filter(JarFile::isOverwritten).isPresent()) {
                        throw overwritten;
                    }
                    return next(jar);
                })
                .compose(next -> write().compose(state -> vertx.executeBlocking(() -> check(next, state)))
                        .onSuccess(version -> vertx.setTimer(ANSWER_MILLIS, timer -> change(next)))
                        .map(version -> new JsonObject()
                                .put("version", version)
                                .put("jar", next.jar().map(Path::toString).orElse(null))))
                .onFailure(cause -> underWay.set(false));
    }

    private static <T> Future<T> refused(String why) {
        return Future.failedFuture(new HubException(ErrorCode.CONFLICT, why));
    }

    private static Program next(Optional<Path> jar) throws IOException {
        Program now = Program.ofProcess();
        if (!Files.isExecutable(Path.of(now.java()))) {
            throw new HubException(ErrorCode.CONFLICT, "the Java that runs the hub is gone: " + now.java());
        }
        if (now.jar().isEmpty() && jar.isPresent()) {
            throw new HubException(ErrorCode.CONFLICT, "this hub was not started from a jar");
        }
        Program next = jar.map(path -> now.withJar(path.toAbsolutePath())).orElse(now);
        if (next.jar().isPresent()) {
            mustBeOurs(next.jar().get());
        }
        return next;
    }

    /** What it holds runs as the hub's user. */
    private static void mustBeOurs(Path jar) throws IOException {
        if (!Files.isRegularFile(jar) || !Files.isReadable(jar)) {
            throw new HubException(ErrorCode.CONFLICT, "there is no file that can be read: " + jar);
        }
        Object owner = Files.getAttribute(jar, "unix:uid");
        if (!owner.equals(0) && !owner.equals(Files.getAttribute(Path.of("/proc/self"), "unix:uid"))) {
            throw new HubException(ErrorCode.CONFLICT, "it belongs to another user: " + jar);
        }
        if (((int) Files.getAttribute(jar, "unix:mode") & OTHERS_WRITE) != 0) {
            throw new HubException(ErrorCode.CONFLICT, "every user may write to it: " + jar);
        }
    }

    /** @param descriptors those that its sessions need */
    private record State(int fd, Set<Integer> descriptors) {}

    /** The hub as it is, in a file in memory. */
    private Future<State> write() {
        return vertx.executeBlocking(() -> ProcessImage.openMemory("termbus-state"))
                .compose(fd -> vertx.executeBlocking(() -> new StateOutput(
                                Files.newOutputStream(ProcessImage.pathOf(fd), StandardOpenOption.WRITE), facts()))
                        .compose(out -> HubVerticle.keep(hub.bus(), out)
                                .eventually(() -> vertx.executeBlocking(() -> {
                                    out.close();
                                    return null;
                                }))
                                .map(sessions -> new State(fd, out.descriptors())))
                        .onFailure(cause -> ProcessImage.close(fd)));
    }

    private JsonObject facts() {
        JsonObject ports = new JsonObject().put("http.port", hub.httpPort()).put("tcp.port", hub.tcpPort());
        config.metrics().port().ifPresent(set -> ports.put("metrics.port", hub.metricsPort()));
        return new JsonObject()
                .put("version", BuildVersion.text())
                .put("node", hub.node())
                .put("ports", ports)
                .put("writtenAt", System.currentTimeMillis());
    }

    /** Settings in place of port 0: clients come back to the ports that were found for the program before. */
    static List<String> ports(StateInput state, HubConfig config) {
        Map<String, Integer> wanted = Map.of(
                "http.port", config.http().port(),
                "tcp.port", config.tcp().port(),
                "metrics.port", config.metrics().port().orElse(-1));
        return state.hub().getJsonObject("ports", new JsonObject()).stream()
                .filter(port -> wanted.getOrDefault(port.getKey(), -1) == 0)
                .map(port -> port.getKey() + "=" + port.getValue())
                .toList();
    }

    /** Has the new program look at the state. Returns its version. */
    private static String check(Program next, State state) throws IOException, InterruptedException {
        int words = ProcessImage.openMemory("termbus-check");
        try {
            File file = ProcessImage.pathOf(words).toFile();
            Process check = new ProcessBuilder(next.checking())
                    .redirectInput(ProcessImage.pathOf(state.fd()).toFile())
                    .redirectErrorStream(true)
                    .redirectOutput(file)
                    .start();
            boolean ended = check.waitFor(CHECK_SECONDS, TimeUnit.SECONDS);
            check.destroyForcibly();
            String said = said(file);
            if (ended && check.exitValue() == 0) {
                return said.substring(said.lastIndexOf('\n') + 1);
            }
            String how = ended ? "ended with status " + check.exitValue() : "has not ended within 20 s";
            throw new HubException(ErrorCode.CONFLICT, "the new program cannot go on: it " + how + ": " + said);
        } finally {
            ProcessImage.close(words);
            ProcessImage.close(state.fd());
        }
    }

    private static String said(File words) throws IOException {
        try (InputStream in = Files.newInputStream(words.toPath())) {
            return new String(in.readNBytes(MAX_WORDS_BYTES), Charset.defaultCharset()).strip();
        }
    }

    /**
     * What the new program says to {@link #check}.
     *
     * @param in the state
     * @return its version
     */
    static String check(HubConfig config, InputStream in) throws IOException {
        try (StateInput state = new StateInput(in);
                PtyBackend backend = Hub.openBackend(config)) {
            int sessions = state.check();
            if (sessions < state.sessions().size()) {
                LOG.info(
                        "{} of {} sessions can go on",
                        sessions,
                        state.sessions().size());
            }
            if (!backend.keeps()) {
                throw new IOException("terminals cannot be kept on this system");
            }
            return BuildVersion.text();
        }
    }

    private void change(Program next) {
        LOG.info(
                "the hub's program changes to {}",
                next.jar().map(Path::toString).orElse("the same classes"));
        hub.suspend()
                .compose(v -> write())
                .compose(state -> vertx.executeBlocking(() -> {
                    throw replace(next, state);
                }))
                .onFailure(cause -> {
                    LOG.error("the hub's program could not be changed, it goes on as it was", cause);
                    takeSignal();
                    hub.goOn().onComplete(done -> underWay.set(false));
                });
    }

    /** Returns only where it fails. */
    private IOException replace(Program next, State state) throws IOException {
        try {
            if (hub.isClosing()) {
                return new IOException("the hub is shutting down");
            }
            hub.finishAudit();
            ProcessImage.seal(state.fd());
            StopSignals.ignore(SIGNAL);
            Set<Integer> kept = new HashSet<>(state.descriptors());
            kept.add(state.fd());
            Program resuming = next.resuming(state.fd());
            return ProcessImage.replace(
                    resuming.java(), Program.bytes(resuming.arguments()), Program.bytes(resuming.environment()), kept);
        } finally {
            ProcessImage.close(state.fd());
        }
    }

    /** What an earlier program of this process has left; empty where it cannot be read. */
    static Optional<StateInput> resume(int fd) {
        try {
            return Optional.of(new StateInput(Files.newInputStream(ProcessImage.pathOf(fd))));
        } catch (IOException e) {
            LOG.error("what the hub was before its upgrade is lost: {}", e.getMessage());
            return Optional.empty();
        } finally {
            ProcessImage.close(fd);
        }
    }
}
