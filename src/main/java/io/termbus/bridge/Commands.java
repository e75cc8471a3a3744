package io.termbus.bridge;

import io.termbus.bridge.ClientMessage.Command;
import io.termbus.protocol.Addresses;
import io.termbus.protocol.ErrorCode;
import io.termbus.protocol.Fields;
import io.termbus.protocol.Grant;
import io.termbus.protocol.Headers;
import io.termbus.protocol.HubException;
import io.termbus.protocol.Ids;
import io.termbus.protocol.LocalSessions;
import io.termbus.protocol.RemoteCalls;
import io.vertx.core.Future;
import io.vertx.core.eventbus.DeliveryOptions;
import io.vertx.core.eventbus.EventBus;
import io.vertx.core.eventbus.Message;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.OptionalInt;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Sends a client's commands to their owners, when its role and subscribers allow, and brings the answers back. */
final class Commands {
    /** How long an owner may take to answer, in milliseconds; Vert.x' own default. */
    static final long REQUEST_TIMEOUT_MS = 30_000;
    /** Requests of one connection that wait for their answers; the stock bridge allows as many. */
    static final int MAX_PENDING_REQUESTS = 1000;

    private static final Logger LOG = LoggerFactory.getLogger(Commands.class);
    private static final Set<String> WRITING = Set.of("input", "stdin", "resize", "signal", "kill", "clear", "rename");

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
    private int pending;

    /** @param loop the event loop of the connection */
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
            OptionalInt loop) {
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
        this.audit = new CommandAudit(client);
    }

    /**
     * @param command its address is one that clients may send to
     * @param action the value of the header {@code action}
     */
    void dispatch(Command command, String action) {
        try {
            obey(command, action);
        } catch (HubException e) {
            audit.refused(command, action, e);
            throw e;
        }
    }

    private void obey(Command command, String action) {
        String address = command.address();
        if (address.equals(Addresses.HUB)) {
            Permissions.checkHubAction(action, client.grant());
            hub(command, action);
        } else if (address.equals(Addresses.FLOW)) {
            Permissions.checkAction(Permissions.FLOW, address, action, client.role());
            flow.dispatch(command, action, this);
        } else {
            mustReach(client.grant(), Addresses.sessionIdOf(address));
            Permissions.checkAction(Permissions.SESSION, address, action, client.role());
            checkMayWrite(Addresses.sessionIdOf(address), action);
            boolean local = here.has(Addresses.sessionIdOf(address));
            if (SnapshotPieces.asksFor(command)) {
                pieces.dispatch(command, address, local, this);
            } else {
                forward(command, address, local);
            }
        }
    }

    private void hub(Command command, String action) {
        Grant grant = client.grant();
        if (action.equals("create")) {
            loop.ifPresent(number -> command.headers().set(Headers.LOOP, String.valueOf(number)));
        }
        if (!action.equals("list")
                || grant.session().isEmpty()
                || command.replyAddress().isEmpty()) {
            forward(command, Addresses.HUB, true);
            return;
        }
        request(command, Addresses.HUB, true)
                .onSuccess(reply ->
                        answers.reply(command.replyAddress().get(), reply.headers(), withinReach(reply.body(), grant)))
                .onFailure(failure -> answers.failed(failure, command.replyAddress(), command.address()));
    }

    /** The answer to {@code list} less the sessions that there are not for the connection. */
    private static JsonObject withinReach(Object body, Grant grant) {
        JsonArray reached = new JsonArray();
        ((JsonObject) body)
                .getJsonArray("sessions").stream()
                        .filter(each -> each instanceof JsonObject session && grant.reaches(session.getString("id")))
                        .forEach(reached::add);
        return new JsonObject().put("sessions", reached);
    }

    /** To a token for one session the others do not exist. */
    static void mustReach(Grant grant, String session) {
        if (!grant.reaches(session)) {
            throw HubException.notFound("no such session " + session);
        }
    }

    /** Without a reply address nothing is kept of the command; whether it failed is the client's choice not to know. */
    void forward(Command command, String owner, boolean local) {
        if (command.replyAddress().isEmpty() && audit.covers(command)) {
            request(command, owner, local)
                    .onFailure(failure -> LOG.debug("a request to {} failed", command.address(), failure));
            return;
        }
        if (command.replyAddress().isEmpty()) {
            checkBody(command);
            bus.send(owner, command.body(), options(command, local));
            return;
        }
        String replyAddress = command.replyAddress().get();
        request(command, owner, local)
                .onSuccess(reply -> answers.reply(replyAddress, reply))
                .onFailure(failure -> answers.failed(failure, command.replyAddress(), command.address()));
    }

    /** Sends and waits for the answer. */
    Future<Message<Object>> request(Command command, String owner, boolean local) {
        checkBody(command);
        if (pending >= MAX_PENDING_REQUESTS) {
            throw HubException.limit(
                    "pending requests of a connection", pending + " requests wait for their answers already");
        }
        pending++;
        boolean mayBeLong = mayBeLong(command);
        if (mayBeLong) {
            longs.begins();
        }
        return ask(command, owner, local).onComplete(done -> {
            pending--;
            if (mayBeLong) {
                longs.ends();
            }
            audit.answered(command, done);
        });
    }

    /** Whether it asks for what may be long, and does nothing else. */
    static boolean mayBeLong(Command command) {
        String action = String.valueOf(command.headers().get(Headers.ACTION));
        return command.replyAddress().isPresent()
                && switch (command.address()) {
                    case Addresses.HUB -> action.equals("list");
                    case Addresses.FLOW -> action.equals("subscribers");
                    default ->
                        Addresses.isSession(command.address()) && (action.equals("info") || action.equals("snapshot"));
                };
    }

    private Future<Message<Object>> ask(Command command, String owner, boolean local) {
        String node = !local && Addresses.isSession(owner) ? Ids.ownerOf(Addresses.sessionIdOf(owner)) : "";
        return node.isEmpty()
                ? bus.request(owner, command.body(), options(command, local))
                : remote.request(node, owner, command.body(), options(command, local));
    }

    private DeliveryOptions options(Command command, boolean local) {
        client.stamp(command.headers());
        return new DeliveryOptions()
                .setHeaders(command.headers())
                .setLocalOnly(local)
                .setSendTimeout(REQUEST_TIMEOUT_MS);
    }

    /** Every operation takes its arguments as an object, or none. */
    private static void checkBody(Command command) {
        Fields.of(command.body());
    }

    private void checkMayWrite(String session, String action) {
        if (WRITING.contains(action) && subscribers.onlyReads(session)) {
            throw new HubException(
                    ErrorCode.NOT_ALLOWED,
                    "action '" + action + "': this connection is attached to session " + session + " with mode read");
        }
    }

    static String actionOf(Command command) {
        String action = command.headers().get(Headers.ACTION);
        if (action == null) {
            throw HubException.malformed("header '" + Headers.ACTION + "' is missing: must name the operation");
        }
        return action;
    }
}
