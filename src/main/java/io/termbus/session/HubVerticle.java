package io.termbus.session;

import static io.termbus.protocol.HubBus.LOCAL;

import io.termbus.config.RecordConfig;
import io.termbus.config.SessionConfig;
import io.termbus.guard.FairShare;
import io.termbus.guard.Joint;
import io.termbus.loop.Homes;
import io.termbus.loop.Loops;
import io.termbus.metrics.Meters;
import io.termbus.protocol.Addresses;
import io.termbus.protocol.ErrorCode;
import io.termbus.protocol.Fields;
import io.termbus.protocol.FlowShards;
import io.termbus.protocol.Headers;
import io.termbus.protocol.HubBus;
import io.termbus.protocol.HubException;
import io.termbus.protocol.HubRequests;
import io.termbus.protocol.Ids;
import io.termbus.protocol.LocalCodec;
import io.termbus.protocol.LocalMessage;
import io.termbus.protocol.Nodes;
import io.termbus.protocol.Operation;
import io.termbus.protocol.SessionPage;
import io.termbus.pty.CommandException;
import io.termbus.pty.PtyBackend;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.Vertx;
import io.vertx.core.WorkerExecutor;
import io.vertx.core.eventbus.DeliveryOptions;
import io.vertx.core.eventbus.EventBus;
import io.vertx.core.eventbus.Message;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The sessions of this node: creates them at {@code termbus.hub}, lists them, and forgets the ones that
 * exited when their retention is over. The only writer of its map; on its own event loop.
 */
public final class HubVerticle extends VerticleBase {
    static final String INTERNAL_ADDRESS = "termbus.internal.hub";

    private static final Logger LOG = LoggerFactory.getLogger(HubVerticle.class);
    /** Forks and reads of screens at a time; more would only fight for the cores. */
    private static final int WORKERS = 4;
    /** Sessions that cost much, and those whose screens are read much, may keep one of so many processors busy, each kind. */
    private static final int PROCESSORS_PER_BUSY_ONE = 4;

    /** Reflows of long scrollbacks at a time: whoever resizes waits for no more than others who do. */
    private static final int CHANGERS = 1;

    /** Whoever could not start a child is sent no new work for so long: then it is tried again. */
    private static final long EXHAUSTED_NANOS = 30_000_000_000L;

    private static final int MAX_NODE_CHARS = 64;

    /** For what takes as long as there are sessions. */
    private static final DeliveryOptions SLOW = new DeliveryOptions(LOCAL).setSendTimeout(300_000);

    private static final long STARTING_POLL_MILLIS = 5;
    /** Sessions that are in memory at a time on their way from one program to the next. */
    private static final int LANES = 2;

    private final SessionConfig settings;
    private final RecordConfig record;
    private final PtyBackend backend;
    private final FlowShards shards;
    private final int perUser;
    private final ChildRules rules;
    private final ChildEnvironment environment;
    private final Optional<Path> shellFiles;
    private final Nodes nodes;
    private final Loops loops;
    private final Homes homes;
    private final HubRequests requests;
    private final SessionMeters meters;
    /** By session id, oldest first. */
    private final Map<String, Entry> sessions = new LinkedHashMap<>();

    private final SessionNews news = new SessionNews();

    private final Joint<List<JsonObject>> listing = new Joint<>(this::infos);
    private int running;
    /** The hub's program changes. */
    private boolean suspended;
    /** It was told to take no new sessions. */
    private boolean draining;
    /** When a child could not be started for want of a terminal, a process, a descriptor; empty: the last one could. */
    private OptionalLong exhaustedAt = OptionalLong.empty();

    private @Nullable WorkerExecutor workers;
    private @Nullable SessionResources resources;
    /** Who waits for the end of all sessions; not empty once the hub shuts down. */
    private final List<Message<?>> drained = new ArrayList<>();

