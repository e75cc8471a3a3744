package io.termbus.flow;

import static io.termbus.protocol.HubBus.LOCAL;

import io.termbus.config.FlowConfig;
import io.termbus.flow.edge.LinkFailures;
import io.termbus.flow.output.Attachment;
import io.termbus.flow.output.DisconnectReason;
import io.termbus.flow.output.FlowMeters;
import io.termbus.flow.output.FlowRequests;
import io.termbus.flow.output.Listing;
import io.termbus.flow.output.Outlet;
import io.termbus.flow.output.RecordingFeeds;
import io.termbus.flow.output.SessionFlow;
import io.termbus.flow.output.SharedLinks;
import io.termbus.flow.output.Subscriber;
import io.termbus.flow.output.Subscribers;
import io.termbus.metrics.Meters;
import io.termbus.protocol.Addresses;
import io.termbus.protocol.ErrorCode;
import io.termbus.protocol.Fields;
import io.termbus.protocol.FlowMessage;
import io.termbus.protocol.FlowShards;
import io.termbus.protocol.Handlers;
import io.termbus.protocol.Headers;
import io.termbus.protocol.HubBus;
import io.termbus.protocol.HubException;
import io.termbus.protocol.LinkMessage;
import io.termbus.protocol.Nodes;
import io.termbus.protocol.Operation;
import io.termbus.protocol.Operation.Target;
import io.termbus.protocol.Refusals;
import io.termbus.record.RecordingFiles;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.eventbus.DeliveryOptions;
import io.vertx.core.eventbus.EventBus;
import io.vertx.core.eventbus.Message;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Flow control for the sessions that are at home on the event loop of this instance: counts unacked deliveries, throttles by
 * zone, publishes warnings. One instance per event loop; it alone writes the state of its subscribers.
 */
public final class FlowControlVerticle extends VerticleBase {
    private static final Logger LOG = LoggerFactory.getLogger(FlowControlVerticle.class);
    /** How long an attach waits for the description of a session of this node. */
    private static final Duration INFO_LIMIT = Duration.ofSeconds(2);
    /** For so long subscribers that never skip may take what is there before the hub's program changes. */
    private static final long LAST_ACKS_NANOS = 1_000_000_000L;

    private static final long LAST_ACKS_POLL_MILLIS = 5;
    /** Attachments that wait while the hub's program changes. */
    private static final int MAX_EARLY = 10_000;

    /** Recordings that are written at a time; more would only fight for the disk. */
    private static final int RECORDERS = 2;

    private final int shard;
    private final FlowShards shards;
    private final FlowConfig limits;
    private final int maxSubscribers;
    private final RecordingFiles files;
    private final FlowMeters meters;
    private final Map<String, SessionFlow> sessions = new HashMap<>();
    /** Subscriber id to the subscribers of its session. */
    private final Map<String, Subscribers> owners = new HashMap<>();

    private final MissedDisconnects missed = new MissedDisconnects();
    private final SharedLinks clients = new SharedLinks();
    private final WaitingAttachments waiting = new WaitingAttachments();
    private final Nodes nodes;

    private final Handlers<BiConsumer<Fields, Message<Object>>> handlers = new Handlers<>(Target.FLOW, operations());

    /** The hub's program changes. */
    private boolean restarting;
    /** Those who would attach meanwhile. */
    private final List<Message<Object>> early = new ArrayList<>();

    private @Nullable Outlet outlet;
    private @Nullable RecordingFeeds recordings;
    private @Nullable ClusterLinks links;

    /**
     * @param shard index of this instance; instance 0 also answers at {@code termbus.flow}
     * @param shards how many instances there are
     * @param maxSubscribers the setting {@code session.maxSubscribers}
     * @param files of recordings
     * @param meters of the hub
     */
    public FlowControlVerticle(
            Nodes nodes,
            int shard,
            FlowShards shards,
            FlowConfig limits,
            int maxSubscribers,
            RecordingFiles files,
            Meters meters) {
        this.nodes = nodes;
        this.shard = shard;
        this.shards = shards;
        this.limits = limits;
        this.maxSubscribers = maxSubscribers;
        this.files = files;
        this.meters = new FlowMeters(meters);
    }

