package io.termbus.cluster;

import io.termbus.protocol.Addresses;
import io.termbus.protocol.ErrorCode;
import io.termbus.protocol.Headers;
import io.termbus.protocol.HubException;
import io.termbus.protocol.Ids;
import io.termbus.protocol.Nodes;
import io.termbus.protocol.Operation;
import io.termbus.protocol.RemoteCalls;
import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.eventbus.DeliveryOptions;
import io.vertx.core.eventbus.Message;
import io.vertx.core.eventbus.ReplyException;
import io.vertx.core.eventbus.ReplyFailure;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Asks other nodes, and never waits for one longer than it may. On the event loop of its verticle. */
final class NodeRequests {
    private static final Logger LOG = LoggerFactory.getLogger(NodeRequests.class);
    /** A node that lives answers what takes no work within milliseconds. */
    private static final Duration ANSWER = Duration.ofSeconds(2);
    /** Starting a program may take a while on a node that is busy. */
    private static final Duration CREATE = Duration.ofSeconds(15);
    /** Beside this node itself: the better of two at random is nearly as good as the best of all. */
    private static final int CANDIDATES = 2;

    private final Vertx vertx;
    private final Nodes nodes;
    private final RemoteCalls calls;
    private final Random random;
    private final Patience patience = new Patience();
    /** They were not waited for, and have not answered since. */
    private final Set<String> late = new HashSet<>();

    NodeRequests(Vertx vertx, Nodes nodes, Random random) {
        this.vertx = vertx;
        this.nodes = nodes;
        this.calls = RemoteCalls.of(vertx);
        this.random = random;
    }

    List<String> names() {
        return nodes.names();
    }

    /** Asks every node. The answers that came, by node; who does not answer in time is left out. */
    Future<Map<String, JsonObject>> everywhere(Operation operation, MultiMap headers) {
        Map<String, JsonObject> answers = new LinkedHashMap<>();
        return Future.join(names().stream()
                        .filter(name -> !calls.isSilent(Ids.shortForm(name)))
                        .map(name -> ask(name, operation, new JsonObject(), headers, ANSWER)
                                .onSuccess(answer -> answers.put(name, answer))
                                .onFailure(cause ->
                                        LOG.warn("{} did not {}: {}", name, operation.action(), cause.getMessage())))
                        .toList())
                .transform(all -> Future.succeededFuture(answers));
    }

    /** What is done with an answer that came, however late. */
    interface Taker {
        void take(String node, JsonObject answer);
    }

    /**
     * Asks these nodes; completes when all have answered that answer as soon as they usually do.
     *
     * @param bodies what each is asked
     */
    Future<Void> soon(List<String> some, Operation operation, Function<String, JsonObject> bodies, Taker taker) {
        long begin = System.nanoTime();
        Promise<Void> enough = Promise.promise();
        Set<String> awaited = new HashSet<>(some);
        awaited.removeIf(node -> late.contains(node) || calls.isSilent(Ids.shortForm(node)));
        for (String node : some) {
            ask(node, operation, bodies.apply(node), MultiMap.caseInsensitiveMultiMap(), ANSWER)
                    .onSuccess(answer -> {
                        patience.took(System.nanoTime() - begin);
                        late.remove(node);
                        taker.take(node, answer);
                    })
                    .onComplete(done -> {
                        awaited.remove(node);
                        if (awaited.isEmpty()) {
                            enough.tryComplete();
                        }
                    });
        }
        if (awaited.isEmpty()) {
            enough.tryComplete();
        }
        long millis = Math.max(1, TimeUnit.NANOSECONDS.toMillis(patience.nanos()));
        long timer = vertx.setTimer(millis, fired -> {
            late.addAll(awaited);
            enough.tryComplete();
        });
        return enough.future().onComplete(done -> vertx.cancelTimer(timer));
    }

    Future<Loads> load() {
        return everywhere(Operation.NODES, MultiMap.caseInsensitiveMultiMap()).map(Loads::of);
    }

