package io.termbus.protocol;

import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.eventbus.EventBus;
import io.vertx.core.eventbus.MessageCodec;
import java.util.stream.Stream;

/** Hands {@link LocalMessage}s of one class over by reference: nothing is copied and nothing leaves the JVM. */
public final class LocalCodec<M extends LocalMessage> implements MessageCodec<M, M> {
    private final String name;

    private LocalCodec(Class<M> type) {
        this.name = type.getName();
    }

    /**
     * Makes {@code vertx} carry {@link LocalMessage}s, and {@link LinkMessage}s to other nodes. Call before the first
     * verticle is deployed; again is no harm. What else {@code vertx} carries is not concerned.
     */
    public static void register(Vertx vertx) {
        EventBus bus = vertx.eventBus();
        once(() -> bus.registerCodec(new LinkCodec()));
        Stream.of(Delivery.class, FlowMessage.class, SessionMessage.class, SubscriberGone.class)
                .flatMap(LocalCodec::kinds)
                .forEach(kind -> register(bus, kind));
    }

    /** One more class of message, of a package of its own. */
    public static <M extends LocalMessage> void register(EventBus bus, Class<M> type) {
        once(() -> bus.registerDefaultCodec(type, new LocalCodec<>(type)));
    }

    private static void once(Runnable registration) {
        try {
            registration.run();
        } catch (IllegalStateException alreadyThere) {
            // another hub lives in the same Vert.x; it registered the same
        }
    }

    private static Stream<Class<? extends LocalMessage>> kinds(Class<? extends LocalMessage> type) {
        return type.isSealed()
                ? Stream.of(type.getPermittedSubclasses()).flatMap(each -> kinds(each.asSubclass(LocalMessage.class)))
                : Stream.of(type);
    }

    @Override
    public void encodeToWire(Buffer buffer, M message) {
        throw new UnsupportedOperationException("a local message cannot leave its node: " + message.getClass());
    }

    @Override
    public M decodeFromWire(int position, Buffer buffer) {
        throw new UnsupportedOperationException("a local message cannot come from another node");
    }

    @Override
    public M transform(M message) {
        return message;
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public byte systemCodecID() {
        return -1;
    }
}
