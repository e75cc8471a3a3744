package io.termbus.bridge;

import io.termbus.bridge.ClientMessage.Command;
import io.termbus.protocol.Addresses;
import io.termbus.protocol.Headers;
import io.termbus.protocol.Operation;
import io.vertx.core.MultiMap;
import io.vertx.core.json.JsonObject;
import java.util.Base64;
import java.util.Optional;

/** Makes of a binary frame the command that a client of JSON would have sent, so that the same rules hold. */
final class BinaryCommands {
    private final OwnSubscribers subscribers;

    BinaryCommands(OwnSubscribers subscribers) {
        this.subscribers = subscribers;
    }

    /** Empty where the frame is for a subscriber that is gone: it was on its way, and nobody waits for an answer. */
    Optional<Command> commandOf(BinaryFrames.Received frame) {
        return subscribers
                .onChannel(frame.channel())
                .map(subscriber -> frame instanceof BinaryFrames.Input input
                        ? input(subscribers.sessionOf(subscriber), input.bytes())
                        : ack(subscriber, ((BinaryFrames.Ack) frame).seq()));
    }

    private static Command input(String session, byte[] bytes) {
        JsonObject body = new JsonObject().put("base64", Base64.getEncoder().encodeToString(bytes));
        return command(Addresses.session(session), Operation.INPUT, body);
    }

    private static Command ack(String subscriber, long seq) {
        return command(
                Addresses.FLOW,
                Operation.ACK,
                new JsonObject().put("subscriber", subscriber).put("seq", seq));
    }

    private static Command command(String address, Operation operation, JsonObject body) {
        MultiMap headers = MultiMap.caseInsensitiveMultiMap().set(Headers.ACTION, operation.action());
        return new Command(address, headers, body, Optional.empty());
    }
}
