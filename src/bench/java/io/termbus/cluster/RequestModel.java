package io.termbus.cluster;

import io.termbus.bench.Traffic;
import io.termbus.protocol.Addresses;
import io.termbus.protocol.FakeNodes;
import io.termbus.protocol.Fields;
import io.termbus.protocol.Headers;
import io.termbus.protocol.Operation;
import io.termbus.protocol.SessionPage;
import io.termbus.session.NodeSessions;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.eventbus.DeliveryOptions;
import io.vertx.core.eventbus.Message;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * What {@code create} and {@code list} of clients have the nodes of a cluster ask each other: one request after another,
 * on the event bus of one Vert.x, each over when all answers are there. So no clock is in the numbers.
 */
public final class RequestModel {
    private static final int MAX_SESSIONS = 100_000;
    private static final int ONE_BUSY_IN = 5;

    private final Vertx vertx;
    private final Context context;
    private final List<String> names;
    private final Traffic traffic;
    private final Random random;
    private final Map<String, NodeSessions> sessions = new HashMap<>();
    private final Map<String, NodeRequests> requests = new HashMap<>();
    private final Map<String, SessionLists> lists = new HashMap<>();
    /** Where the request that is under way came in. */
    private String asker = "";

    public RequestModel(List<String> names, int count, Vertx vertx, Traffic traffic, Random random) throws Exception {
        this.vertx = vertx;
        this.context = vertx.getOrCreateContext();
        this.names = names;
        this.traffic = traffic;
        this.random = random;
        names.forEach(name -> sessions.put(name, new NodeSessions(name)));
        for (int i = 0; i < count; i++) {
            sessions.get(anyone()).begin();
        }
        await(() -> {
            names.forEach(name ->
                    vertx.eventBus().<JsonObject>localConsumer(Addresses.nodeHub(name), asked -> hub(name, asked)));
            vertx.eventBus().<Object>localConsumer(Addresses.HUB, this::created);
            return Future.succeededFuture();
        });
    }

    private String anyone() {
        return names.get(random.nextInt(names.size()));
    }

    /** On the one event loop of all nodes. */
    private <T> T await(Supplier<Future<T>> task) throws Exception {
        return Future.<T>future(promise -> context.runOnContext(v -> task.get().onComplete(promise)))
                .toCompletionStage()
                .toCompletableFuture()
                .get(60, TimeUnit.SECONDS);
    }

    private NodeRequests requests(String node) {
        return requests.computeIfAbsent(
                node, name -> new NodeRequests(vertx, new FakeNodes(name, () -> names), new Random(random.nextLong())));
    }

    /** What a node is asked by others. */
    private void hub(String node, Message<JsonObject> asked) {
        NodeSessions its = sessions.get(node);
        String action = asked.headers().get(Headers.ACTION);
        JsonObject answer;
        if (Operation.CREATE.action().equals(action)) {
            answer = its.begin();
        } else if (Operation.LIST.action().equals(action)) {
            answer = its.list(asked.body().getLong("since"));
        } else {
            JsonObject load = new JsonObject().put("node", node).put("running", its.count());
            answer = new JsonObject()
                    .put(
                            "nodes",
                            new JsonArray().add(load.put("max", MAX_SESSIONS).put("draining", false)));
        }
        if (!node.equals(asker)) {
            traffic.sent(asked.body().encode().length());
            traffic.sent(answer.encode().length());
        }
        asked.reply(answer);
    }

    private void created(Message<Object> message) {
        requests(asker)
                .createAnywhere(message)
                .onSuccess(message::reply)
                .onFailure(cause -> message.fail(1, cause.getMessage()));
    }

    /** A client of any node has a session created; the oldest one of any node ends. */
    public void create() throws Exception {
        asker = anyone();
        JsonObject wanted = new JsonObject().put("command", new JsonArray().add("/bin/bash"));
        DeliveryOptions options = new DeliveryOptions().addHeader(Headers.ACTION, Operation.CREATE.action());
        await(() -> vertx.eventBus().request(Addresses.HUB, wanted, options));
        String any = anyone();
        while (sessions.get(any).count() == 0) {
            any = anyone();
        }
        sessions.get(any).endOldest();
    }

    /**
     * A client of that node lists sessions.
     *
     * @param limit a page of so many
     * @return bytes of its answer
     */
    public int list(int node, int limit) throws Exception {
        asker = names.get(node);
        SessionLists its = lists.computeIfAbsent(asker, name -> new SessionLists(requests(name), name));
        JsonObject page = new JsonObject().put("limit", limit);
        return await(() -> its.list(SessionPage.of(Fields.of(page)))).encode().length();
    }

    /** Some sessions go on. */
    public void putOut() {
        sessions.values().forEach(each -> each.putOut(ONE_BUSY_IN));
    }
}
