package io.termbus.session;

import io.termbus.config.HubConfig;
import io.termbus.protocol.Addresses;
import io.termbus.protocol.ErrorCode;
import io.termbus.protocol.FlowMessage;
import io.termbus.protocol.FlowShards;
import io.termbus.protocol.HubException;
import io.termbus.protocol.LocalSessions;
import io.termbus.protocol.Payload;
import io.termbus.protocol.SessionMessage;
import io.termbus.pty.ExitStatus;
import io.termbus.pty.InputOutcome;
import io.termbus.pty.Pty;
import io.termbus.pty.PtyBackend;
import io.termbus.pty.PtyListener;
import io.termbus.vt.screen.Terminal;
import io.termbus.vt.screen.TerminalListener;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.WorkerExecutor;
import io.vertx.core.eventbus.DeliveryOptions;
import io.vertx.core.eventbus.EventBus;
import io.vertx.core.eventbus.Message;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One session: its PTY and child, the state of its terminal, and its commands at
 * {@code termbus.session.<id>}. Deployed when the session begins; undeploying it ends the session. All
 * state is written on its event loop only.
 *
 * <p>Output travels by credit: at most {@value #OUTPUT_WINDOW} outputs are unanswered by flow control,
 * then the PTY is not read and the kernel holds the child back.
 */
final class SessionVerticle extends VerticleBase {
    private static final Logger LOG = LoggerFactory.getLogger(SessionVerticle.class);
    /** Enough to keep the reactor reading while one output is on its way; each is at most 64 KiB. */
    private static final int OUTPUT_WINDOW = 4;

    /** How long the output of a session that waits for its first subscriber waits, and the program with it. */
    private static final long FIRST_SUBSCRIBER_MILLIS = 10_000;

    /** A screen of so many cells is written down in some 100 µs, less than it takes to have a worker do it. */
    private static final int QUICK_CELLS = 20_000;

    private static final long TITLE_NEWS_MILLIS = 200;
    /** Of a snapshot that a client asks for; it must fit in its connection's queue. */
    private static final int MAX_SNAPSHOT_BYTES = 4 << 20;

    private static final DeliveryOptions LOCAL = new DeliveryOptions().setLocalOnly(true);

    private final String id;
    private final String node;
    private final SessionSpec spec;
    private final HubConfig.Session settings;
    private final PtyBackend backend;
    private final WorkerExecutor workers;
    private final String flowAddress;
    private final Instant createdAt = Instant.now();

    private final ScreenGate screen;
    private Terminal terminal;
    private @Nullable Pty pty;
    private @Nullable ExitStatus exit;
    private String name;
    /** Size of the PTY; the terminal itself is never narrower than two columns. */
    private int cols;

    private int rows;
    private boolean read;
    private boolean titleIsNews;
    private int subscribers;
    private long outputBytes;

    SessionVerticle(
            String id,
            String node,
            SessionSpec spec,
            HubConfig.Session settings,
            PtyBackend backend,
            FlowShards shards,
            WorkerExecutor workers) {
        this.id = id;
        this.node = node;
        this.spec = spec;
        this.settings = settings;
        this.backend = backend;
        this.workers = workers;
        this.screen = new ScreenGate((ms, then) -> vertx.setTimer(ms, timer -> then.run()), workers);
        this.flowAddress = shards.addressOfSession(id);
        this.cols = spec.cols();
        this.rows = spec.rows();
        this.terminal = blank();
        this.name = spec.name();
    }

    @Override
    public Future<?> start() {
        return workers.executeBlocking(() -> backend.start(spec.pty(), new Listener()), false)
                .compose(this::opened)
                .onFailure(cause -> abandon());
    }

    /** What fails to start is not stopped by Vert.x. */
    private void abandon() {
        if (pty != null) {
            end();
        }
    }

    private Future<?> opened(Pty started) {
        pty = started;
        SessionCommands commands = new SessionCommands(this);
        Future<Void> control = bus().<Object>localConsumer(Addresses.sessionControl(id), this::control)
                .completion();
        Future<Void> commanded = bus().<Object>consumer(Addresses.session(id), commands::received)
                .completion();
        LocalSessions.of(vertx).opened(id);
        toFlow(new FlowMessage.SessionOpened(id));
        if (spec.waitForSubscriber()) {
            vertx.setTimer(FIRST_SUBSCRIBER_MILLIS, timer -> read());
        } else {
            read();
        }
        event("session.created");
        typeInitialCommands();
        LOG.info(
                "session {} created: pid {}, {}, {}",
                id,
                started.pid(),
                started.device(),
                spec.command().get(0));
        return Future.all(control, commanded);
    }

    private void typeInitialCommands() {
        byte[] lines = spec.initialCommands().stream()
                .map(line -> line + "\r")
                .collect(Collectors.joining())
                .getBytes(StandardCharsets.UTF_8);
        if (lines.length > 0 && !pty().writeWhenRead(lines)) {
            throw inputQueueFull(lines.length);
        }
    }

    /** From now on the PTY is read. Its end is noticed by reading only. */
    private void read() {
        if (!read) {
            read = true;
            pty().request(OUTPUT_WINDOW);
        }
    }

    @Override
    public Future<?> stop() {
        end();
        return Future.succeededFuture();
    }

    private void end() {
        screen.close();
        pty().close();
        LocalSessions.of(vertx).closed(id);
        toFlow(new FlowMessage.Removed(id));
    }

    String id() {
        return id;
    }

    /** The session as clients see it. */
    JsonObject info() {
        JsonObject info = new JsonObject()
                .put("id", id)
                .put("name", name)
                .put("pid", pty().pid())
                .put("pty", pty().device())
                .put("node", node)
                .put("cols", cols)
                .put("rows", rows)
                .put("command", spec.command())
                .put("cwd", cwd())
                .put("createdAt", createdAt.toString())
                .put("state", exit == null ? "running" : "exited")
                .put("title", terminal.title())
                .put("subscribers", subscribers)
                .put("outputBytes", outputBytes);
        if (exit != null) {
            info.put("exit", exitBody(exit));
        }
        return info;
    }

    /** Queues input for the child; an interrupt also flushes what waits for the one who typed it. */
    void input(byte[] bytes, Optional<String> connection) {
        running();
        if (!pty().write(bytes)) {
            throw inputQueueFull(bytes.length);
        }
        if (connection.isPresent() && Interrupts.in(bytes)) {
            toFlow(new FlowMessage.Interrupted(id, connection.get()));
        }
    }

    /** False where nobody reads it any more. */
    boolean standardInput(byte[] bytes, boolean end) {
        running();
        if (!spec.pipedInput()) {
            throw new HubException(ErrorCode.CONFLICT, "the standard input of this session is its terminal: " + id);
        }
        InputOutcome outcome = pty().writeInput(bytes);
        if (outcome == InputOutcome.FULL) {
            throw inputQueueFull(bytes.length);
        }
        if (end) {
            pty().endInput();
        }
        return outcome == InputOutcome.TAKEN;
    }

    private HubException inputQueueFull(int bytes) {
        return HubException.limit(
                "session.inputQueueBytes",
                "input of " + bytes + " bytes does not fit in the queue of " + settings.inputQueueBytes()
                        + " bytes: the child does not read");
    }

    void resize(int newCols, int newRows) {
        running();
        screen.change(() -> {
            cols = newCols;
            rows = newRows;
            pty().resize(cols, rows);
            follow(() -> terminal.resize(cols, rows));
            toFlow(new FlowMessage.Resized(id, cols, rows));
            event("session.resized");
        });
    }

    void signal(String signal) {
        running();
        pty().signal(signal);
    }

    void kill() {
        running();
        read();
        pty().kill();
    }

    void clear() {
        screen.change(() -> {
            terminal.clearScrollback();
            toFlow(new FlowMessage.Cleared(id));
        });
    }

    void rename(String newName) {
        name = newName;
        event("session.renamed");
    }

    /** The screen with so many lines of scrollback, as ANSI or plain text. */
    Future<JsonObject> snapshot(int scrollbackLines, boolean text) {
        return screen.readForClient(() -> new JsonObject()
                .put("cols", cols)
                .put("rows", rows)
                .put("offset", outputBytes)
                .put("cursorX", terminal.cursorX())
                .put("cursorY", terminal.cursorY())
                .put("alternateScreen", terminal.alternateScreen())
                .put("title", terminal.title())
                .put("cwd", cwd())
                .put(
                        "data",
                        text
                                ? BoundedSnapshot.text(terminal, scrollbackLines, MAX_SNAPSHOT_BYTES)
                                : new String(
                                        BoundedSnapshot.ansi(terminal, scrollbackLines, MAX_SNAPSHOT_BYTES),
                                        StandardCharsets.UTF_8)));
    }

    private void control(Message<Object> message) {
        if (message.body() instanceof SessionMessage.OutputTaken taken) {
            pty().request(taken.count());
        } else if (message.body() instanceof SessionMessage.SubscriberCount count) {
            subscribers = count.count();
        } else if (message.body() instanceof SessionMessage.SubscriberListens) {
            read();
        } else if (message.body() instanceof SessionMessage.SnapshotWanted wanted) {
            boolean quick = wanted.scrollbackLines() == 0 && cols * rows <= QUICK_CELLS;
            (quick ? screen.readQuickly(() -> snapshot(wanted)) : screen.read(() -> snapshot(wanted)))
                    .onSuccess(snapshot -> message.reply(snapshot, LOCAL));
        }
    }

    private SessionMessage.Snapshot snapshot(SessionMessage.SnapshotWanted wanted) {
        byte[] state = BoundedSnapshot.ansi(terminal, wanted.scrollbackLines(), wanted.maxBytes());
        return new SessionMessage.Snapshot(outputBytes, cols, rows, Payload.of(state));
    }

    /** Subscribers first: the terminal's state is behind by this output only until this method ends. */
    private void output(byte[] bytes) {
        outputBytes += bytes.length;
        toFlow(new FlowMessage.Output(id, Payload.of(bytes), outputBytes));
        follow(() -> terminal.feed(bytes, 0, bytes.length));
    }

    /** Output of the child decides what runs here: a fault costs the kept state, never the session. */
    private void follow(Runnable step) {
        try {
            step.run();
        } catch (RuntimeException e) {
            LOG.error("session {}: the state of the terminal is lost, it starts anew", id, e);
            terminal = blank();
        }
    }

    private Terminal blank() {
        Terminal blank = new Terminal(cols, rows, settings.scrollbackLines(), new TerminalEars());
        blank.answerChecksums(settings.checksums());
        return blank;
    }

    /** The directory that the program told last (OSC 7), or the one it was started in. */
    private String cwd() {
        return terminal.cwd().isEmpty() ? spec.directory().toString() : terminal.cwd();
    }

    private void exited(ExitStatus status) {
        exit = status;
        toFlow(new FlowMessage.Exited(id, status.code(), status.signal()));
        event("session.exited");
        LOG.info(
                "session {} exited: code {}{}",
                id,
                status.code(),
                status.signal().map(s -> ", " + s).orElse(""));
        bus().send(HubVerticle.INTERNAL_ADDRESS, new SessionEnded(id), LOCAL);
    }

    private void running() {
        if (exit != null) {
            throw new HubException(ErrorCode.EXITED, "session has exited: " + id);
        }
    }

    /** Publishes an event with the whole session in it. */
    void event(String event) {
        bus().publish(
                        Addresses.EVENTS,
                        new JsonObject().put("event", event).put("session", id).put("info", info()),
                        LOCAL);
    }

    private void toFlow(FlowMessage message) {
        bus().send(flowAddress, message, LOCAL);
    }

    private EventBus bus() {
        return vertx.eventBus();
    }

    private Pty pty() {
        return Objects.requireNonNull(pty, "the session has not started");
    }

    private static JsonObject exitBody(ExitStatus status) {
        JsonObject body = new JsonObject().put("code", status.code());
        status.signal().ifPresent(signal -> body.put("signal", signal));
        return body;
    }

    /** Called while the terminal is fed, on the event loop. */
    private final class TerminalEars implements TerminalListener {
        @Override
        public void reply(byte[] bytes) {
            if (exit == null && answers() && !pty().write(bytes)) {
                LOG.debug("session {}: the child does not read, an answer of the terminal is dropped", id);
            }
        }

        /** What the terminal's line editing gets it echoes into the output. */
        private boolean answers() {
            return switch (spec.answers()) {
                case ALWAYS -> true;
                case RAW -> !pty().editsLines();
                case NEVER -> false;
            };
        }

        /** A program may set its title with every byte: operators hear of the last one, a few times a second. */
        @Override
        public void titleChanged(String title) {
            if (!titleIsNews) {
                titleIsNews = true;
                vertx.setTimer(TITLE_NEWS_MILLIS, timer -> {
                    titleIsNews = false;
                    event("session.titled");
                });
            }
        }

        @Override
        public void bell() {
            // Clients hear it in the stream.
        }
    }

    /** Brings what the PTY's thread says to the event loop, in order. */
    private final class Listener implements PtyListener {
        @Override
        public void output(byte[] bytes) {
            context.runOnContext(v -> screen.change(() -> SessionVerticle.this.output(bytes)));
        }

        @Override
        public void exited(ExitStatus status) {
            context.runOnContext(v -> screen.change(() -> SessionVerticle.this.exited(status)));
        }
    }
}
