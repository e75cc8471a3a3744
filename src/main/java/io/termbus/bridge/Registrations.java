package io.termbus.bridge;

import static io.termbus.protocol.HubBus.LOCAL;

import io.termbus.protocol.Addresses;
import io.termbus.protocol.Delivery;
import io.termbus.protocol.ErrorCode;
import io.termbus.protocol.FlowMessage;
import io.termbus.protocol.FlowShards;
import io.termbus.protocol.Headers;
import io.termbus.protocol.HubException;
import io.termbus.protocol.SubscriberGone;
import io.vertx.core.MultiMap;
import io.vertx.core.Vertx;
import io.vertx.core.eventbus.EventBus;
import io.vertx.core.eventbus.Message;
import io.vertx.core.eventbus.MessageConsumer;
import io.vertx.core.json.JsonObject;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The addresses that one client listens to. There are as many as it has subscribers, and two topics.
 * Deliveries are local consumers: nothing of a subscriber is ever registered in the cluster.
 */
final class Registrations {
    private static final Logger LOG = LoggerFactory.getLogger(Registrations.class);

    private final Vertx vertx;
    private final EventBus bus;
    private final LongSupplier nanoTime;
    private final FlowShards shards;
    private final OwnSubscribers subscribers;
    private final FrameEncoder encoder;
    private final Outbox outbox;
    private final Answers answers;
    private final Map<String, MessageConsumer<?>> consumers = new HashMap<>();
    /** The newest delivery that was handed to the transport, for each out address that is registered. */
    private final Map<String, Long> lastSeqs = new HashMap<>();
    /** Subscribers whose exit was handed to the transport. */
    private final Set<String> exitsHeard = new HashSet<>();

    Registrations(
            Vertx vertx,
            EventBus bus,
            LongSupplier nanoTime,
            FlowShards shards,
            OwnSubscribers subscribers,
            FrameEncoder encoder,
            Outbox outbox,
            Answers answers) {
        this.vertx = vertx;
        this.bus = bus;
        this.nanoTime = nanoTime;
        this.shards = shards;
        this.subscribers = subscribers;
        this.encoder = encoder;
        this.outbox = outbox;
        this.answers = answers;
    }

    /** @param replyAddress where it is told, before anything comes at the address; may be absent */
    void register(String address, Client client, Optional<String> replyAddress) {
        if (consumers.containsKey(address)) {
            throw new HubException(ErrorCode.CONFLICT, "already registered at " + address);
        }
        if (Addresses.isOut(address)) {
            registerOut(address, Addresses.subscriberIdOf(address), replyAddress);
        } else if (address.equals(Addresses.WARNINGS) || address.equals(Addresses.EVENTS)) {
            Permissions.check(Permissions.TOPICS, client.role(), "registering at " + address);
            registerTopic(address, client, replyAddress);
        } else {
            throw new HubException(ErrorCode.NOT_ALLOWED, "no client may register at " + address);
        }
    }

    /** @param replyAddress where it is told, after all that has come at the address; may be absent */
    void unregister(String address, Optional<String> replyAddress) {
        boolean out = Addresses.isOut(address);
        MessageConsumer<?> consumer = consumers.remove(address);
        if (consumer != null) {
            drop(consumer);
            if (out) {
                notListening(Addresses.subscriberIdOf(address));
            }
            done(replyAddress);
        } else if (!out || !subscribers.isOwn(Addresses.subscriberIdOf(address)) || isLive(address)) {
            throw HubException.notFound("not registered at " + address);
        } else {
            done(replyAddress);
        }
    }

    /** The subscriber is no more: nothing will come at its address. */
    void forget(String subscriber) {
        subscribers.gone(subscriber);
        lastSeqs.remove(subscriber);
        exitsHeard.remove(subscriber);
        MessageConsumer<?> consumer = consumers.remove(Addresses.out(subscriber));
        if (consumer != null) {
            drop(consumer);
        }
    }

    /** Unregisters everything. The owners learn of it from {@link Addresses#CONNECTION_CLOSED}. */
    void close() {
        consumers.values().forEach(Registrations::drop);
        consumers.clear();
    }

    private boolean isLive(String outAddress) {
        return subscribers.isLive(Addresses.subscriberIdOf(outAddress));
    }