    /**
     * @param nodes with others among them it answers for this node's sessions only, at {@link Addresses#nodeHub}
     * @param version that children are told
     * @param environment the hub's own environment, which children inherit in part
     * @param shellFiles directory that it may have files for shells in, which need not be there; empty: none
     * @param meters of the hub
     */
    public HubVerticle(
            Nodes nodes,
            String version,
            SessionConfig settings,
            RecordConfig record,
            PtyBackend backend,
            Loops loops,
            FlowShards shards,
            Map<String, String> environment,
            Optional<Path> shellFiles,
            Meters meters) {
        this.nodes = nodes;
        this.shellFiles = shellFiles;
        this.meters = new SessionMeters(meters);
        this.perUser = settings.maxPerUser();
        this.rules = new ChildRules(settings.child());
        this.settings = settings;
        this.record = record;
        this.backend = backend;
        this.loops = loops;
        this.homes = new Homes(loops.count());
        this.shards = shards;
        this.environment =
                new ChildEnvironment(environment, version, settings.child().keepEnvironment());
        this.requests = new HubRequests(
                () -> bus(),
                Map.of(
                        Operation.HUB_INFO,
                        message -> Future.succeededFuture(new JsonObject().put("node", nodes.self())),
                        Operation.CREATE,
                        this::createAndCount,
                        Operation.LIST,
                        this::list,
                        Operation.KILL_ALL,
                        message -> killAll(),
                        Operation.NODES,
                        message -> Future.succeededFuture(new JsonObject().put("nodes", new JsonArray().add(load()))),
                        Operation.DRAIN,
                        this::drain));
    }

    @Override
    public Future<?> start() {
        LocalCodec.register(bus(), SessionEnded.class);
        LocalCodec.register(bus(), Drain.class);
        LocalCodec.register(bus(), Keeping.Suspend.class);
        LocalCodec.register(bus(), Keeping.Keep.class);
        LocalCodec.register(bus(), Keeping.KeepOne.class);
        LocalCodec.register(bus(), KeptSession.class);
        LocalCodec.register(bus(), Keeping.Adopt.class);
        workers = vertx.createSharedWorkerExecutor(HubBus.named(config(), "sessions"), WORKERS);
        resources = new SessionResources(
                new FairShare(Runtime.getRuntime().availableProcessors(), PROCESSORS_PER_BUSY_ONE),
                new FairShare(Runtime.getRuntime().availableProcessors(), PROCESSORS_PER_BUSY_ONE),
                StatePool.ofHeap(Runtime.getRuntime().maxMemory()),
                workers(),
                vertx.createSharedWorkerExecutor(HubBus.named(config(), "reflow"), CHANGERS),
                record,
                meters);
        return Future.all(
                (nodes.isCluster()
                                ? bus().consumer(Addresses.nodeHub(nodes.self()), requests::received)
                                : bus().localConsumer(Addresses.HUB, requests::received))
                        .completion(),
                bus().localConsumer(
                                Addresses.LOAD,
                                message -> message.reply(load().put("exited", sessions.size() - running)
                                        .put("exhausted", isExhausted())))
                        .completion(),
                bus().<LocalMessage>localConsumer(INTERNAL_ADDRESS, this::internal)
                        .completion());
    }

    @Override
    public Future<?> stop() {
        return workers().close();
    }

    /**
     * Ends every session of the node and refuses new ones: HUP to all, KILL after the grace period. Any
     * thread may call.
     *
     * @return completes when no child is left, fails where that takes longer than {@code timeout}
     */
    public static Future<Void> drain(Vertx vertx, Duration timeout) {
        return drain(vertx.eventBus(), timeout);
    }

    /** @param bus of the hub */
    public static Future<Void> drain(EventBus bus, Duration timeout) {
        DeliveryOptions options = new DeliveryOptions(LOCAL).setSendTimeout(timeout.toMillis());
        return bus.request(INTERNAL_ADDRESS, new Drain(), options).mapEmpty();
    }

    /** Every session stands still: nothing is read, nothing is typed, none is created. Until it is off again. */
    public static Future<Void> suspend(EventBus bus, boolean on) {
        return bus.request(INTERNAL_ADDRESS, new Keeping.Suspend(on), LOCAL).mapEmpty();
    }

