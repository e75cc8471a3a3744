package io.termbus.session;

import static io.termbus.protocol.HubBus.LOCAL;

import io.termbus.config.SessionConfig;
import io.termbus.protocol.Addresses;
import io.termbus.protocol.Delivery;
import io.termbus.protocol.ErrorCode;
import io.termbus.protocol.Fields;
import io.termbus.protocol.FlowMessage;
import io.termbus.protocol.FlowShards;
import io.termbus.protocol.HubBus;
import io.termbus.protocol.HubException;
import io.termbus.protocol.LocalSessions;
import io.termbus.protocol.Payload;
import io.termbus.protocol.SessionMessage;
import io.termbus.pty.EndedPty;
import io.termbus.pty.ExitStatus;
import io.termbus.pty.InputOutcome;
import io.termbus.pty.KeptPty;
import io.termbus.pty.Pty;
import io.termbus.pty.PtyBackend;
import io.termbus.pty.PtyListener;
import io.termbus.pty.Untimely;
import io.termbus.vt.screen.Modes;
import io.termbus.vt.screen.ShellMark;
import io.termbus.vt.screen.Terminal;
import io.termbus.vt.screen.TerminalListener;
import io.termbus.vt.screen.TerminalListener.Cut;
import io.termbus.vt.snapshot.BoundedSnapshot;
import io.termbus.vt.snapshot.Detail;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.WorkerExecutor;
import io.vertx.core.eventbus.EventBus;
import io.vertx.core.eventbus.Message;
import io.vertx.core.internal.ContextInternal;
import io.vertx.core.json.JsonObject;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.IntConsumer;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One session: its PTY and child, the state of its terminal, and its commands at
 * {@code termbus.session.<id>}. Deployed when the session begins; undeploying it ends the session. All
 * state is written on its event loop only.
 *
 * <p>Output travels by credit that flow control gives: while it gives none the PTY is not read and the kernel holds the
 * child back. The first read needs none.
 */
final class SessionVerticle extends VerticleBase {
    private static final Logger LOG = LoggerFactory.getLogger(SessionVerticle.class);
    /** How long the output of a session that waits for its first subscriber waits, and the program with it. */
    private static final long FIRST_SUBSCRIBER_MILLIS = 10_000;

    /** A screen of so many cells is written down in some 100 µs, less than it takes to have a worker do it. */
    private static final int QUICK_CELLS = 20_000;

    /** Holds what a terminal's kernel buffers do, with room for what comes while the program is being killed. */
    private static final int LAST_OUTPUTS = 8;
    /** From KILL to the program's end. */
    private static final long DEATH_MILLIS = 500;

    private static final long TITLE_NEWS_MILLIS = 200;
    /**
     * Of the state of a terminal over a change of the hub's program; more scrollback is dropped, the oldest first. A few are
     * in memory at a time.
     */
    private static final int MAX_KEPT_BYTES =
            (int) Math.min(32 << 20, Runtime.getRuntime().maxMemory() / 16);
    /** Of a snapshot that a client asks for; it must fit in its connection's queue. */
    private static final int MAX_SNAPSHOT_BYTES = 4 << 20;

    private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

    private final String id;
    private final String node;
    private final SessionSpec spec;
    /** What it goes on with, until it does. */
    private @Nullable KeptSession kept;

    private final SessionConfig settings;
    private final PtyBackend backend;
    private final WorkerExecutor workers;
    private final String flowAddress;
    private final IntConsumer said;
    private final Instant createdAt;

    private final ScreenGate screen;
    private final Readings readings;
    private final StatePool states;
    /** Its part of the memory for all sessions' states. */
    private final StatePool.Member share;

    private final Credit credit = new Credit();
    private final Pace resizes = new Pace(this::after, this::resizeNow);
    private final Pace clears = Pace.of(this::after, this::clearNow);
    private final Pace renames = Pace.of(this::after, () -> event("session.renamed"));
    private final Answers answers = new Answers();
    private final Set<Cut> cuts = EnumSet.noneOf(Cut.class);
    private final Waits waits;
    private final ShellCommands commands;
    private final Runs runs;
    private final SessionRecording recording;
    private final Lease lease = new Lease(System::nanoTime);
    private final SessionMeters meters;
    private final Pace leases = Pace.of(this::after, this::tellLease);
    /** Whose lease has ended since subscribers were told last, and why. */
    private JsonObject released = new JsonObject();
    /** When the lease ends by itself. */
    private OptionalLong leaseEnd = OptionalLong.empty();