    @Override
    public Future<?> start() {
        EventBus bus = bus();
        outlet = new BusOutlet(vertx, bus, missed, this::left, meters);
        recordings = new RecordingFeeds(
                outlet,
                files,
                vertx.createSharedWorkerExecutor(HubBus.named(config(), "recordings"), RECORDERS),
                (session, message) -> bus.send(Addresses.sessionControl(session), message, LOCAL));
        List<Future<?>> consumers = new ArrayList<>();
        consumers.add(
                bus.localConsumer(Addresses.flowShard(shard), this::received).completion());
        consumers.add(
                bus.<String>localConsumer(Addresses.CONNECTION_CLOSED, message -> connectionClosed(message.body()))
                        .completion());
        if (shard == 0) {
            Optional<OtherNodes> others =
                    nodes.isCluster() ? Optional.of(new OtherNodes(bus, nodes)) : Optional.empty();
            consumers.add(new FlowEntrance(bus, shards, others).open());
        }
        if (nodes.isCluster()) {
            consumers.add(joinCluster());
        }
        return Future.all(consumers);
    }

    @Override
    public Future<?> stop() {
        return recordings().close();
    }

    private RecordingFeeds recordings() {
        return Objects.requireNonNull(recordings, "not started");
    }

    private EventBus bus() {
        return HubBus.of(vertx, config());
    }

    private Future<?> joinCluster() {
        links = new ClusterLinks(
                vertx, nodes.self(), shard, shards, limits, maxSubscribers, sessions, missed, this::left, meters);
        return links.start();
    }

    private void received(Message<Object> message) {
        try {
            if (message.body() instanceof FlowMessage flowMessage) {
                handle(flowMessage, message);
            } else if (message.body() instanceof LinkMessage && links != null) {
                links.received(message);
            } else {
                request(message);
            }
        } catch (HubException e) {
            message.fail(e.error().code(), e.getMessage());
        } catch (RuntimeException e) {
            LOG.error("flow control {} failed on {}", shard, message.body(), e);
            Refusals.internal(message);
        }
    }

    private void handle(FlowMessage flowMessage, Message<Object> message) {
        if (flowMessage instanceof FlowMessage.Output output) {
            meters.output(output.payload().length());
            session(output.session()).ifPresent(flow -> flow.output(output));
        } else if (flowMessage instanceof FlowMessage.Listening listening) {
            missed.take(listening.subscriber())
                    .ifPresent(notice -> Objects.requireNonNull(outlet).deliver(listening.subscriber(), notice));
            withKnown(listening.subscriber(), Subscribers::listening);
        } else if (flowMessage instanceof FlowMessage.NotListening not) {
            withKnown(
                    not.subscriber(),
                    (all, subscriber) -> all.notListening(subscriber, not.lastSeq(), not.exitHeard()));
        } else if (flowMessage instanceof FlowMessage.HeldWanted wanted) {
            message.reply(living(wanted.session()).held(wanted.from(), wanted.to()));
        } else if (flowMessage instanceof FlowMessage.SessionOpened opened) {
            sessions.put(
                    opened.session(), SessionFlow.ofOwner(opened.session(), limits, Objects.requireNonNull(outlet)));
        } else if (flowMessage instanceof FlowMessage.SessionKept kept) {
            sessions.put(
                    kept.session(),
                    SessionFlow.ofKept(kept.session(), limits, Objects.requireNonNull(outlet), kept.kept()));
        } else if (flowMessage instanceof FlowMessage.KeepWanted wanted) {
            message.reply(living(wanted.session()).kept());
        } else if (flowMessage instanceof FlowMessage.Restarts restarts) {
            restarting = restarts.on();
            if (restarting) {
                restart(System.nanoTime() + LAST_ACKS_NANOS, message);
            } else {
                sessions.values().forEach(SessionFlow::goesOn);
                message.reply(new JsonObject());
                List<Message<Object>> waited = List.copyOf(early);
                early.clear();
                waited.forEach(this::received);
            }
        } else if (flowMessage instanceof FlowMessage.Resized resized) {
            session(resized.session()).ifPresent(flow -> flow.resized(resized.cols(), resized.rows()));
        } else if (flowMessage instanceof FlowMessage.Told told) {
            session(told.session()).ifPresent(flow -> flow.told(told.kind(), told.offset(), told.body()));
        } else if (flowMessage instanceof FlowMessage.Cleared cleared) {
            session(cleared.session()).ifPresent(SessionFlow::cleared);
        } else if (flowMessage instanceof FlowMessage.Exited exited) {
            session(exited.session()).ifPresent(flow -> flow.exited(exited.code(), exited.signal()));
        } else if (flowMessage instanceof FlowMessage.Interrupted interrupted) {
            session(interrupted.session()).ifPresent(flow -> flow.interrupted(interrupted.connection()));
        } else if (flowMessage instanceof FlowMessage.Typed typed) {
            session(typed.session()).ifPresent(flow -> flow.typed(typed.connection()));
        } else if (flowMessage instanceof FlowMessage.Entered entered) {
            recordings().typed(entered);
        } else if (flowMessage instanceof FlowMessage.Marked marked) {
            recordings().mark(marked);
        } else if (flowMessage instanceof FlowMessage.Record asked) {
            recordings()
                    .record(asked, living(asked.session()))
                    .onSuccess(message::reply)
                    .onFailure(cause -> message.fail(ErrorCode.UNAVAILABLE.code(), cause.getMessage()));
        } else if (flowMessage instanceof FlowMessage.Removed removed) {
            session(removed.session()).ifPresent(SessionFlow::removed);
            forgetIfFinished(removed.session());
        } else if (flowMessage instanceof FlowMessage.Elsewhere elsewhere) {
            clients.elsewhere(elsewhere.connection(), elsewhere.subscribers());
        } else if (flowMessage instanceof FlowMessage.FiguresWanted) {
            message.reply(FlowRequests.figures(sessions.values()));
        } else if (flowMessage instanceof FlowMessage.ShutDown) {
            List.copyOf(sessions.values()).forEach(SessionFlow::shutDown);
            message.reply(new JsonObject());
        }
    }