    /**
     * Writes all sessions down; where they are not suspended, only to see whether that is possible.
     *
     * @return how many
     */
    public static Future<Integer> keep(EventBus bus, StateOutput to) {
        return bus.<JsonObject>request(INTERNAL_ADDRESS, new Keeping.Keep(to), SLOW)
                .map(answer -> answer.body().getInteger("sessions"));
    }

    /** Goes on with the sessions that were written down; to be called before anybody can ask for one. */
    public static Future<JsonObject> adopt(EventBus bus, StateInput from) {
        return bus.<JsonObject>request(INTERNAL_ADDRESS, new Keeping.Adopt(from), SLOW)
                .map(Message::body);
    }

    private void internal(Message<LocalMessage> message) {
        if (message.body() instanceof SessionEnded over) {
            ended(over.session());
        } else if (message.body() instanceof Drain) {
            drained.add(message);
            runningIds().forEach(this::kill);
            replyIfDrained();
        } else if (message.body() instanceof Keeping.Suspend suspend) {
            suspended = suspend.on();
            answer(message, suspend());
        } else if (message.body() instanceof Keeping.Keep keep) {
            answer(message, keep(keep.to()));
        } else if (message.body() instanceof Keeping.Adopt adopt) {
            answer(message, adopt(adopt.from()));
        }
    }

    private static void answer(Message<?> message, Future<JsonObject> answer) {
        answer.onSuccess(message::reply)
                .onFailure(cause -> message.fail(ErrorCode.INTERNAL.code(), String.valueOf(cause.getMessage())));
    }

    /** Those that are being created are waited for. */
    private Future<JsonObject> suspend() {
        if (sessions.values().stream().anyMatch(each -> each.deployment == null)) {
            return vertx.timer(STARTING_POLL_MILLIS, TimeUnit.MILLISECONDS).compose(fired -> suspend());
        }
        return Future.join(sessions.keySet().stream().map(this::suspend).toList())
                .map(new JsonObject());
    }

    private Future<JsonObject> suspend(String id) {
        return bus().<JsonObject>request(Addresses.sessionControl(id), new Keeping.Suspend(suspended), LOCAL)
                .map(Message::body)
                .recover(cause -> sessions.containsKey(id)
                        ? Future.failedFuture(cause)
                        : Future.succeededFuture(new JsonObject()));
    }

    private Future<JsonObject> keep(StateOutput to) {
        List<String> ids = List.copyOf(sessions.keySet());
        Iterator<String> left = ids.iterator();
        return workers()
                .executeBlocking(() -> {
                    to.begin(ids);
                    return ids.size();
                })
                .compose(begun -> inLanes(() -> left.hasNext() ? Optional.of(keep(to, left.next())) : Optional.empty()))
                .map(kept -> new JsonObject().put("sessions", ids.size()));
    }

    private Future<Void> keep(StateOutput to, String id) {
        return bus().<KeptSession>request(Addresses.sessionControl(id), new Keeping.KeepOne(), LOCAL)
                .map(answer -> Optional.of(withEntry(id, answer.body())))
                .otherwise(Optional.empty())
                .compose(kept -> workers().executeBlocking(() -> {
                    if (kept.isPresent()) {
                        to.write(kept.get());
                    } else {
                        LOG.warn("session {} is not kept", id);
                        to.skip();
                    }
                    return null;
                }));
    }

    private KeptSession withEntry(String id, KeptSession kept) {
        Entry entry = Objects.requireNonNull(sessions.get(id), "it has ended");
        if (entry.user != null) {
            kept.facts().put("user", entry.user);
        }
        if (entry.exited) {
            long left = entry.forgetAt - System.nanoTime();
            kept.facts().put("retentionMs", Math.max(1, TimeUnit.NANOSECONDS.toMillis(left)));
        }
        return kept;
    }

