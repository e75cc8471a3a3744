package io.termbus.bridge;

import io.termbus.bridge.ClientMessage.Command;
import io.termbus.protocol.Addresses;
import io.termbus.protocol.ErrorCode;
import io.termbus.protocol.Fields;
import io.termbus.protocol.FlowShards;
import io.termbus.protocol.Handlers;
import io.termbus.protocol.Headers;
import io.termbus.protocol.HubException;
import io.termbus.protocol.Operation;
import io.termbus.protocol.Operation.Target;
import io.vertx.core.Future;
import io.vertx.core.eventbus.DeliveryOptions;
import io.vertx.core.eventbus.EventBus;
import io.vertx.core.eventbus.Message;
import io.vertx.core.eventbus.ReplyException;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiConsumer;

/**
 * The commands at {@code termbus.flow}: each goes straight to the instance that owns the session or
 * subscriber. Keeps book of the connection's own subscribers.
 */
final class FlowCommands {
    private static final int MAX_ID_CHARS = 100;
    /** Who must leave leaves within a second, with or without the last word. */
    private static final long KICK_TIMEOUT_MS = 300;

    private final FlowShards shards;
    private final Client client;
    private final String transport;
    private final OwnSubscribers subscribers;
    private final Registrations registrations;
    private final Answers answers;
    private final Handlers<BiConsumer<Command, Commands>> handlers;

    FlowCommands(
            FlowShards shards,
            Client client,
            String transport,
            OwnSubscribers subscribers,
            Registrations registrations,
            Answers answers) {
        this.shards = shards;
        this.client = client;
        this.transport = transport;
        this.subscribers = subscribers;
        this.registrations = registrations;
        this.answers = answers;
        this.handlers = new Handlers<>(
                Target.FLOW,
                Map.of(
                        Operation.ATTACH, this::attach,
                        Operation.ACK, this::ack,
                        Operation.STATUS, this::status,
                        Operation.DETACH, this::detach,
                        Operation.SUBSCRIBERS, this::subscribers,
                        Operation.DISCONNECT, this::disconnect));
    }

    void dispatch(Command command, Operation operation, Commands commands) {
        handlers.of(operation).accept(command, commands);
    }

    /** Ends the connection's own subscribers as somebody else would: each is told that it was kicked. */
    Future<?> kickAll(EventBus bus) {
        DeliveryOptions byTheHub = new DeliveryOptions()
                .addHeader(Headers.ACTION, Operation.DETACH.action())
                .addHeader(Headers.CONNECTION, Addresses.HUB)
                .setLocalOnly(true)
                .setSendTimeout(KICK_TIMEOUT_MS);
        return Future.join(subscribers.live().stream()
                .map(id -> bus.request(owner(id), new JsonObject().put("subscriber", id), byTheHub))
                .toList());
    }

    private void attach(Command command, Commands commands) {
        Fields fields = Fields.of(command.body());
        String session = fields.requiredText("session", MAX_ID_CHARS);
        Commands.mustReach(client.grant(), session);
        boolean writes = fields.choice("mode", List.of("write", "read")).equals("write");
        if (writes) {
            Permissions.check(Permissions.WRITE, client.role(), "attaching with mode write");
        }
        if (fields.choice("hold", List.of("limited", "unlimited")).equals("unlimited")) {
            Permissions.checkWholeHub(Permissions.HOLD_FOR_EVER, client.grant(), "field 'hold' = unlimited");
        }
        String replyAddress = command.replyAddress()
                .orElseThrow(() -> HubException.malformed(
                        "field 'replyAddress' is missing: the answer to attach names the subscriber"));
        command.headers().set(Headers.TRANSPORT, transport);
        subscribers.attachBegins();
        try {
            commands.request(command, Operation.ATTACH, shards.addressOfSession(session), true)
                    .onComplete(done -> subscribers.attachEnded())
                    .onSuccess(reply -> attached(reply, session, writes, replyAddress))
                    .onFailure(failure -> answers.failed(failure, Optional.of(replyAddress), command.address()));
        } catch (RuntimeException e) {
            subscribers.attachEnded();
            throw e;
        }
    }

