package io.termbus.bridge;

import io.termbus.bridge.ClientMessage.Command;
import io.termbus.protocol.Addresses;
import io.termbus.protocol.ErrorCode;
import io.termbus.protocol.Fields;
import io.termbus.protocol.Grant;
import io.termbus.protocol.Handlers;
import io.termbus.protocol.Headers;
import io.termbus.protocol.HubException;
import io.termbus.protocol.Ids;
import io.termbus.protocol.LocalSessions;
import io.termbus.protocol.Operation;
import io.termbus.protocol.Operation.Target;
import io.termbus.protocol.Operation.Trait;
import io.termbus.protocol.RemoteCalls;
import io.termbus.protocol.SessionPage;
import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import io.vertx.core.eventbus.DeliveryOptions;
import io.vertx.core.eventbus.EventBus;
import io.vertx.core.eventbus.Message;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.EnumSet;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Sends a client's commands to their owners, when its role and subscribers allow, and brings the answers back. */
final class Commands {
    /** Requests of one connection that wait for their answers; the stock bridge allows as many. */
    static final int MAX_PENDING_REQUESTS = 1000;

    /** The longest command line of a {@code run}, and all conditions of a {@code wait}, are half of it. */
    static final int MAX_LASTING_BYTES = 64 * 1024;

    private static final Set<Operation> RECORDED =
            EnumSet.of(Operation.RECORDING, Operation.SEEK, Operation.DELETE_RECORDING);

    private static final Logger LOG = LoggerFactory.getLogger(Commands.class);

    private final EventBus bus;
    private final LocalSessions here;
    private final RemoteCalls remote;
    private final Client client;
    private final OwnSubscribers subscribers;
    private final Answers answers;
    private final LongAnswers.Member longs;
    private final FlowCommands flow;
    private final SnapshotPieces pieces;
    private final CommandAudit audit;
    private final OptionalInt loop;
    private final boolean givesBack;
    private final Standing standing = new Standing();
    private int pending;
    private boolean ended;

    /**
     * @param loop the event loop of the connection
     * @param givesBack whether what the client drives is given back when the connection goes
     */
    Commands(
            EventBus bus,
            LocalSessions here,
            RemoteCalls remote,
            Client client,
            OwnSubscribers subscribers,
            Answers answers,
            LongAnswers.Member longs,
            FlowCommands flow,
            SnapshotPieces pieces,
            OptionalInt loop,
            boolean givesBack) {
        this.bus = bus;
        this.here = here;
        this.remote = remote;
        this.client = client;
        this.subscribers = subscribers;
        this.answers = answers;
        this.longs = longs;
        this.flow = flow;
        this.pieces = pieces;
        this.loop = loop;
        this.givesBack = givesBack;
        this.audit = new CommandAudit(client);
    }

    void dispatch(Command command, Operation operation) {
        try {
            obey(command, operation);
        } catch (HubException e) {
            audit.refused(command, operation, e);
            client.meters().refused(operation, e);
            throw e;
        }
    }

    private void obey(Command command, Operation operation) {
        switch (operation.target()) {
            case HUB -> {
                Permissions.check(operation, client.grant());
                client.mustBeAllowed(operation, recorded(command, operation));
                hub(command, operation);
            }
            case FLOW -> {
                Permissions.check(operation, client.grant());
                flow.dispatch(command, operation, this);
            }
            case SESSION -> {
                String session = Addresses.sessionIdOf(command.address());
                mustReach(client.grant(), session);
                Permissions.check(operation, client.grant());
                client.mustBeAllowed(operation, Optional.of(session));
                checkMayWrite(session, operation);
                session(command, operation, command.address(), here.has(session));
            }
        }
    }

    /** The session whose recording a question at the hub is about. */
    private static Optional<String> recorded(Command command, Operation operation) {
        return RECORDED.contains(operation)
                        && command.body() instanceof JsonObject body
                        && body.getValue("recording") instanceof String recording
                ? Ids.sessionOfRecording(recording)
                : Optional.empty();
    }

    private void session(Command command, Operation operation, String address, boolean local) {
        if (SnapshotPieces.asksFor(command, operation)) {
            pieces.dispatch(command, address, local, this);
        } else {
            forward(command, operation, address, local);
        }
    }

    private void hub(Command command, Operation operation) {
        if (operation == Operation.CREATE) {
            loop.ifPresent(number -> command.headers().set(Headers.LOOP, String.valueOf(number)));
        }
        command.headers().remove(Headers.REACH);
        client.grant().session().ifPresent(session -> command.headers().set(Headers.REACH, session));
        boolean lists = operation == Operation.LIST || operation == Operation.RECORDINGS;
        if (!lists || client.seesAll() || command.replyAddress().isEmpty()) {
            forward(command, operation, Addresses.HUB, true);
        } else if (operation == Operation.LIST) {
            list(command);
        } else {
            answer(
                    command,
                    command,
                    operation,
                    body -> new JsonObject()
                            .put(
                                    "recordings",
                                    new JsonArray(withinReach(body, "recordings", "session")
                                            .toList())));
        }
    }

    private void list(Command command) {
        // pages are made of what there is for the connection: a cursor would name a session that there is not
        SessionPage page = SessionPage.of(Fields.of(command.body()));
        Command all = new Command(command.address(), command.headers(), new JsonObject(), command.replyAddress());
        answer(command, all, Operation.LIST, body -> page.answer(withinReach(body, "sessions", "id")));
    }

    /** Answers the command with what becomes of the hub's answer to {@code asked}. */
    private void answer(Command command, Command asked, Operation operation, Function<JsonObject, JsonObject> becomes) {
        request(asked, operation, Addresses.HUB, true)
                .onSuccess(reply -> answers.reply(
                        command.replyAddress().get(), reply.headers(), becomes.apply((JsonObject) reply.body())))
                .onFailure(failure -> answers.failed(failure, command.replyAddress(), command.address()));
    }

