package io.termbus.protocol;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.eventbus.DeliveryOptions;
import io.vertx.core.eventbus.Message;
import io.vertx.core.eventbus.ReplyException;
import io.vertx.core.eventbus.ReplyFailure;
import io.vertx.core.shareddata.Shareable;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;

/**
 * Requests to other nodes of the cluster, each of which may take as long as it takes while its node lives: a node that
 * is asked for more than 0.4 s gets pings beside, and where none is answered either, or the node leaves,
 * everything that waits for it fails at once. A ping is followed by a second one, as one may go down with a connection
 * that breaks, and the next one takes a new connection. Nodes are named by their short forms. Any thread may call; futures complete
 * on the caller's context.
 */
public final class RemoteCalls implements Shareable {
    /** From a request to the failure of everything that waits for its node, all in all: less than 2 s. */
    static final long PATIENCE_MILLIS = 400;

    static final long PING_MILLIS = 1_200;
    /** From the first ping to the second. */
    static final long SECOND_PING_MILLIS = 600;
    /** Then what may be asked twice is. */
    static final long REPEAT_MILLIS = 2_000;

    private static final long TICK_MILLIS = 100;
    private static final long MILLI = 1_000_000L;

    private static final String MAP = "termbus.remote-calls";

    private final Vertx vertx;
    private final Map<String, Node> nodes = new ConcurrentHashMap<>();
    /** A timer runs, while anything waits. */
    private final AtomicBoolean watching = new AtomicBoolean();

    private RemoteCalls(Vertx vertx) {
        this.vertx = vertx;
    }

    /** The one of that Vert.x. */
    public static RemoteCalls of(Vertx vertx) {
        Map<String, RemoteCalls> one = vertx.sharedData().getLocalMap(MAP);
        return one.computeIfAbsent(MAP, key -> {
            RemoteCalls made = new RemoteCalls(vertx);
            vertx.eventBus()
                    .localConsumer(
                            Addresses.NODE_LEFT, (Message<String> message) -> made.left(Ids.shortForm(message.body())));
            return made;
        });
    }

    private record Call(Promise<?> answer, Context context, long sinceNanos) {
        void fail(String node) {
            context.runOnContext(v -> answer.tryFail(silence(node)));
        }
    }

    /** What waits for one node. */
    private static final class Node {
        private final Set<Call> waiting = ConcurrentHashMap.newKeySet();
        private volatile boolean pinged;
        /** When it last answered a ping; so long before now where it never has. */
        private volatile long answeredNanos = System.nanoTime() - PATIENCE_MILLIS * MILLI;
        /** It has not answered the last ping, nor anything since. */
        private volatile boolean silent;
    }

    /** Nobody there answers: a refusal for clients, and no word of the owner's. */
    public static ReplyException silence(String node) {
        return new ReplyException(
                ReplyFailure.TIMEOUT,
                ErrorCode.UNAVAILABLE.code(),
                Ids.NODE_PREFIX + Ids.shortForm(node) + " cannot be reached");
    }

    /** @param options with the longest time that the answer may take while the node lives */
    public <T> Future<Message<T>> request(String node, String address, Object body, DeliveryOptions options) {
        Promise<Message<T>> answer = Promise.promise();
        Call call = new Call(answer, vertx.getOrCreateContext(), System.nanoTime());
        Node asked = Objects.requireNonNull(nodes.compute(node, (name, known) -> {
            Node it = known == null ? new Node() : known;
            it.waiting.add(call);
            return it;
        }));
        watch();
        vertx.eventBus().<T>request(address, body, options).onComplete(done -> {
            if (done.succeeded() || isWordOfTheNode(done.cause())) {
                asked.silent = false;
            }
            if (done.succeeded()) {
                answer.tryComplete(done.result());
            } else {
                answer.tryFail(done.cause());
            }
        });
        return answer.future().onComplete(done -> asked.waiting.remove(call));
    }

    /**
     * As {@link #request}, for what may be asked twice: where no answer has come after {@value #REPEAT_MILLIS} ms it is
     * asked once more, since question or answer may have gone down with a connection. The first answer counts.
     */
    public <T> Future<Message<T>> requestTwice(String node, String address, Object body, DeliveryOptions options) {
        Promise<Message<T>> answer = Promise.promise();
        first(this.request(node, address, body, options), answer);
        long repeat = vertx.setTimer(REPEAT_MILLIS, fired -> first(this.request(node, address, body, options), answer));
        return answer.future().onComplete(done -> vertx.cancelTimer(repeat));
    }

    private static <T> void first(Future<T> answer, Promise<T> of) {
        answer.onSuccess(of::tryComplete).onFailure(of::tryFail);
    }

    private static boolean isWordOfTheNode(Throwable cause) {
        return cause instanceof ReplyException reply && reply.failureType() == ReplyFailure.RECIPIENT_FAILURE;
    }

    /** The node does not answer at the moment: nobody need wait for it. */
    public boolean isSilent(String node) {
        Node known = nodes.get(node);
        return known != null && known.silent;
    }

    private void watch() {
        if (!nodes.isEmpty() && watching.compareAndSet(false, true)) {
            vertx.setTimer(TICK_MILLIS, timer -> {
                nodes.forEach(this::look);
                watching.set(false);
                watch();
            });
        }
    }

    private void look(String name, Node node) {
        boolean wanted = node.silent || late(node).findAny().isPresent();
        boolean asked = node.pinged || System.nanoTime() - node.answeredNanos < PATIENCE_MILLIS * MILLI;
        if (wanted && !asked) {
            node.pinged = true;
            ping(name, node);
        } else if (!wanted) {
            nodes.computeIfPresent(name, (key, it) -> it == node && node.waiting.isEmpty() ? null : it);
        }
    }

    /** What was asked for while a ping was under way, and waits for long too, need not wait for another. */
    private void ping(String name, Node node) {
        Future<Message<Object>> first = ping(name, PING_MILLIS);
        Future<Message<Object>> second = vertx.timer(SECOND_PING_MILLIS)
                .compose(fired -> first.isComplete() ? first : ping(name, PING_MILLIS - SECOND_PING_MILLIS));
        Future.any(first, second).onComplete(done -> {
            node.pinged = false;
            node.silent = done.failed() && isSilence(done.cause());
            if (done.succeeded()) {
                node.answeredNanos = System.nanoTime();
            }
            if (node.silent) {
                late(node).forEach(call -> call.fail(name));
            }
        });
    }

    private Future<Message<Object>> ping(String name, long millis) {
        return vertx.eventBus().request(Addresses.nodePing(name), "", new DeliveryOptions().setSendTimeout(millis));
    }

    private static Stream<Call> late(Node node) {
        long now = System.nanoTime();
        return node.waiting.stream().filter(call -> now - call.sinceNanos() >= PATIENCE_MILLIS * MILLI);
    }

    private static boolean isSilence(Throwable cause) {
        return cause instanceof ReplyException reply && reply.failureType() == ReplyFailure.TIMEOUT;
    }

    private void left(String name) {
        Node gone = nodes.remove(name);
        if (gone != null) {
            gone.waiting.forEach(call -> call.fail(name));
        }
    }
}