    private Terminal terminal;
    private @Nullable EventBus bus;
    private @Nullable HeldOutput held;
    private @Nullable Pty pty;
    private @Nullable ExitStatus exit;
    private String name;
    /** The size that was asked for last; the PTY gets it at once, or after a rest. */
    private int cols;

    private int rows;
    /** The size of the terminal at its place in the output, which it has taken in up to {@link #stateBytes}. */
    private int stateCols;

    private int stateRows;
    private long stateBytes;
    private boolean read;
    /** When the first input came since the last output; 0: none, or nobody wants to know. */
    private long typedAt;

    private boolean titleIsNews;
    /** The hub's program changes. */
    private boolean suspended;
    /** Some output waits for a subscriber, or may: nobody else needs to hear who types. */
    private boolean lags;

    private int subscribers;
    private long outputBytes;

    /** @param said hears how many bytes each output has */
    SessionVerticle(
            String id,
            String node,
            SessionSpec spec,
            SessionConfig settings,
            PtyBackend backend,
            FlowShards shards,
            SessionResources shared,
            IntConsumer said) {
        this(id, node, spec, null, settings, backend, shards, shared, said);
    }

    /** @param kept what it goes on with; null: it begins */
    SessionVerticle(
            String id,
            String node,
            SessionSpec spec,
            @Nullable KeptSession kept,
            SessionConfig settings,
            PtyBackend backend,
            FlowShards shards,
            SessionResources shared,
            IntConsumer said) {
        this.kept = kept;
        this.createdAt =
                kept == null ? Instant.now() : Instant.parse(kept.facts().getString("createdAt"));
        this.said = said;
        this.id = id;
        this.node = node;
        this.spec = spec;
        this.settings = settings;
        this.backend = backend;
        this.workers = shared.workers();
        Turns turns = new Turns(shared.heavy(), System::nanoTime);
        this.screen =
                new ScreenGate(this::after, workers, shared.changers(), turns, shared.readers(), System::nanoTime);
        this.readings = new Readings(this::after, workers, shared.readers(), THREADS::getCurrentThreadCpuTime);
        this.states = shared.states();
        this.meters = shared.meters();
        this.waits = new Waits(new WaitHost(), shared.readers(), System::nanoTime, THREADS::getCurrentThreadCpuTime);
        this.commands = new ShellCommands(new ShellHost(), spec.nonce(), InstantSource.system(), System::nanoTime);
        this.runs = new Runs(new RunHost(), commands, spec.shell());
        this.recording = new SessionRecording(shared.record(), spec.record());
        this.share = states.enter(this::trim);
        this.flowAddress = shards.addressOfSession(id);
        this.cols = spec.cols();
        this.rows = spec.rows();
        this.stateCols = cols;
        this.stateRows = rows;
        this.terminal = blank();
        this.name = spec.name();
    }

    private void trim(long bytes) {
        context.runOnContext(v -> screen.change(new Trim(bytes)));
    }

    private void after(long ms, Runnable then) {
        vertx.setTimer(ms, timer -> then.run());
    }

    @Override
    public Future<?> start() {
        bus = HubBus.of(vertx, config());
        KeptSession before = kept;
        return workers.executeBlocking(before == null ? this::begin : () -> adopt(before), false)
                .compose(this::opened)
                .onFailure(cause -> abandon());
    }

    private Pty begin() throws IOException {
        return backend.start(spec.pty(), new Listener(), context().nettyEventLoop());
    }

    /** On a worker, before anything of the session is on its event loop. */
    private Pty adopt(KeptSession before) throws IOException {
        JsonObject state = before.facts().getJsonObject("state");
        stateBytes = state.getLong("offset");
        stateCols = KeptSession.size(state, "cols");
        stateRows = KeptSession.size(state, "rows");
        terminal = blank();
        terminal.feed(before.screen(), 0, before.screen().length);
        commands.restore(before.facts().getJsonObject("commands"));
        Optional.ofNullable(before.facts().getJsonObject("lease")).ifPresent(lease::restore);
        SessionMessage.Kept output = before.held();
        outputBytes = output.from() + output.output().length();
        exit = before.exit().orElse(null);
        Optional<KeptPty> master = before.pty();
        if (master.isEmpty() && exit == null) {
            throw new IllegalArgumentException("it has neither a terminal nor an exit");
        }
        return master.isPresent()
                ? backend.adopt(master.get(), new Listener(), context().nettyEventLoop())
                : new EndedPty(before.facts().getLong("pid"), before.facts().getString("device"));
    }

