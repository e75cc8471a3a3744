package io.termbus.protocol;

import static io.termbus.protocol.HubBus.LOCAL;

import io.termbus.protocol.Operation.Target;
import io.vertx.core.Future;
import io.vertx.core.eventbus.DeliveryOptions;
import io.vertx.core.eventbus.EventBus;
import io.vertx.core.eventbus.Message;
import io.vertx.core.eventbus.ReplyException;
import io.vertx.core.eventbus.ReplyFailure;
import io.vertx.core.json.JsonObject;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a verticle answers at {@link Addresses#HUB}, by its handlers; what concerns shares and recordings goes on
 * to who keeps them. On the event loop of the verticle.
 */
public final class HubRequests {
    private static final Logger LOG = LoggerFactory.getLogger(HubRequests.class);

    private final Supplier<EventBus> bus;
    private final Handlers<Handler> handlers;

    /** Answers one operation; a request that is refused throws, or fails the future. */
    @FunctionalInterface
    public interface Handler extends Function<Message<Object>, Future<JsonObject>> {}

    /**
     * @param bus asked for once there are requests
     * @param own handlers of all operations but those of shares, recordings and the upgrade
     */
    public HubRequests(Supplier<EventBus> bus, Map<Operation, Handler> own) {
        this.bus = bus;
        Map<Operation, Handler> all = new EnumMap<>(own);
        List.of(Operation.SHARE, Operation.REVOKE, Operation.SHARES)
                .forEach(each -> all.put(each, message -> forward(Addresses.SHARES, message)));
        List.of(Operation.RECORDINGS, Operation.RECORDING, Operation.SEEK, Operation.DELETE_RECORDING)
                .forEach(each -> all.put(each, message -> forward(Addresses.RECORDINGS, message)));
        all.put(Operation.UPGRADE, this::upgrade);
        this.handlers = new Handlers<>(Target.HUB, all);
    }

    /** Answers the request, or refuses it. */
    public void received(Message<Object> message) {
        try {
            handlers.of(message.headers())
                    .apply(message)
                    .onSuccess(message::reply)
                    .onFailure(cause -> refuse(message, cause));
        } catch (RuntimeException e) {
            refuse(message, e);
        }
    }

    /** Who keeps them is told who asks. */
    private Future<JsonObject> forward(String address, Message<Object> message) {
        DeliveryOptions options = new DeliveryOptions(LOCAL).setHeaders(message.headers());
        return bus.get().<JsonObject>request(address, message.body(), options).map(Message::body);
    }

    private Future<JsonObject> upgrade(Message<Object> message) {
        return bus.get()
                .<JsonObject>request(Addresses.UPGRADE, message.body(), LOCAL)
                .map(Message::body)
                .recover(cause -> Future.failedFuture(
                        cause instanceof ReplyException refused && refused.failureType() == ReplyFailure.NO_HANDLERS
                                ? new HubException(
                                        ErrorCode.CONFLICT,
                                        "this hub cannot be upgraded in place: it is a node of a cluster, or part of a"
                                                + " program")
                                : cause));
    }

    private static void refuse(Message<Object> message, Throwable cause) {
        if (!Refusals.known(message, cause)) {
            LOG.error("request at {} failed", Addresses.HUB, cause);
            Refusals.internal(message);
        }
    }
}