    /** Of an answer that lists them what there is for the connection. */
    private Stream<JsonObject> withinReach(JsonObject answer, String list, String session) {
        return answer.getJsonArray(list).stream()
                .map(JsonObject.class::cast)
                .filter(each -> client.sees(each.getString(session)));
    }

    /** To a token for one session the others do not exist. */
    static void mustReach(Grant grant, String session) {
        if (!grant.reaches(session)) {
            throw HubException.notFound("no such session " + session);
        }
    }

    /** Without a reply address nothing is kept of the command; whether it failed is the client's choice not to know. */
    void forward(Command command, Operation operation, String owner, boolean local) {
        if (command.replyAddress().isEmpty() && operation.is(Trait.AUDITED)) {
            request(command, operation, owner, local)
                    .onFailure(failure -> LOG.debug("a request to {} failed", command.address(), failure));
            return;
        }
        if (command.replyAddress().isEmpty()) {
            checkBody(command);
            if (operation.is(Trait.LONG) || operation.is(Trait.LASTS)) {
                return; // it does nothing but answer, and nobody waits for that
            }
            bus.send(owner, command.body(), options(command, operation, local));
            client.meters().done(operation);
            return;
        }
        String replyAddress = command.replyAddress().get();
        request(command, operation, owner, local)
                .onSuccess(reply -> answers.reply(replyAddress, reply))
                .onFailure(failure -> answers.failed(failure, command.replyAddress(), command.address()));
    }

    /** Sends and waits for the answer. */
    Future<Message<Object>> request(Command command, Operation operation, String owner, boolean local) {
        checkBody(command);
        if (pending >= MAX_PENDING_REQUESTS) {
            throw HubException.limit(
                    "pending requests of a connection", pending + " requests wait for their answers already");
        }
        if (operation.is(Trait.LASTS)) {
            checkSmall(command);
            standing.checkRoom();
        }
        long began = client.meters().now();
        Future<Message<Object>> answer = ask(command, operation, owner, local);
        if (operation.is(Trait.LASTS)) {
            standing.waitBegins(owner);
        }
        pending++;
        boolean mayBeLong = mayBeLong(command, operation);
        if (mayBeLong) {
            longs.begins();
        }
        return answer.onComplete(done -> {
            pending--;
            stands(operation, owner, done.succeeded());
            if (mayBeLong) {
                longs.ends();
            }
            audit.answered(command, operation, done);
            client.meters().answered(operation, began, done);
        });
    }

    /** Keeps book of what ends with the connection. */
    private void stands(Operation operation, String session, boolean succeeded) {
        if (operation.is(Trait.LASTS)) {
            standing.waitEnds(session);
        } else if (operation == Operation.LEASE && succeeded && givesBack) {
            standing.leased(session);
            if (ended) {
                end();
            }
        } else if (operation == Operation.RELEASE && succeeded) {
            standing.released(session);
        }
    }

    /** The connection goes, and with it what it waits for, and what it drives. */
    void end() {
        ended = true;
        standing.end((session, operation) -> {
            MultiMap headers = MultiMap.caseInsensitiveMultiMap().set(Headers.ACTION, operation.action());
            Command last = new Command(session, headers, new JsonObject(), Optional.empty());
            bus.send(session, last.body(), options(last, operation, here.has(Addresses.sessionIdOf(session))));
        });
    }

    /** Whether it asks for what may be long, and does nothing else. */
    static boolean mayBeLong(Command command, Operation operation) {
        return operation.is(Trait.LONG) && command.replyAddress().isPresent();
    }

    private Future<Message<Object>> ask(Command command, Operation operation, String owner, boolean local) {
        String node = !local && Addresses.isSession(owner) ? Ids.ownerOf(Addresses.sessionIdOf(owner)) : "";
        return node.isEmpty()
                ? bus.request(owner, command.body(), options(command, operation, local))
                : remote.request(node, owner, command.body(), options(command, operation, local));
    }

    private DeliveryOptions options(Command command, Operation operation, boolean local) {
        client.stamp(command.headers());
        return new DeliveryOptions()
                .setHeaders(command.headers())
                .setLocalOnly(local)
                .setSendTimeout(operation.answerMs());
    }

    /** Every operation takes its arguments as an object, or none. */
    private static void checkBody(Command command) {
        Fields.of(command.body());
    }

    /** It is kept for as long as it lasts. */
    private static void checkSmall(Command command) {
        long bytes = JsonSize.of(command.body());
        for (Map.Entry<String, String> each : command.headers()) {
            bytes += each.getKey().length() + each.getValue().length();
        }
        if (bytes > MAX_LASTING_BYTES) {
            throw new HubException(
                    ErrorCode.TOO_LARGE,
                    "what lasts may be asked for with " + MAX_LASTING_BYTES + " bytes, body and headers, not " + bytes);
        }
    }

    private void checkMayWrite(String session, Operation operation) {
        if (operation.is(Trait.WRITES) && subscribers.onlyReads(session)) {
            throw new HubException(
                    ErrorCode.NOT_ALLOWED,
                    "action '" + operation.action() + "': this connection is attached to session " + session
                            + " with mode read");
        }
    }

    /** @throws HubException where clients may send nothing there, or there is no such operation */
    static Operation operationOf(Command command) {
        Target target = Target.of(command.address()).orElseThrow(() -> closed(command.address()));
        return Operation.of(target, Handlers.actionOf(command.headers()));
    }

    private static HubException closed(String address) {
        return new HubException(ErrorCode.NOT_ALLOWED, "no client may send to " + address);
    }
}