    /** What fails to start is not stopped by Vert.x. */
    private void abandon() {
        share.leave();
        if (pty != null) {
            end().onComplete(ended -> LOG.debug("session {} did not start", id));
        }
    }

    private Future<?> opened(Pty started) {
        pty = started;
        held = new HeldOutput(bus(), flowAddress, id);
        SessionCommands commands = new SessionCommands(this);
        Future<Void> control = bus().<Object>localConsumer(Addresses.sessionControl(id), this::control)
                .completion();
        Future<Void> commanded = bus().<Object>consumer(Addresses.session(id), commands::received)
                .completion();
        LocalSessions.of(vertx).opened(id);
        if (kept == null) {
            created(started);
        } else {
            goOnWith(kept);
            kept = null;
        }
        if (exit == null && recording.isWanted()) {
            record(true, true).onFailure(cause -> LOG.warn("session {} is not recorded: {}", id, cause.getMessage()));
        }
        return Future.all(control, commanded);
    }

    private void created(Pty started) {
        toFlow(new FlowMessage.SessionOpened(id));
        readWhenWatched();
        event("session.created");
        typeInitialCommands();
        LOG.info(
                "session {} created: pid {}, {}, {}",
                id,
                started.pid(),
                started.device(),
                spec.command().get(0));
    }

    private void readWhenWatched() {
        if (spec.waitForSubscriber()) {
            vertx.setTimer(FIRST_SUBSCRIBER_MILLIS, timer -> read());
        } else {
            read();
        }
    }

    /** What its state had not taken in is in the held output. */
    private void goOnWith(KeptSession before) {
        SessionMessage.Kept output = before.held();
        toFlow(new FlowMessage.SessionKept(id, output));
        int taken = (int) Math.min(Math.max(0, stateBytes - output.from()), before.output().length);
        stateBytes = output.from() + taken;
        if (taken < before.output().length) {
            screen.change(new Feed(Arrays.copyOfRange(before.output(), taken, before.output().length), false));
        }
        share.holds(terminal.stateBytes() + commands.bytes());
        awaitLeaseEnd();
        if (exit != null) {
            toFlow(new FlowMessage.Exited(id, exit.code(), exit.signal()));
            screen.change(new Farewell());
        } else if (before.facts().getBoolean("read")) {
            read();
        } else {
            readWhenWatched();
        }
        if (cols != stateCols || rows != stateRows) {
            resizes.ask();
        }
    }

    boolean isSuspended() {
        return suspended;
    }

    /** Nothing comes and nothing goes any more, though what has come may change its state still. */
    private Future<Void> suspend() {
        suspended = true;
        return Future.fromCompletionStage(pty().suspend(), context);
    }

    private void goOn() {
        suspended = false;
        screen.freeze(false);
        pty().resume();
    }

    /** Once it is suspended nothing changes from here on. */
    private Future<KeptSession> keep() {
        return screen.read(() -> BoundedSnapshot.ansi(terminal, terminal.scrollbackSize(), MAX_KEPT_BYTES)
                        .bytes())
                .map(state -> {
                    screen.freeze(suspended);
                    return new KeptSession(facts(), state, new byte[0]);
                })
                .compose(state -> held().kept().map(output -> {
                    state.facts().put("held", KeptSession.of(output));
                    pty().keep().ifPresent(master -> state.facts().put("pty", KeptSession.of(master)));
                    return new KeptSession(
                            state.facts(), state.screen(), output.output().bytes());
                }));
    }

    private JsonObject facts() {
        JsonObject facts = new JsonObject()
                .put("id", id)
                .put("name", name)
                .put("createdAt", createdAt.toString())
                .put("size", KeptSession.size(cols, rows))
                .put("state", KeptSession.size(stateCols, stateRows).put("offset", stateBytes))
                .put("read", read)
                .put("pid", pty().pid())
                .put("device", pty().device())
                .put("commands", commands.kept());
        KeptSession.put(facts, spec);
        facts.put("recorded", recording.told().isPresent());
        lease.kept().ifPresent(held -> facts.put("lease", held));
        if (exit != null) {
            facts.put("exit", KeptSession.exit(exit));
        }
        return facts;
    }

