package io.termbus;

import io.termbus.loop.Loops;
import io.termbus.protocol.ErrorCode;
import io.termbus.protocol.Headers;
import io.termbus.protocol.Operation;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.eventbus.DeliveryOptions;
import io.vertx.core.eventbus.EventBus;
import io.vertx.core.eventbus.Message;
import io.vertx.core.eventbus.ReplyException;
import io.vertx.core.json.JsonObject;
import java.util.Optional;
import java.util.OptionalInt;

/** Asks a hub of the same JVM, which trusts whoever does. Any thread. */
final class LocalRequests {
    private final Loops loops;
    private final EventBus bus;
    private final String connection;

    /** @param connection whose it is at sessions what is waited for and driven */
    LocalRequests(Vertx vertx, EventBus bus, String connection) {
        this.connection = connection;
        this.loops = Loops.of(vertx);
        this.bus = bus;
    }

    EventBus bus() {
        return bus;
    }

    /** Fails with a {@link TermbusException}. */
    Future<JsonObject> ask(String address, String action, JsonObject arguments) {
        return bus.<JsonObject>request(address, arguments, options(address, action))
                .map(Message::body)
                .recover(cause -> Future.failedFuture(refusal(cause)));
    }

    /** Sends and forgets. */
    void tell(String address, String action, JsonObject arguments) {
        bus.send(address, arguments, options(address, action));
    }

    private DeliveryOptions options(String address, String action) {
        DeliveryOptions options = new DeliveryOptions().setLocalOnly(true).addHeader(Headers.ACTION, action);
        Optional<Operation> operation = Operation.find(address, action);
        options.setSendTimeout(operation.map(Operation::answerMs).orElse(Operation.ANSWER_MS));
        operation
                .filter(each -> each.target() == Operation.Target.SESSION)
                .ifPresent(each -> options.addHeader(Headers.CONNECTION, connection));
        OptionalInt loop = loops.current();
        loop.ifPresent(number -> options.addHeader(Headers.LOOP, String.valueOf(number)));
        return options;
    }

    private static TermbusException refusal(Throwable cause) {
        if (!(cause instanceof ReplyException reply)) {
            return new TermbusException(ErrorCode.INTERNAL.code(), String.valueOf(cause.getMessage()));
        }
        return switch (reply.failureType()) {
            case RECIPIENT_FAILURE -> new TermbusException(reply.failureCode(), String.valueOf(reply.getMessage()));
            case NO_HANDLERS -> new TermbusException(ErrorCode.NOT_FOUND.code(), "no such session");
            default -> new TermbusException(ErrorCode.UNAVAILABLE.code(), "the hub does not answer");
        };
    }
}