    /** Of this node, and of some others at random, of those that answer as soon as nodes usually do. */
    private Future<Loads> loadOfSome() {
        List<String> others = new ArrayList<>(nodes.others());
        others.removeIf(node -> late.contains(node) || calls.isSilent(Ids.shortForm(node)));
        Collections.shuffle(others, random);
        List<String> asked = others.subList(0, Math.min(CANDIDATES, others.size()));
        Map<String, JsonObject> answers = new LinkedHashMap<>();
        Future<?> own = load(nodes.self()).onSuccess(answer -> answers.put(nodes.self(), answer));
        return Future.join(own, soon(asked, Operation.NODES, node -> new JsonObject(), answers::put))
                .transform(enough -> Future.succeededFuture(Loads.of(Map.copyOf(answers))));
    }

    private Future<JsonObject> load(String node) {
        return ask(node, Operation.NODES, new JsonObject(), MultiMap.caseInsensitiveMultiMap(), ANSWER);
    }

    /** Creates a session where there is room. */
    Future<JsonObject> createAnywhere(Message<Object> message) {
        return loadOfSome().compose(some -> createAtFirst(some.byRoom(nodes.self()), Set.of(), message));
    }

    /**
     * Creates a session on the first of these nodes that takes it. Where none does, on the first node that then says it has
     * room, so that nobody waits for one that hangs.
     *
     * @param full nodes that have refused already
     */
    private Future<JsonObject> createAtFirst(List<String> candidates, Set<String> full, Message<Object> message) {
        if (candidates.isEmpty()) {
            return anyWithRoom(full).compose(any -> createAtFirst(List.of(any), full, message));
        }
        String node = candidates.get(0);
        Set<String> fuller = new HashSet<>(full);
        fuller.add(node);
        return create(node, message)
                .recover(cause -> mayTryAnother(cause)
                        ? createAtFirst(candidates.subList(1, candidates.size()), fuller, message)
                        : Future.failedFuture(cause));
    }

    /** Fails where none has. */
    private Future<String> anyWithRoom(Set<String> full) {
        Promise<String> found = Promise.promise();
        List<Future<JsonObject>> answers = names().stream()
                .filter(name -> !full.contains(name))
                .map(name -> load(name).onSuccess(answer -> {
                    if (Loads.hasRoom(answer)) {
                        found.tryComplete(name);
                    }
                }))
                .toList();
        Future.join(answers)
                .onComplete(all -> found.tryFail(HubException.limit(
                        "session.max", "all sessions of all nodes are taken, or the nodes drain or shut down")));
        return found.future();
    }

    /** Creates a session on that node. */
    Future<JsonObject> create(String node, Message<Object> message) {
        return at(node, Operation.CREATE, message, CREATE);
    }

    /** Has that node do it. */
    Future<JsonObject> at(String node, Operation operation, Message<Object> message) {
        return at(node, operation, message, ANSWER);
    }

    private Future<JsonObject> at(String node, Operation operation, Message<Object> message, Duration limit) {
        return ask(node, operation, message.body(), message.headers(), limit)
                .recover(cause -> Future.failedFuture(isSilence(cause) ? unreachable(node) : cause));
    }

    /** It was full or shut down; where it did not answer it may have created one. */
    private static boolean mayTryAnother(Throwable cause) {
        if (cause instanceof ReplyException reply && reply.failureType() == ReplyFailure.RECIPIENT_FAILURE) {
            return reply.failureCode() == ErrorCode.UNAVAILABLE.code()
                    || reply.failureCode() == ErrorCode.LIMIT_REACHED.code();
        }
        return false;
    }

    private static boolean isSilence(Throwable cause) {
        return !(cause instanceof ReplyException reply) || reply.failureType() != ReplyFailure.RECIPIENT_FAILURE;
    }

    private static HubException unreachable(String node) {
        return new HubException(ErrorCode.UNAVAILABLE, node + " cannot be reached");
    }

    /** This node itself is asked without the cluster. */
    private Future<JsonObject> ask(String node, Operation operation, Object body, MultiMap headers, Duration limit) {
        DeliveryOptions options = new DeliveryOptions()
                .setHeaders(MultiMap.caseInsensitiveMultiMap().addAll(headers).set(Headers.ACTION, operation.action()))
                .setLocalOnly(node.equals(nodes.self()))
                .setSendTimeout(limit.toMillis());
        Future<Message<JsonObject>> answer = options.isLocalOnly()
                ? vertx.eventBus().request(Addresses.nodeHub(node), body, options)
                : calls.request(Ids.shortForm(node), Addresses.nodeHub(node), body, options);
        return answer.map(Message::body);
    }
}