    private void typeInitialCommands() {
        byte[] lines = spec.initialCommands().stream()
                .map(line -> line + "\r")
                .collect(Collectors.joining())
                .getBytes(StandardCharsets.UTF_8);
        if (lines.length > 0) {
            typeWhenRead(lines);
        }
    }

    private void typeWhenRead(byte[] bytes) {
        if (!pty().writeWhenRead(bytes)) {
            throw inputQueueFull(bytes.length);
        }
        commands.typed(bytes);
    }

    /** From now on the PTY is read. Its end is noticed by reading only. */
    private void read() {
        if (!read) {
            read = true;
            pty().request(1);
        }
    }

    @Override
    public Future<?> stop() {
        return end();
    }

    /** Done when no worker looks at the session any more. */
    private Future<Void> end() {
        waits.close();
        runs.close();
        readings.close();
        Future<Void> read = screen.close();
        share.leave();
        pty().close();
        LocalSessions.of(vertx).closed(id);
        toFlow(new FlowMessage.Removed(id));
        return read;
    }

    String id() {
        return id;
    }

    /** What the program asked the terminal for, as far as the output was taken in. */
    Modes modes() {
        return terminal.modes();
    }

    /** How much the program has put out. */
    long outputBytes() {
        return outputBytes;
    }

    /** The session as clients see it. */
    JsonObject info() {
        JsonObject info = info(new JsonObject().put("command", spec.command()));
        lease.toldWithTime().ifPresent(held -> info.put("lease", held));
        return info;
    }

    /** The same as listings and events have it: a long command is shortened, and marked. */
    JsonObject brief() {
        return info(ShortCommand.of(spec.command()));
    }

    private JsonObject info(JsonObject command) {
        JsonObject info = new JsonObject()
                .put("id", id)
                .put("name", name)
                .put("pid", pty().pid())
                .put("pty", pty().device())
                .put("node", node)
                .put("cols", cols)
                .put("rows", rows)
                .mergeIn(command)
                .put("cwd", cwd())
                .put("createdAt", createdAt.toString())
                .put("state", exit == null ? "running" : "exited")
                .put("title", terminal.title())
                .put("subscribers", subscribers)
                .put("outputBytes", outputBytes);
        if (exit != null) {
            info.put("exit", KeptSession.exit(exit));
        }
        lease.told().ifPresent(held -> info.put("lease", held));
        recording.told().ifPresent(being -> info.put("recording", being));
        if (spec.viewersMayBlock()) {
            info.put("viewersMayBlock", true);
        }
        return info;
    }