    private void attached(Message<Object> reply, String session, boolean writes, String replyAddress) {
        if (reply.body() instanceof JsonObject body && body.getValue("subscriber") instanceof String subscriber) {
            if (client.takesBinary()) {
                body.put("channel", subscribers.attachedBinary(subscriber, session, writes));
            } else {
                subscribers.attached(subscriber, session, writes);
            }
        }
        answers.reply(replyAddress, reply);
    }

    /** The hot path sends and forgets; whether a stranger exists is for its owner to say. */
    private void ack(Command command, Commands commands) {
        String subscriber = subscriberOf(command);
        String owner = owner(subscriber);
        if (subscribers.isOwn(subscriber)) {
            commands.forward(command, Operation.ACK, owner, true);
            return;
        }
        commands.request(command, Operation.ACK, owner, true)
                .onFailure(failure -> answers.failed(failure, command.replyAddress(), command.address()));
    }

    private void status(Command command, Commands commands) {
        commands.forward(command, Operation.STATUS, owner(mayBeOthers(command)), true);
    }

    private void detach(Command command, Commands commands) {
        String subscriber = mayBeOthers(command);
        end(command, Operation.DETACH, owner(subscriber), commands);
    }

    /** Who may not reach the subscriber's session is refused by its owner, who alone knows the session. */
    private void disconnect(Command command, Commands commands) {
        client.grant().session().ifPresent(reach -> command.headers().set(Headers.REACH, reach));
        end(command, Operation.DISCONNECT, Addresses.FLOW, commands);
    }

    private void subscribers(Command command, Commands commands) {
        Optional<String> session = Fields.of(command.body()).text("session", MAX_ID_CHARS);
        if (session.isPresent()) {
            Commands.mustReach(client.grant(), session.get());
        } else {
            Permissions.checkWholeHub(
                    Permissions.ALL_SUBSCRIBERS, client.grant(), "listing all subscribers of the hub");
        }
        commands.forward(command, Operation.SUBSCRIBERS, Addresses.FLOW, true);
    }

    /** Always asks for an answer: it tells whether the subscriber still counts. */
    private void end(Command command, Operation operation, String owner, Commands commands) {
        String subscriber = subscriberOf(command);
        commands.request(command, operation, owner, true)
                .onSuccess(reply -> {
                    registrations.forget(subscriber);
                    command.replyAddress().ifPresent(address -> answers.replyInOrder(address, reply));
                })
                .onFailure(failure -> {
                    if (isNotFound(failure)) {
                        registrations.forget(subscriber);
                    }
                    if (command.replyAddress().isPresent()) {
                        answers.failed(failure, command.replyAddress(), command.address());
                    }
                });
    }

    private String mayBeOthers(Command command) {
        String subscriber = subscriberOf(command);
        owner(subscriber);
        boolean mayMeanOthers = client.role().atLeast(Permissions.OTHERS_SUBSCRIBERS)
                && client.grant().session().isEmpty();
        if (!mayMeanOthers) {
            subscribers.mustOwn(subscriber);
        }
        return subscriber;
    }

    private static String subscriberOf(Command command) {
        return Fields.of(command.body()).requiredText("subscriber", MAX_ID_CHARS);
    }

    /** Address of the owner; fails where no subscriber can have that id. */
    private String owner(String subscriber) {
        return shards.addressOfSubscriber(subscriber)
                .orElseThrow(() -> HubException.notFound("no such subscriber " + subscriber));
    }

    private static boolean isNotFound(Throwable failure) {
        return failure instanceof ReplyException reply && reply.failureCode() == ErrorCode.NOT_FOUND.code();
    }
}