    private void restart(long deadline, Message<Object> message) {
        boolean acked = sessions.values().stream().allMatch(SessionFlow::hasAcks);
        if (acked || System.nanoTime() >= deadline) {
            List.copyOf(sessions.values()).forEach(SessionFlow::restarts);
            message.reply(new JsonObject());
        } else {
            vertx.setTimer(LAST_ACKS_POLL_MILLIS, timer -> restart(deadline, message));
        }
    }

    private Optional<SessionFlow> session(String id) {
        return Optional.ofNullable(sessions.get(id));
    }

    private SessionFlow living(String id) {
        return session(id)
                .filter(flow -> !flow.isRemoved())
                .orElseThrow(() -> HubException.notFound("no such session: " + id));
    }

    private void withKnown(String subscriber, BiConsumer<Subscribers, Subscriber> action) {
        Subscribers all = owners.get(subscriber);
        if (all != null) {
            all.find(subscriber).ifPresent(each -> action.accept(all, each));
        }
    }

    private void left(String session, String subscriber) {
        owners.remove(subscriber);
        forgetIfFinished(session);
    }

    private void forgetIfFinished(String session) {
        if (session(session).filter(SessionFlow::isFinished).isPresent()) {
            sessions.remove(session);
        }
    }

    private void connectionClosed(String connection) {
        waiting.connectionClosed(connection);
        for (SessionFlow flow : List.copyOf(sessions.values())) {
            flow.subscribers().connectionClosed(connection);
        }
    }

    private void request(Message<Object> message) {
        handlers.of(message.headers()).accept(Fields.of(message.body()), message);
    }

    private Map<Operation, BiConsumer<Fields, Message<Object>>> operations() {
        return Map.of(
                Operation.ATTACH,
                (fields, message) -> attach(message, FlowRequests.attachment(shard, message.headers(), fields)),
                Operation.ACK,
                (fields, message) -> withSubscriber(fields, (all, subscriber) -> {
                    mustOwn(subscriber, message.headers().get(Headers.CONNECTION));
                    FlowRequests.ack(all, subscriber, fields);
                    message.reply(new JsonObject());
                }),
                Operation.STATUS,
                (fields, message) -> withSubscriber(
                        fields, (all, subscriber) -> message.reply(FlowRequests.status(all, subscriber))),
                Operation.DETACH,
                (fields, message) -> withSubscriber(fields, (all, subscriber) -> {
                    detach(all, subscriber, message.headers().get(Headers.CONNECTION));
                    message.reply(new JsonObject());
                }),
                Operation.SUBSCRIBERS,
                (fields, message) -> message.reply(subscribers(fields)),
                Operation.DISCONNECT,
                (fields, message) -> withSubscriber(fields, (all, subscriber) -> {
                    mustReach(subscriber, message.headers().get(Headers.REACH));
                    all.disconnect(subscriber, DisconnectReason.KICKED);
                    message.reply(new JsonObject());
                }));
    }

    private void withSubscriber(Fields fields, BiConsumer<Subscribers, Subscriber> action) {
        String id = FlowRequests.subscriberId(fields);
        if (!owners.containsKey(id)) {
            throw HubException.notFound("no such subscriber: " + id);
        }
        withKnown(id, action);
    }

