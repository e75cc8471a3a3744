package io.termbus.protocol;

import io.vertx.core.DeploymentOptions;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.eventbus.DeliveryContext;
import io.vertx.core.eventbus.DeliveryOptions;
import io.vertx.core.eventbus.EventBus;
import io.vertx.core.eventbus.Message;
import io.vertx.core.eventbus.MessageCodec;
import io.vertx.core.eventbus.MessageConsumer;
import io.vertx.core.eventbus.MessageConsumerOptions;
import io.vertx.core.eventbus.MessageProducer;
import io.vertx.core.json.JsonObject;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The event bus of the program that a hub is part of, as the hub sees it: what is {@code termbus.…} to the hub and to its
 * clients is {@code <prefix>.…} on the bus, so that hubs of one Vert.x do not meet, and nothing is registered in a cluster
 * that the program may be a member of. A hub that has the process for itself uses the bus as it is. Any thread may call.
 */
public final class HubBus implements EventBus {
    /** What addresses of {@link Addresses} begin with. */
    public static final String DEFAULT_PREFIX = "termbus";
    /** Of what stays in this JVM, though there may be a cluster. Nobody changes them. */
    public static final DeliveryOptions LOCAL = new DeliveryOptions().setLocalOnly(true);
    /** In the configuration of the verticles of a hub that is part of a program. */
    private static final String KEY = "addressPrefix";

    private static final String HEAD = DEFAULT_PREFIX + ".";

    private final EventBus bus;
    private final String head;

    private HubBus(EventBus bus, String prefix) {
        this.bus = bus;
        this.head = prefix + ".";
    }

    /** @param prefix what addresses begin with in a program that the hub is part of */
    public static EventBus of(Vertx vertx, String prefix) {
        return new HubBus(vertx.eventBus(), prefix);
    }

    /** @param config of the verticle that calls, as {@link #deployment} made it, or empty */
    public static EventBus of(Vertx vertx, JsonObject config) {
        String prefix = config.getString(KEY);
        return prefix == null ? vertx.eventBus() : of(vertx, prefix);
    }

    /** How the verticles of a hub are deployed that is part of a program. */
    public static DeploymentOptions deployment(String prefix) {
        return new DeploymentOptions().setConfig(new JsonObject().put(KEY, prefix));
    }

    /** Names what a hub has once in its Vert.x. */
    public static String named(JsonObject config, String name) {
        return config.getString(KEY, DEFAULT_PREFIX) + "-" + name;
    }

    private String onBus(String address) {
        return address.startsWith(HEAD) ? head + address.substring(HEAD.length()) : address;
    }

    @Override
    public EventBus send(String address, @Nullable Object message) {
        bus.send(onBus(address), message);
        return this;
    }

    @Override
    public EventBus send(String address, @Nullable Object message, DeliveryOptions options) {
        bus.send(onBus(address), message, options);
        return this;
    }

    @Override
    public <T> Future<Message<T>> request(String address, @Nullable Object message, DeliveryOptions options) {
        return bus.request(onBus(address), message, options);
    }

    @Override
    public EventBus publish(String address, @Nullable Object message) {
        bus.publish(onBus(address), message);
        return this;
    }

    @Override
    public EventBus publish(String address, @Nullable Object message, DeliveryOptions options) {
        bus.publish(onBus(address), message, options);
        return this;
    }

    @Override
    public <T> MessageConsumer<T> consumer(MessageConsumerOptions options) {
        return bus.consumer(local(options));
    }

    @Override
    public <T> MessageConsumer<T> consumer(MessageConsumerOptions options, Handler<Message<T>> handler) {
        return bus.consumer(local(options), handler);
    }

    private MessageConsumerOptions local(MessageConsumerOptions options) {
        return new MessageConsumerOptions(options)
                .setAddress(onBus(options.getAddress()))
                .setLocalOnly(true);
    }

    @Override
    public <T> MessageConsumer<T> consumer(String address) {
        return localConsumer(address);
    }

    @Override
    public <T> MessageConsumer<T> consumer(String address, Handler<Message<T>> handler) {
        return localConsumer(address, handler);
    }

    @Override
    public <T> MessageConsumer<T> localConsumer(String address) {
        return bus.localConsumer(onBus(address));
    }

    @Override
    public <T> MessageConsumer<T> localConsumer(String address, Handler<Message<T>> handler) {
        return bus.localConsumer(onBus(address), handler);
    }

    @Override
    public <T> MessageProducer<T> sender(String address) {
        return bus.sender(onBus(address));
    }

    @Override
    public <T> MessageProducer<T> sender(String address, DeliveryOptions options) {
        return bus.sender(onBus(address), options);
    }

    @Override
    public <T> MessageProducer<T> publisher(String address) {
        return bus.publisher(onBus(address));
    }

    @Override
    public <T> MessageProducer<T> publisher(String address, DeliveryOptions options) {
        return bus.publisher(onBus(address), options);
    }

    @Override
    @SuppressWarnings("rawtypes")
    public EventBus registerCodec(MessageCodec codec) {
        bus.registerCodec(codec);
        return this;
    }

    @Override
    public EventBus unregisterCodec(String name) {
        bus.unregisterCodec(name);
        return this;
    }

    @Override
    public <T> EventBus registerDefaultCodec(Class<T> type, MessageCodec<T, ?> codec) {
        bus.registerDefaultCodec(type, codec);
        return this;
    }

    @Override
    @SuppressWarnings("rawtypes")
    public EventBus unregisterDefaultCodec(Class type) {
        bus.unregisterDefaultCodec(type);
        return this;
    }

    @Override
    public EventBus codecSelector(Function<Object, String> selector) {
        bus.codecSelector(selector);
        return this;
    }

    @Override
    public <T> EventBus addOutboundInterceptor(Handler<DeliveryContext<T>> interceptor) {
        bus.addOutboundInterceptor(interceptor);
        return this;
    }

    @Override
    public <T> EventBus removeOutboundInterceptor(Handler<DeliveryContext<T>> interceptor) {
        bus.removeOutboundInterceptor(interceptor);
        return this;
    }

    @Override
    public <T> EventBus addInboundInterceptor(Handler<DeliveryContext<T>> interceptor) {
        bus.addInboundInterceptor(interceptor);
        return this;
    }

    @Override
    public <T> EventBus removeInboundInterceptor(Handler<DeliveryContext<T>> interceptor) {
        bus.removeInboundInterceptor(interceptor);
        return this;
    }

    @Override
    public EventBus clusterSerializableChecker(Function<String, Boolean> classNamePredicate) {
        bus.clusterSerializableChecker(classNamePredicate);
        return this;
    }

    @Override
    public EventBus serializableChecker(Function<String, Boolean> classNamePredicate) {
        bus.serializableChecker(classNamePredicate);
        return this;
    }
}