    /** Steps that take a worker and the loop by turns, a few at a time; all are done where one fails. */
    private static Future<Void> inLanes(Supplier<Optional<Future<Void>>> steps) {
        return Future.join(
                        IntStream.range(0, LANES).mapToObj(lane -> lane(steps)).toList())
                .mapEmpty();
    }

    private static Future<Void> lane(Supplier<Optional<Future<Void>>> steps) {
        return steps.get().map(step -> step.compose(done -> lane(steps))).orElseGet(Future::succeededFuture);
    }

    private Future<JsonObject> adopt(StateInput from) {
        from.sessions().forEach(id -> {
            Entry entry = new Entry(shards.shardOfSession(id));
            sessions.put(id, entry);
            homes.takeAt(entry.home);
            running++;
        });
        return inLanes(() -> from.hasNext() ? Optional.of(adoptNext(from)) : Optional.empty())
                .recover(lost -> {
                    LOG.error("the rest of the state that was kept is lost: {}", lost.getMessage());
                    return Future.succeededFuture();
                })
                .map(done -> {
                    List<String> dropped = sessions.entrySet().stream()
                            .filter(each -> each.getValue().deployment == null)
                            .map(Map.Entry::getKey)
                            .toList();
                    dropped.forEach(id -> {
                        LOG.error("session {} is lost", id);
                        notDeployed(id, sessions.get(id));
                    });
                    backend.adopted();
                    return new JsonObject().put("kept", sessions.size()).put("dropped", dropped.size());
                });
    }

    /** One that cannot be is left out. */
    private Future<Void> adoptNext(StateInput from) {
        return workers().executeBlocking(from::next).compose(next -> {
            if (next.isEmpty()) {
                return Future.<Void>succeededFuture();
            }
            KeptSession kept = next.get();
            return Future.succeededFuture(kept).compose(this::adopt).recover(cause -> {
                LOG.error("a session cannot go on", cause);
                return Future.succeededFuture();
            });
        });
    }

    private Future<Void> adopt(KeptSession kept) {
        String id = kept.id();
        Entry entry = Objects.requireNonNull(sessions.get(id), "it is not in the list");
        if (entry.deployment != null) {
            throw new IllegalArgumentException("it is there twice");
        }
        SessionVerticle session = new SessionVerticle(
                id,
                nodes.self(),
                kept.spec(environment),
                kept,
                settings,
                backend,
                shards,
                resources(),
                count -> homes.output(entry.home, count));
        entry.user = kept.facts().getString("user");
        return loops.deploy(entry.home, session, new DeploymentOptions().setConfig(config()))
                .map(deployment -> {
                    entry.deployment = deployment;
                    if (kept.exit().isPresent()) {
                        ended(id, kept.facts().getLong("retentionMs"));
                    }
                    return null;
                });
    }

    private void replyIfDrained() {
        if (running == 0) {
            drained.forEach(waiting -> waiting.reply(new JsonObject()));
        }
    }

    /** How full this node is. */
    private JsonObject load() {
        return new JsonObject()
                .put("node", nodes.self())
                .put("running", running)
                .put("max", settings.max())
                .put("draining", draining || !drained.isEmpty());
    }

    private boolean isExhausted() {
        return exhaustedAt.isPresent() && System.nanoTime() - exhaustedAt.getAsLong() < EXHAUSTED_NANOS;
    }

    /** From now on it takes no new sessions, or does again; those that run go on. */
    private Future<JsonObject> drain(Message<Object> message) {
        Fields fields = Fields.of(message.body());
        mustBeHere(fields);
        draining = fields.flagOr("on", true);
        LOG.info("{}: {} sessions run", draining ? "no new sessions are taken" : "new sessions are taken", running);
        return Future.succeededFuture(load());
    }

    private void mustBeHere(Fields fields) {
        fields.text("node", MAX_NODE_CHARS)
                .filter(wanted -> !wanted.equals(nodes.self()))
                .ifPresent(other -> {
                    throw HubException.notFound("no such node: " + other);
                });
    }

