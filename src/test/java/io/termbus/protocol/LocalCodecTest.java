package io.termbus.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.eventbus.DeliveryOptions;
import io.vertx.core.eventbus.Message;
import io.vertx.core.eventbus.MessageCodec;
import io.vertx.core.json.JsonObject;
import io.vertx.junit5.VertxExtension;
import io.vertx.junit5.VertxTestContext;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(VertxExtension.class)
final class LocalCodecTest {
    private static final DeliveryOptions LOCAL = new DeliveryOptions().setLocalOnly(true);

    /** A message of somebody else's, in the same Vert.x. */
    private record Foreign(String text) {}

    @Test
    void messagesTravelByReference(Vertx vertx, VertxTestContext context) {
        LocalCodec.register(vertx);
        LocalCodec.register(vertx);
        LocalMessage sent = new Delivery.Notice(Delivery.Kind.EXIT, "session", new JsonObject());
        vertx.eventBus().localConsumer("here", message -> {
            context.verify(() -> assertThat(message.body()).isSameAs(sent));
            context.completeNow();
        });
        vertx.eventBus().send("here", sent, LOCAL);
    }

    @Test
    void everyKindIsCarried(Vertx vertx, VertxTestContext context) {
        LocalCodec.register(vertx);
        List<LocalMessage> kinds = List.of(
                new SubscriberGone(),
                new FlowMessage.ShutDown(),
                new FlowMessage.Removed("session"),
                new SessionMessage.SubscriberCount(1));
        vertx.eventBus().localConsumer("here", message -> message.reply("taken"));
        Future.all(kinds.stream()
                        .map(kind -> vertx.eventBus().request("here", kind, LOCAL))
                        .toList())
                .onComplete(context.succeeding(answers -> context.completeNow()));
    }

    @Test
    void theHostsOwnCodecSelectorStays(Vertx vertx, VertxTestContext context) {
        vertx.eventBus().registerCodec(new HostCodec());
        vertx.eventBus().codecSelector(body -> body instanceof Foreign ? HostCodec.NAME : null);
        LocalCodec.register(vertx);
        vertx.eventBus().localConsumer("here", message -> message.reply(message.body() instanceof Foreign));
        Future.all(
                        vertx.eventBus().request("here", new Foreign("text"), LOCAL),
                        vertx.eventBus().request("here", new SubscriberGone(), LOCAL))
                .onComplete(context.succeeding(answers -> {
                    context.verify(() -> assertThat(answers.<Message<Object>>list())
                            .extracting(Message::body)
                            .containsExactly(true, false));
                    context.completeNow();
                }));
    }

    private static final class HostCodec implements MessageCodec<Foreign, Foreign> {
        static final String NAME = "host";

        @Override
        public void encodeToWire(Buffer buffer, Foreign message) {
            throw new UnsupportedOperationException();
        }

        @Override
        public Foreign decodeFromWire(int position, Buffer buffer) {
            throw new UnsupportedOperationException();
        }

        @Override
        public Foreign transform(Foreign message) {
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
}
