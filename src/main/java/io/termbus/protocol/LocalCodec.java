package io.termbus.protocol;

import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.eventbus.EventBus;
import io.vertx.core.eventbus.MessageCodec;
import org.jspecify.annotations.Nullable;

/** Hands {@link LocalMessage}s over by reference: nothing is copied and nothing leaves the JVM. */
public final class LocalCodec implements MessageCodec<LocalMessage, LocalMessage> {
    private static final String NAME = "termbus-local";

    private LocalCodec() {}

    /**
     * Makes {@code vertx} carry {@link LocalMessage}s, and {@link LinkMessage}s to other nodes. Call once, before the
     * first verticle is deployed.
     */
    public static void register(Vertx vertx) {
        EventBus bus = vertx.eventBus();
        bus.registerCodec(new LocalCodec());
        bus.registerCodec(new LinkCodec());
        bus.codecSelector(LocalCodec::nameFor);
    }

    private static @Nullable String nameFor(Object body) {
        if (body instanceof LocalMessage) {
            return NAME;
        }
        return body instanceof LinkMessage ? LinkCodec.NAME : null;
    }

    @Override
    public void encodeToWire(Buffer buffer, LocalMessage message) {
        throw new UnsupportedOperationException("a local message cannot leave its node: " + message.getClass());
    }

    @Override
    public LocalMessage decodeFromWire(int position, Buffer buffer) {
        throw new UnsupportedOperationException("a local message cannot come from another node");
    }

    @Override
    public LocalMessage transform(LocalMessage message) {
        return message;
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public byte systemCodecID() {
        return -1;
    }
}
