package io.termbus;

import static io.termbus.protocol.HubBus.LOCAL;

import io.termbus.protocol.Addresses;
import io.termbus.protocol.Delivery.Counted;
import io.termbus.protocol.Delivery.Kind;
import io.termbus.protocol.ErrorCode;
import io.termbus.protocol.FlowMessage;
import io.termbus.protocol.Operation;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.eventbus.Message;
import io.vertx.core.eventbus.MessageConsumer;
import io.vertx.core.json.JsonObject;
import io.vertx.core.streams.ReadStream;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The output of a session as a stream. What the handler has taken is acked, so a stream that is paused is a subscriber that
 * does not ack: it goes yellow and red, gets no more than {@code flow.maxUnackedBytes}, and is disconnected after
 * {@code flow.stallSeconds}; {@link #resume} and {@link #fetch} bring it back. Deliveries begin when there is a handler, and
 * end after {@code exit} or {@code disconnected}.
 *
 * <p>Handlers are called on the context on which the subscription was made; any thread may call the methods. A handler that
 * throws closes its subscription: the exception handler is told why, then the end handler. Where a verticle subscribed, its
 * end closes the subscription.
 */
public final class Subscription implements ReadStream<Delivery> {
    /** Notices may wait for a stream that is paused; what is beyond closes the subscription. They are some hundred bytes each. */
    static final int MAX_NOTICES = 4096;

    private static final Logger LOG = LoggerFactory.getLogger(Subscription.class);

    private final LocalRequests requests;
    private final Context context;
    private final String id;
    private final String owner;

    private final Deque<Delivery> waiting = new ArrayDeque<>();
    private int notices;
    private long demand = Long.MAX_VALUE;
    /** Nothing more will come from the hub. */
    private boolean ended;
    /** Nothing more will be told. */
    private boolean over;

    private @Nullable Handler<Delivery> handler;
    private @Nullable Handler<Throwable> failures;
    private @Nullable Handler<Void> ends;
    private @Nullable MessageConsumer<Object> consumer;

    /**
     * @param id of the subscriber
     * @param owner address of its flow control
     */
    Subscription(LocalRequests requests, Context context, String id, String owner) {
        this.requests = requests;
        this.context = context;
        this.id = id;
        this.owner = owner;
    }

    /** Id of the subscriber, as in warnings and in {@code subscribers}. */
    public String id() {
        return id;
    }

    @Override
    public synchronized Subscription handler(@Nullable Handler<Delivery> given) {
        handler = given;
        if (given != null) {
            context.runOnContext(now -> listen());
        }
        return this;
    }

    @Override
    public synchronized Subscription exceptionHandler(@Nullable Handler<Throwable> given) {
        failures = given;
        return this;
    }

    @Override
    public synchronized Subscription endHandler(@Nullable Handler<Void> given) {
        ends = given;
        return this;
    }

    @Override
    public synchronized Subscription pause() {
        demand = 0;
        return this;
    }

    @Override
    public Subscription resume() {
        return fetch(Long.MAX_VALUE);
    }

    @Override
    public synchronized Subscription fetch(long amount) {
        if (amount < 0) {
            throw new IllegalArgumentException("amount must not be negative, was " + amount);
        }
        demand = demand > Long.MAX_VALUE - amount ? Long.MAX_VALUE : demand + amount;
        context.runOnContext(now -> flow());
        return this;
    }

    /** Where the subscriber stands: {@code zone}, {@code unackedBytes}, {@code lagBytes} and others of the action {@code status}. */
    public Future<JsonObject> status() {
        return requests.ask(owner, Operation.STATUS.action(), subscriber());
    }

    /** Detaches. What has not been taken is dropped; the end handler is called. Idempotent. */
    public Future<Void> close() {
        if (!leave()) {
            return Future.succeededFuture();
        }
        tellEnd();
        return requests.ask(owner, Operation.DETACH.action(), subscriber())
                .<Void>mapEmpty()
                .recover(cause -> isGone(cause) ? Future.succeededFuture() : Future.failedFuture(cause));
    }

    private static boolean isGone(Throwable cause) {
        return cause instanceof TermbusException refusal && refusal.code() == ErrorCode.NOT_FOUND.code();
    }

    /** On the context, as all that follows. */
    private void listen() {
        synchronized (this) {
            if (consumer == null && !over) {
                MessageConsumer<Object> made = requests.bus().localConsumer(Addresses.out(id), this::received);
                consumer = made;
                made.endHandler(gone -> unregistered());
                made.completion()
                        .onSuccess(done -> requests.bus().send(owner, new FlowMessage.Listening(id), LOCAL))
                        .onFailure(this::fail);
            }
        }
        flow();
    }

    /** Vert.x does that by itself where the verticle goes that subscribed. */
    private void unregistered() {
        boolean early;
        synchronized (this) {
            early = !ended;
        }
        if (early) {
            close().onFailure(this::stillAttached);
        }
    }

    private void received(Message<Object> message) {
        Object body = message.body();
        if (body instanceof Counted counted) {
            add(of(counted));
        } else if (body instanceof io.termbus.protocol.Delivery.Notice notice) {
            add(new Delivery.Notice(
                    notice.session(), notice.kind().toString(), notice.body().copy()));
            if (notice.kind() == Kind.DISCONNECTED || notice.kind() == Kind.EXIT) {
                end();
            }
        }
        flow();
    }

    private static Delivery of(Counted it) {
        Buffer data = Buffer.buffer(it.payload().bytes());
        return it.kind() == Kind.SNAPSHOT
                ? new Delivery.Snapshot(it.session(), it.seq(), it.offset(), it.time(), it.cols(), it.rows(), data)
                : new Delivery.Output(it.session(), it.seq(), it.offset(), it.time(), data);
    }

    private void add(Delivery delivery) {
        boolean tooMany;
        synchronized (this) {
            if (over) {
                return;
            }
            waiting.add(delivery);
            notices += delivery instanceof Delivery.Notice ? 1 : 0;
            tooMany = notices > MAX_NOTICES;
        }
        if (tooMany) {
            fail(new TermbusException(
                    ErrorCode.LIMIT_REACHED.code(),
                    "more than " + MAX_NOTICES + " notices wait for subscriber " + id + " to be resumed"));
        }
    }

    /** Nothing more comes of interest; what waits is still for the handler. */
    private synchronized void end() {
        ended = true;
        drop();
    }

    private void flow() {
        long taken = 0;
        for (Optional<Delivery> next = next(); next.isPresent(); next = next()) {
            try {
                told(next.get());
            } catch (RuntimeException e) {
                fail(e);
                return;
            }
            taken = Math.max(taken, seqOf(next.get()));
        }
        if (taken > 0) {
            requests.tell(owner, Operation.ACK.action(), subscriber().put("seq", taken));
        }
        if (isAtEnd()) {
            close().onFailure(this::stillAttached);
        }
    }

    private synchronized Optional<Delivery> next() {
        if (demand == 0 || handler == null || waiting.isEmpty()) {
            return Optional.empty();
        }
        demand -= demand == Long.MAX_VALUE ? 0 : 1;
        Delivery next = waiting.remove();
        notices -= next instanceof Delivery.Notice ? 1 : 0;
        return Optional.of(next);
    }

    private void told(Delivery delivery) {
        Handler<Delivery> told;
        synchronized (this) {
            told = handler;
        }
        if (told != null) {
            told.handle(delivery);
        }
    }

    private static long seqOf(Delivery delivery) {
        if (delivery instanceof Delivery.Output output) {
            return output.seq();
        }
        return delivery instanceof Delivery.Snapshot snapshot ? snapshot.seq() : 0;
    }

    private synchronized boolean isAtEnd() {
        return ended && waiting.isEmpty();
    }

    private void fail(Throwable cause) {
        Handler<Throwable> told;
        synchronized (this) {
            told = failures;
        }
        if (told == null) {
            LOG.error("subscription {} is closed", id, cause);
        } else {
            tell(told, cause);
        }
        close().onFailure(this::stillAttached);
    }

    private void tell(Handler<Throwable> told, Throwable cause) {
        try {
            told.handle(cause);
        } catch (RuntimeException e) {
            LOG.error("the exception handler of subscription {} failed", id, e);
        }
    }

    private void stillAttached(Throwable failure) {
        LOG.warn("subscriber {} is still attached", id, failure);
    }

    /** @return whether it was not over before */
    private synchronized boolean leave() {
        if (over) {
            return false;
        }
        over = true;
        waiting.clear();
        notices = 0;
        drop();
        return true;
    }

    private void drop() {
        if (consumer != null) {
            consumer.unregister().onFailure(failure -> LOG.warn("still registered for subscriber {}", id, failure));
        }
    }

    private void tellEnd() {
        context.runOnContext(now -> {
            Handler<Void> told;
            synchronized (this) {
                told = ends;
            }
            if (told != null) {
                told.handle(null);
            }
        });
    }

    private JsonObject subscriber() {
        return new JsonObject().put("subscriber", id);
    }
}