    /** The event loop of the connection that asks, where it is one of this node's. */
    private OptionalInt loopOf(Message<Object> message) {
        String number = message.headers().get(Headers.LOOP);
        return number == null
                ? OptionalInt.empty()
                : IntStream.of(Integer.parseInt(number))
                        .filter(loop -> loop < loops.count())
                        .findFirst();
    }

    private Future<JsonObject> createAndCount(Message<Object> message) {
        return Future.succeededFuture(message)
                .compose(this::create)
                .recover(HubVerticle::notStarted)
                .onComplete(meters::created);
    }

    private Future<JsonObject> create(Message<Object> message) {
        Fields fields = Fields.of(message.body());
        String user = message.headers().get(Headers.USER);
        OptionalInt wanted = loopOf(message);
        mustBeHere(fields);
        SessionSpec spec = SessionSpec.of(fields, environment, shellFiles);
        rules.checkProgram(spec);
        if (spec.record()) {
            SessionRecording.mustBeOn(record);
        }
        if (!rules.hasDirectories()) {
            return create(spec, user, wanted);
        }
        return workers()
                .executeBlocking(() -> rules.checkDirectory(spec), false)
                .compose(allowed -> create(spec, user, wanted));
    }

    private long runningOf(String user) {
        return sessions.values().stream()
                .filter(each -> !each.exited && user.equals(each.user))
                .count();
    }

    private Future<JsonObject> create(SessionSpec spec, @Nullable String user, OptionalInt wanted) {
        if (!drained.isEmpty()) {
            throw new HubException(ErrorCode.UNAVAILABLE, "the hub is shutting down");
        }
        if (suspended) {
            throw new HubException(ErrorCode.UNAVAILABLE, "the hub restarts");
        }
        if (draining) {
            throw new HubException(
                    ErrorCode.UNAVAILABLE, nodes.self() + " takes no new sessions: it was told to drain");
        }
        if (running >= settings.max()) {
            throw HubException.limit("session.max", "all " + settings.max() + " sessions of this node are taken");
        }
        if (perUser > 0 && user != null && runningOf(user) >= perUser) {
            throw HubException.limit("session.maxPerUser", "you have " + perUser + " sessions already");
        }
        Entry entry = new Entry(homes.take(wanted));
        String id = Ids.ofSession(nodes.self(), entry.home);
        entry.user = user;
        sessions.put(id, entry);
        running++;
        SessionVerticle session = new SessionVerticle(
                id,
                nodes.self(),
                spec,
                settings,
                backend,
                shards,
                resources(),
                count -> homes.output(entry.home, count));
        return loops.deploy(entry.home, session, new DeploymentOptions().setConfig(config()))
                .onSuccess(deployment -> deployed(id, entry, deployment))
                .onSuccess(deployment -> exhaustedAt = OptionalLong.empty())
                .onFailure(cause -> {
                    if (cause instanceof IOException && !(cause instanceof CommandException)) {
                        exhaustedAt = OptionalLong.of(System.nanoTime());
                    }
                    notDeployed(id, entry);
                })
                .compose(deployment -> ask(id, Operation.INFO));
    }

    private void deployed(String id, Entry entry, String deployment) {
        entry.deployment = deployment;
        if (!sessions.containsKey(id)) {
            undeploy(id, deployment);
        } else if (!drained.isEmpty()) {
            kill(id);
        }
    }

    private void notDeployed(String id, Entry entry) {
        sessions.remove(id);
        vertx.cancelTimer(entry.retention);
        // its child may have ended before that was told
        if (!entry.exited) {
            countOut(entry);
        }
    }

    private void countOut(Entry entry) {
        entry.exited = true;
        homes.leave(entry.home);
        running--;
        replyIfDrained();
    }

    /** A session's child has ended: it stays listed for a while, but only so many such sessions do. */
    private void ended(String id) {
        ended(id, Math.max(1, settings.exitedRetention().toMillis()));
    }