    private JsonObject subscribers(Fields fields) {
        return fields.text("session", FlowRequests.MAX_ID_CHARS)
                .map(id -> Listing.of(living(id), nodes.self()))
                .orElseGet(() -> Listing.of(sessions.values(), nodes.self()));
    }

    /** To a token for one session the subscribers of others do not exist. */
    private static void mustReach(Subscriber subscriber, @Nullable String reach) {
        if (reach != null && !reach.equals(subscriber.attachment().session())) {
            throw HubException.notFound("no such subscriber: " + subscriber.id());
        }
    }

    /** Only the connection that attached a subscriber acks for it; callers inside the JVM are trusted. */
    private static void mustOwn(Subscriber subscriber, @Nullable String connection) {
        if (connection != null && !connection.equals(subscriber.attachment().connection())) {
            throw new HubException(
                    ErrorCode.NOT_ALLOWED, "subscriber " + subscriber.id() + " belongs to another connection");
        }
    }

    /** A subscriber that somebody else detaches is told that it was kicked. */
    private void detach(Subscribers all, Subscriber subscriber, @Nullable String connection) {
        if (connection == null || connection.equals(subscriber.attachment().connection())) {
            all.detach(subscriber);
        } else {
            all.disconnect(subscriber, DisconnectReason.KICKED);
        }
    }

    private void attach(Message<Object> message, Attachment attachment) {
        if (restarting) {
            holdBack(message);
            return;
        }
        if (attachment.lossless() && attachment.onlyReads()) {
            attachIfViewersMayBlock(message, attachment);
        } else {
            attachThere(message, attachment);
        }
    }

    /** Who comes back too early waits, until the connection ends with the program, or goes on. */
    private void holdBack(Message<Object> message) {
        if (early.size() >= MAX_EARLY) {
            throw new HubException(ErrorCode.UNAVAILABLE, "the hub restarts");
        }
        early.add(message);
    }

    /** Only its session knows. */
    private void attachIfViewersMayBlock(Message<Object> message, Attachment attachment) {
        waiting.begin(attachment);
        boolean here =
                sessions.containsKey(attachment.session()) && (links == null || !links.isRemote(attachment.session()));
        info(attachment.session(), !here)
                .compose(info -> {
                    waiting.proceed(attachment);
                    if (!info.getBoolean("viewersMayBlock", false)) {
                        throw new HubException(
                                ErrorCode.NOT_ALLOWED,
                                "field 'lag' = block takes role operator, or a session that was made with"
                                        + " viewersMayBlock; this connection has viewer");
                    }
                    attachThere(message, attachment);
                    return Future.succeededFuture();
                })
                .onFailure(cause -> {
                    waiting.failed(attachment);
                    FlowEntrance.fail(message, LinkFailures.told(cause, attachment.session(), false));
                });
    }

    private Future<JsonObject> info(String session, boolean far) {
        if (links != null && far) {
            return links.info(session);
        }
        return bus().<JsonObject>request(
                        Addresses.session(session),
                        new JsonObject(),
                        new DeliveryOptions()
                                .addHeader(Headers.ACTION, Operation.INFO.action())
                                .setSendTimeout(INFO_LIMIT.toMillis())
                                .setLocalOnly(true))
                .map(Message::body);
    }

    private void attachThere(Message<Object> message, Attachment attachment) {
        if (links != null && (!sessions.containsKey(attachment.session()) || links.isRemote(attachment.session()))) {
            waiting.begin(attachment);
            links.join(attachment, remote -> {
                        waiting.proceed(attachment);
                        attach(message, attachment, remote);
                    })
                    .onFailure(cause -> {
                        waiting.failed(attachment);
                        FlowEntrance.fail(message, cause);
                    });
        } else {
            attach(message, attachment, living(attachment.session()));
        }
    }

    private void attach(Message<Object> message, Attachment attachment, SessionFlow flow) {
        if (flow.total() >= maxSubscribers) {
            throw HubException.limit(
                    "session.maxSubscribers", "session " + attachment.session() + " has as many as it may have");
        }
        Subscribers all = flow.subscribers();
        all.attach(attachment, clients.of(attachment.connection()));
        owners.put(attachment.subscriber(), all);
        info(attachment.session(), links != null && links.isRemote(attachment.session()))
                .onSuccess(info -> message.reply(FlowRequests.attached(attachment, info)))
                .onFailure(cause -> {
                    all.find(attachment.subscriber()).ifPresent(all::detach);
                    FlowEntrance.fail(message, LinkFailures.told(cause, attachment.session(), false));
                });
    }
}