    /** Queues input for the child; it also flushes what waits for the one who typed it: an interrupt all, else what is late. */
    void input(byte[] bytes, Optional<String> connection) {
        running();
        boolean shown = recording.takesInput() && !pty().hidesInput();
        if (!pty().write(bytes)) {
            throw inputQueueFull(bytes.length);
        }
        meters.input(bytes.length);
        if (meters.areOn() && typedAt == 0) {
            typedAt = System.nanoTime();
        }
        lease.typed(connection.orElse(""));
        commands.typed(bytes);
        if (shown) {
            toFlow(new FlowMessage.Entered(id, bytes));
        }
        if (connection.isPresent() && Interrupts.in(bytes)) {
            toFlow(new FlowMessage.Interrupted(id, connection.get()));
        } else if (connection.isPresent() && lags) {
            toFlow(new FlowMessage.Typed(id, connection.get()));
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
        meters.input(bytes.length);
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

    /** The newest size counts: the PTY and its subscribers get it at once, or after the rest of the one before. */
    void resize(int newCols, int newRows) {
        running();
        cols = newCols;
        rows = newRows;
        resizes.ask();
    }

    private void resizeNow(Consumer<Long> done) {
        if (exit == null) {
            pty().resize(cols, rows);
        }
        toFlow(new FlowMessage.Resized(id, cols, rows));
        event("session.resized");
        waits.resizes();
        screen.change(new Resize(cols, rows, done));
        waits.resized();
    }

    void signal(String signal) {
        running();
        pty().signal(signal);
    }

    void kill() {
        running();
        read();
        pty().kill();
        lastOutputs();
        after(settings.killGrace().toMillis() + DEATH_MILLIS, this::lastOutputs);
    }

    /** The end comes behind the output, and may not wait until the state of the terminal has taken in expensive output. */
    private void lastOutputs() {
        if (exit == null) {
            request(credit.ahead(LAST_OUTPUTS));
        }
    }

    void clear() {
        clears.ask();
    }

    private void clearNow() {
        toFlow(new FlowMessage.Cleared(id));
        screen.change(new Clear());
    }

    void rename(String newName) {
        name = newName;
        renames.ask();
    }

    /** The screen with so many lines of scrollback, as ANSI or plain text. */
    Future<JsonObject> snapshot(int scrollbackLines, boolean text) {
        return screen.readForClient(() -> {
            JsonObject told = new JsonObject()
                    .put("cols", stateCols)
                    .put("rows", stateRows)
                    .put("offset", stateBytes)
                    .put("cursorX", terminal.cursorX())
                    .put("cursorY", terminal.cursorY())
                    .put("alternateScreen", terminal.alternateScreen())
                    .put("scrollbackLines", terminal.scrollbackSize())
                    .put("title", terminal.title())
                    .put("cwd", cwd());
            if (text) {
                return told.put("data", BoundedSnapshot.text(terminal, scrollbackLines, MAX_SNAPSHOT_BYTES));
            }
            BoundedSnapshot.Result written = BoundedSnapshot.ansi(terminal, scrollbackLines, MAX_SNAPSHOT_BYTES);
            if (written.detail() != Detail.ALL) {
                told.put("without", written.detail() == Detail.NO_LINKS ? "links" : "attributes");
            }
            return told.put("data", new String(written.bytes(), StandardCharsets.UTF_8));
        });
    }

    Lease lease() {
        return lease;
    }

    /**
     * What comes next is recorded, or no more; the answer to {@code record}.
     *
     * @param mayEnd whoever asks may end what {@code record.sessions} = all has begun
     */
    Future<JsonObject> record(boolean on, boolean mayEnd) {
        running();
        recording.check(on, mayEnd);
        FlowMessage wanted = new FlowMessage.Record(id, on, cols, rows, name, spec.command());
        return bus().<JsonObject>request(flowAddress, wanted, LOCAL).map(Message::body);
    }

    /** Somebody drives from now on, or goes on; the answer to {@code lease}. */
    JsonObject take(Lease.Driver driver, Fields fields) {
        running();
        Lease.Taken taken = lease.take(driver, fields);
        taken.lost().ifPresent(lost -> released(lost, "taken"));
        leases.ask();
        awaitLeaseEnd();
        if (taken.begun()) {
            event("session.leased");
        }
        return taken.answer();
    }

    private void awaitLeaseEnd() {
        leaseEnd.ifPresent(vertx::cancelTimer);
        leaseEnd = lease.leftMs() == 0
                ? OptionalLong.empty()
                : OptionalLong.of(vertx.setTimer(lease.leftMs(), timer -> {
                    lease.expire().ifPresent(over -> {
                        released(over, "expired");
                        leases.ask();
                    });
                    awaitLeaseEnd();
                }));
    }

    /** False where it was not theirs. */
    boolean release(Lease.Driver driver) {
        Optional<JsonObject> released = lease.release(driver);
        released.ifPresent(one -> {
            released(one, "released");
            leases.ask();
            awaitLeaseEnd();
        });
        return released.isPresent();
    }

    private void released(JsonObject held, String reason) {
        released = new JsonObject().put("was", held).put("reason", reason);
        publish(eventBody("session.released").put("lease", held).put("reason", reason));
    }

    private void tellLease() {
        JsonObject body = released;
        released = new JsonObject();
        lease.toldWithTime().ifPresent(now -> body.put("lease", now));
        toFlow(new FlowMessage.Told(id, Delivery.Kind.LEASE, outputBytes, body));
    }

    /** See {@code read} in docs/protocol.md. */
    Future<JsonObject> read(Fields fields) {
        return reads().read(fields, outputBytes);
    }

    private OutputReads reads() {
        return new OutputReads(held(), readings);
    }

    /** Answers when something of what is asked for happens, or the time is over. */
    Future<JsonObject> await(WaitSpec spec, String connection) {
        return waits.begin(spec, connection);
    }

    /** Ends what a connection waits for here; returns how many that were. */
    int cancelWaits(String connection) {
        return waits.cancel(connection) + runs.cancel(connection);
    }

    ShellCommands commands() {
        return commands;
    }

    /** What a command has put out, as far as it is held. */
    Future<JsonObject> commandOutput(ShellCommand command, Fields fields) {
        return reads().ofCommand(
                        command.outputFrom(),
                        command.ended() ? command.outputTo() : outputBytes,
                        OutputReads.maxBytes(fields),
                        OutputReads.isText(fields))
                .map(output -> output.put("id", command.id()));
    }

    /** Has the shell run a command; see {@code run} in docs/protocol.md. */
    Future<JsonObject> run(RunSpec command, Lease.Driver driver) {
        running();
        return runs.run(command, driver.connection(), () -> lease.check(driver));
    }

    private HeldOutput held() {
        return Objects.requireNonNull(held, "the session has not started");
    }

    private void control(Message<Object> message) {
        if (message.body() instanceof SessionMessage.OutputTaken taken) {
            lags = taken.lags();
            request(credit.taken(taken.count()));
        } else if (message.body() instanceof SessionMessage.SubscriberCount count) {
            subscribers = count.count();
        } else if (message.body() instanceof SessionMessage.RecordingBegun begun) {
            recording.begun(begun.recording());
            publish(eventBody("recording.started").put("recording", begun.recording()));
        } else if (message.body() instanceof SessionMessage.RecordingEnded ended) {
            recording.ended(ended.recording());
            publish(eventBody("recording.ended")
                    .put("recording", ended.recording())
                    .put("reason", ended.reason()));
        } else if (message.body() instanceof SessionMessage.SubscriberListens) {
            lags = true;
            read();
        } else if (message.body() instanceof SessionMessage.SnapshotWanted wanted) {
            boolean quick = wanted.scrollbackLines() == 0 && stateCols * stateRows <= QUICK_CELLS;
            (quick ? screen.readQuickly(() -> snapshot(wanted)) : screen.read(() -> snapshot(wanted)))
                    .onSuccess(snapshot -> message.reply(snapshot, LOCAL));
        } else if (message.body() instanceof Keeping.Suspend suspend) {
            if (suspend.on()) {
                answer(message, suspend().map(new JsonObject()));
            } else {
                goOn();
                message.reply(new JsonObject());
            }
        } else if (message.body() instanceof Keeping.KeepOne) {
            answer(message, keep());
        }
    }

    private static void answer(Message<Object> message, Future<?> answer) {
        answer.onSuccess(done -> message.reply(done, LOCAL))
                .onFailure(cause -> message.fail(ErrorCode.INTERNAL.code(), String.valueOf(cause.getMessage())));
    }

    private SessionMessage.Snapshot snapshot(SessionMessage.SnapshotWanted wanted) {
        int all = Math.min(wanted.scrollbackLines(), terminal.scrollbackSize());
        BoundedSnapshot.Result state = BoundedSnapshot.ansi(terminal, all, wanted.wantedBytes(), wanted.maxBytes());
        return new SessionMessage.Snapshot(
                stateBytes, stateCols, stateRows, Payload.of(state.bytes()), state.lines() == all);
    }

    private void request(int outputs) {
        if (outputs > 0) {
            pty().request(outputs);
        }
    }

    /** Subscribers first: the terminal's state follows, at most a window behind. */
    private void output(byte[] bytes) {
        outputBytes += bytes.length;
        if (typedAt != 0) {
            meters.answered(System.nanoTime() - typedAt);
            typedAt = 0;
        }
        said.accept(bytes.length);
        toFlow(new FlowMessage.Output(id, Payload.of(bytes), outputBytes));
        screen.change(new Feed(bytes, true));
        waits.printed();
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
        Terminal blank = new Terminal(
                stateCols, stateRows, settings.scrollbackLines(), settings.stateBytes(), new TerminalEvents());
        blank.answerChecksums(settings.checksums());
        return blank;
    }

    /** The directory that the program told last (OSC 7), or the one it was started in. */
    private String cwd() {
        return terminal.cwd().isEmpty() ? spec.directory().toString() : terminal.cwd();
    }

    private void exited(ExitStatus status) {
        exit = status;
        meters.exited(status);
        toFlow(new FlowMessage.Exited(id, status.code(), status.signal()));
        event("session.exited");
        LOG.info(
                "session {} exited: code {}{}",
                id,
                status.code(),
                status.signal().map(s -> ", " + s).orElse(""));
        screen.change(new Farewell());
        waits.exited();
        bus().send(HubVerticle.INTERNAL_ADDRESS, new SessionEnded(id), LOCAL);
    }

    private void typedUnread(Untimely what) {
        LOG.warn(
                "session {}: {} typed though the program does not read",
                id,
                what == Untimely.LINE ? "a line of more than 4095 bytes was, in pieces," : "its initial commands were");
        publish(eventBody("session.unread").put("input", what.toString()));
    }

    private void running() {
        if (exit != null) {
            throw new HubException(ErrorCode.EXITED, "session has exited: " + id);
        }
    }

    /** Publishes an event with the whole session in it. */
    void event(String event) {
        publish(eventBody(event));
    }

    private JsonObject eventBody(String event) {
        return new JsonObject().put("event", event).put("session", id).put("info", brief());
    }

    private void publish(JsonObject event) {
        bus().publish(Addresses.EVENTS, event, LOCAL);
    }

    private void toFlow(FlowMessage message) {
        bus().send(flowAddress, message, LOCAL);
    }

    private EventBus bus() {
        return Objects.requireNonNull(bus, "the session has not started");
    }

    private Pty pty() {
        return Objects.requireNonNull(pty, "the session has not started");
    }

    /** What the terminal answered during one step, sent as one: a program may ask with every third byte. */
    private final class Answers {
        private final ByteArrayOutputStream waiting = new ByteArrayOutputStream();

        void add(byte[] bytes) {
            waiting.writeBytes(bytes);
        }

        void send() {
            if (waiting.size() == 0) {
                return;
            }
            if (exit == null && !pty().write(waiting.toByteArray())) {
                LOG.debug("session {}: the child does not read, answers of the terminal are dropped", id);
            }
            waiting.reset();
        }
    }

    /** Output that the state takes in. */
    private final class Feed implements ScreenGate.Change {
        private final byte[] bytes;
        private final boolean credited;
        private int at;

        /** @param credited more may come in its place */
        Feed(byte[] bytes, boolean credited) {
            this.bytes = bytes;
            this.credited = credited;
        }

        @Override
        public int go() {
            int before = at;
            at = bytes.length; // where a fault costs the state, it costs this output too
            follow(() -> at = terminal.feedSlice(bytes, before, bytes.length));
            stateBytes += at - before;
            commands.sliced(terminal, stateBytes);
            answers.send();
            if (isDone()) {
                share.holds(terminal.stateBytes() + commands.bytes());
                if (credited) {
                    request(credit.fed());
                }
            }
            return at - before;
        }

        @Override
        public boolean isDone() {
            return at == bytes.length && !terminal.isBusy();
        }

        @Override
        public boolean isMark() {
            return false;
        }

        @Override
        public boolean isHalfway() {
            return terminal.isBusy();
        }
    }

    /** A new size; a long scrollback is reflowed by a worker. */
    private final class Resize implements ScreenGate.Change {
        /** A reflow is followed by so many times its duration without one. */
        private static final int REST = 3;

        private final int newCols;
        private final int newRows;
        private final Consumer<Long> done;
        private volatile boolean over;

        Resize(int newCols, int newRows, Consumer<Long> done) {
            this.newCols = newCols;
            this.newRows = newRows;
            this.done = done;
        }

        @Override
        public int go() {
            long began = System.nanoTime();
            stateCols = newCols;
            stateRows = newRows;
            follow(() -> terminal.resize(newCols, newRows));
            share.holds(terminal.stateBytes());
            over = true;
            long rest = Math.max(Pace.REST_MS, REST * TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - began));
            context.runOnContext(v -> done.accept(rest));
            return 0;
        }

        @Override
        public boolean isDone() {
            return over;
        }

        @Override
        public boolean takesLong() {
            return (long) (terminal.scrollbackSize() + terminal.rows()) * Math.max(terminal.cols(), newCols)
                    > QUICK_CELLS;
        }
    }

    /** All sessions together have too much, and this one more than its share. */
    private final class Trim implements ScreenGate.Change {
        private final long bytes;
        private boolean over;

        Trim(long bytes) {
            this.bytes = bytes;
        }

        @Override
        public int go() {
            follow(() -> terminal.trim(bytes));
            share.trimmed(terminal.stateBytes());
            over = true;
            return 0;
        }

        @Override
        public boolean isDone() {
            return over;
        }

        @Override
        public boolean isMark() {
            return false;
        }
    }

    private final class Clear implements ScreenGate.Change {
        private boolean over;

        @Override
        public int go() {
            terminal.clearScrollback();
            share.holds(terminal.stateBytes());
            over = true;
            return 0;
        }

        @Override
        public boolean isDone() {
            return over;
        }
    }

    /** The program has exited, and its last output is taken in. */
    private final class Farewell implements ScreenGate.Change {
        private boolean over;

        @Override
        public int go() {
            over = true;
            commands.exited(stateBytes);
            runs.exited();
            return 0;
        }

        @Override
        public boolean isDone() {
            return over;
        }
    }

    private abstract class Timers {
        public long after(long ms, Runnable then) {
            return vertx.setTimer(ms, timer -> then.run());
        }

        public void cancel(long timer) {
            vertx.cancelTimer(timer);
        }
    }

    private final class WaitHost extends Timers implements Waits.Host {
        @Override
        public void change(ScreenGate.Change look) {
            screen.change(look);
        }

        @Override
        public Terminal terminal() {
            return terminal;
        }

        @Override
        public long offset() {
            return stateBytes;
        }

        @Override
        public Future<Void> work(Runnable task) {
            return workers.executeBlocking(Executors.callable(task, null), false);
        }

        @Override
        public boolean isTold(WaitCondition condition, Optional<Long> since) {
            if (condition instanceof WaitCondition.Command wanted) {
                return commands.find(wanted.id()).map(ShellCommand::ended).orElse(true);
            }
            return condition instanceof WaitCondition.Prompt && commands.promptsSince(since);
        }

        @Override
        public Future<ReplayReading.Shown> replay(long from, long to, BooleanSupplier wanted) {
            return readings.read(
                    () -> held().between(from, to)
                            .map(held -> new ReplayReading(
                                    held, cols, rows, settings.scrollbackLines(), settings.stateBytes(), states)),
                    wanted);
        }
    }

    private final class ShellHost implements ShellCommands.Host {
        @Override
        public boolean editsLines() {
            return pty().editsLines();
        }

        @Override
        public String cwd() {
            return SessionVerticle.this.cwd();
        }

        @Override
        public void tell(String event, ShellCommand command) {
            JsonObject told = command.told();
            publish(eventBody(event).put("command", told));
            JsonObject body = new JsonObject().put("event", event).put("command", told);
            toFlow(new FlowMessage.Told(id, Delivery.Kind.COMMAND, stateBytes, body));
            if (recording.told().isPresent() && !command.ended()) {
                toFlow(new FlowMessage.Marked(id, command.line().orElse("command")));
            }
        }

        @Override
        public void changed() {
            runs.goOn();
            waits.told();
        }
    }

    private final class RunHost extends Timers implements Runs.Host {
        @Override
        public void type(String line) {
            typeWhenRead(line.getBytes(StandardCharsets.UTF_8));
        }

        @Override
        public long outputBytes() {
            return outputBytes;
        }

        @Override
        public Future<JsonObject> text(long from, long to, int maxBytes) {
            return reads().ofCommand(from, to, maxBytes, true);
        }
    }

    /** Called while the terminal is fed, on the event loop. */
    private final class TerminalEvents implements TerminalListener {
        @Override
        public void reply(byte[] bytes) {
            if (answers()) {
                answers.add(bytes);
            }
        }

        /** Once for each kind; on a worker where a resize leads to it. */
        @Override
        public void stateCut(Cut what) {
            synchronized (cuts) {
                if (!cuts.add(what)) {
                    return;
                }
            }
            LOG.warn(
                    "session {}: its screen would take more than session.stateBytes = {} or its share of the memory:"
                            + " {} were dropped",
                    id,
                    settings.stateBytes(),
                    what.toString().toLowerCase(Locale.ROOT));
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
            if (!titleIsNews && pty != null) {
                titleIsNews = true;
                vertx.setTimer(TITLE_NEWS_MILLIS, timer -> {
                    titleIsNews = false;
                    event("session.titled");
                });
            }
        }

        @Override
        public long marked(ShellMark mark) {
            return kept == null ? commands.takes(mark, terminal.alternateScreen()) : mark.command();
        }

        @Override
        public void bell() {
            // Clients hear it in the stream.
        }
    }

    private ContextInternal context() {
        return (ContextInternal) context;
    }

    /** What the PTY says: on this event loop, and at once, where the backend could put it there. */
    private final class Listener implements PtyListener {
        @Override
        public void output(byte[] bytes) {
            context().emit(bytes, SessionVerticle.this::output);
        }

        @Override
        public void ended() {
            context.runOnContext(v -> lastOutputs());
        }

        @Override
        public void exited(ExitStatus status) {
            context().emit(status, SessionVerticle.this::exited);
        }

        @Override
        public void typedUnread(Untimely what) {
            context.runOnContext(v -> SessionVerticle.this.typedUnread(what));
        }
    }
}