    private void registerOut(String address, String subscriber, Optional<String> replyAddress) {
        if (shards.addressOfSubscriber(subscriber).isEmpty()) {
            throw HubException.notFound("no such subscriber " + subscriber);
        }
        subscribers.mustOwn(subscriber);
        Function<Delivery.Counted, Outgoing> framing = framing(address, subscriber);
        MessageConsumer<Object> consumer =
                bus.localConsumer(address, message -> deliver(message, address, subscriber, framing));
        consumers.put(address, consumer);
        consumer.completion()
                .onSuccess(done -> {
                    if (consumers.get(address) == consumer) {
                        done(replyAddress);
                        tellOwner(subscriber, new FlowMessage.Listening(subscriber));
                    }
                })
                .onFailure(failure -> failed(address, replyAddress, failure));
    }

    /** How the subscriber's deliveries are written; decided when it was attached. */
    private Function<Delivery.Counted, Outgoing> framing(String address, String subscriber) {
        String session = subscribers.sessionOf(subscriber);
        int channel = subscribers.channelOf(subscriber);
        if (channel != OwnSubscribers.NO_CHANNEL) {
            return delivery -> new Outgoing.Binary(channel, delivery);
        }
        byte[] head = encoder.head(address, session);
        return delivery -> new Outgoing.Deferred(head, delivery);
    }

    private void deliver(
            Message<Object> message, String address, String subscriber, Function<Delivery.Counted, Outgoing> framing) {
        Object body = message.body();
        if (body instanceof Delivery.Counted counted) {
            lastSeqs.put(subscriber, counted.seq());
            outbox.add(framing.apply(counted));
        } else if (body instanceof Delivery.Notice notice) {
            if (notice.kind() == Delivery.Kind.WARNING) {
                answers.urgent(address, noticeHeaders(notice), notice.body());
            } else {
                answers.message(address, noticeHeaders(notice), notice.body(), true);
            }
            if (notice.kind() == Delivery.Kind.DISCONNECTED) {
                forget(subscriber);
            } else if (notice.kind() == Delivery.Kind.EXIT) {
                exitsHeard.add(subscriber);
            }
        } else if (body instanceof SubscriberGone) {
            forget(subscriber);
        }
    }

    private static MultiMap noticeHeaders(Delivery.Notice notice) {
        return MultiMap.caseInsensitiveMultiMap()
                .set(Headers.KIND, notice.kind().toString())
                .set(Headers.SESSION, notice.session());
    }

    private void registerTopic(String address, Client client, Optional<String> replyAddress) {
        MessageConsumer<JsonObject> consumer =
                new Topic(address, bus, client, answers, nanoTime, this::after).consumer();
        consumers.put(address, consumer);
        consumer.completion()
                .onSuccess(registered -> {
                    if (consumers.get(address) == consumer) {
                        done(replyAddress);
                    }
                })
                .onFailure(failure -> failed(address, replyAddress, failure));
    }

    private void after(long millis, Runnable task) {
        vertx.setTimer(millis, timer -> task.run());
    }

    private void done(Optional<String> replyAddress) {
        replyAddress.ifPresent(to -> answers.message(to, MultiMap.caseInsensitiveMultiMap(), new JsonObject(), true));
    }

    private void failed(String address, Optional<String> replyAddress, Throwable failure) {
        LOG.error("no registration at {}", address, failure);
        consumers.remove(address);
        answers.error(
                new HubException(ErrorCode.INTERNAL, Answers.INTERNAL),
                replyAddress.or(() -> Optional.of(address)),
                Optional.of(address));
    }

    /** Deliveries that are on their way here are not lost: their owner takes them back. */
    private void notListening(String subscriber) {
        long lastSeq = lastSeqs.getOrDefault(subscriber, 0L);
        boolean exitHeard = exitsHeard.contains(subscriber);
        tellOwner(subscriber, new FlowMessage.NotListening(subscriber, lastSeq, exitHeard));
    }

    private void tellOwner(String subscriber, FlowMessage message) {
        shards.addressOfSubscriber(subscriber).ifPresent(owner -> bus.send(owner, message, LOCAL));
    }

    private static void drop(MessageConsumer<?> consumer) {
        consumer.unregister().onFailure(failure -> LOG.warn("still registered at {}", consumer.address(), failure));
    }
}