    private void ended(String id, long retentionMs) {
        Entry entry = sessions.get(id);
        if (entry == null || entry.exited) {
            return;
        }
        countOut(entry);
        entry.forgetAt = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(retentionMs);
        entry.retention = vertx.setTimer(retentionMs, timer -> forget(id));
        List<String> retained = sessions.entrySet().stream()
                .filter(each -> each.getValue().exited)
                .map(Map.Entry::getKey)
                .toList();
        retained.stream().limit(Math.max(0, retained.size() - settings.max())).forEach(this::forget);
    }

    private void forget(String id) {
        Entry entry = sessions.remove(id);
        if (entry != null) {
            vertx.cancelTimer(entry.retention);
            if (entry.deployment != null) {
                undeploy(id, entry.deployment);
            }
        }
    }

    private void undeploy(String id, String deployment) {
        vertx.undeploy(deployment).onFailure(cause -> LOG.error("session {} not undeployed", id, cause));
    }

    /** For another node what has changed since its last question. */
    private Future<JsonObject> list(Message<Object> message) {
        Fields fields = Fields.of(message.body());
        Optional<Long> since = nodes.isCluster() ? fields.number("since", 0, Long.MAX_VALUE) : Optional.empty();
        SessionPage page = SessionPage.of(fields);
        return listing.ask()
                .map(found -> since.isPresent() ? news.since(found, since.get()) : page.answer(found.stream()));
    }

    private Future<List<JsonObject>> infos() {
        List<Future<JsonObject>> infos = sessions.entrySet().stream()
                .filter(each -> each.getValue().deployment != null)
                .map(each -> ask(each.getKey(), Operation.INFO, new JsonObject().put("brief", true)))
                .toList();
        return Future.join(infos)
                .transform(all -> Future.succeededFuture(infos.stream()
                        .filter(Future::succeeded)
                        .map(Future::result)
                        .toList()));
    }

    private Future<JsonObject> killAll() {
        List<String> ids = runningIds();
        ids.forEach(this::kill);
        return Future.succeededFuture(new JsonObject().put("count", ids.size()));
    }

    private List<String> runningIds() {
        return sessions.entrySet().stream()
                .filter(each -> !each.getValue().exited && each.getValue().deployment != null)
                .map(Map.Entry::getKey)
                .toList();
    }

    private void kill(String id) {
        ask(id, Operation.KILL).onFailure(cause -> LOG.debug("session {} not killed: {}", id, cause.getMessage()));
    }

    private Future<JsonObject> ask(String id, Operation operation) {
        return ask(id, operation, new JsonObject());
    }

    private Future<JsonObject> ask(String id, Operation operation, JsonObject body) {
        DeliveryOptions options = new DeliveryOptions(LOCAL).addHeader(Headers.ACTION, operation.action());
        return bus().<JsonObject>request(Addresses.session(id), body, options).map(Message::body);
    }

    private SessionResources resources() {
        return Objects.requireNonNull(resources, "not started");
    }

    private EventBus bus() {
        return HubBus.of(vertx, config());
    }

    private WorkerExecutor workers() {
        return Objects.requireNonNull(workers, "not started");
    }

    /** Says what a client can do about it. */
    private static Future<JsonObject> notStarted(Throwable cause) {
        if (cause instanceof CommandException command) {
            String field = command.subject() == CommandException.Subject.DIRECTORY ? "cwd" : "command";
            return Future.failedFuture(HubException.malformed("field '" + field + "': " + command.getMessage()));
        }
        if (cause instanceof IOException exhausted) {
            LOG.warn("a session could not be started: {}", exhausted.getMessage());
            return Future.failedFuture(new HubException(ErrorCode.UNAVAILABLE, String.valueOf(exhausted.getMessage())));
        }
        return Future.failedFuture(cause);
    }

    /** A session of this node, from the moment it was asked for. */
    private static final class Entry {
        /** Number of the event loop that it is at home on. */
        final int home;

        @Nullable
        String deployment;

        @Nullable
        String user;

        boolean exited;
        long retention = -1;
        /** In monotonic nanoseconds, once it has exited. */
        long forgetAt;

        Entry(int home) {
            this.home = home;
        }
    }
}
