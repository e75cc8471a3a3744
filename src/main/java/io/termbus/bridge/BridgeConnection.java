package io.termbus.bridge;

import static io.termbus.protocol.HubBus.LOCAL;

import io.termbus.audit.Audit;
import io.termbus.bridge.ClientMessage.Command;
import io.termbus.bridge.ClientMessage.Ping;
import io.termbus.bridge.ClientMessage.Register;
import io.termbus.bridge.ClientMessage.Unregister;
import io.termbus.loop.Loops;
import io.termbus.protocol.Addresses;
import io.termbus.protocol.ErrorCode;
import io.termbus.protocol.Fields;
import io.termbus.protocol.Grant;
import io.termbus.protocol.Headers;
import io.termbus.protocol.HubException;
import io.termbus.protocol.LocalSessions;
import io.termbus.protocol.Operation;
import io.termbus.protocol.Operation.Trait;
import io.termbus.protocol.RemoteCalls;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.eventbus.EventBus;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.auth.User;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The protocol of one client connection, whatever its transport. Made, called and called back on the
 * event loop of the connection only.
 */
public final class BridgeConnection {
    private static final Logger LOG = LoggerFactory.getLogger(BridgeConnection.class);
    /** How long a last error may take to reach a peer that does not read, in milliseconds. */
    static final long LINGER_MS = 1000;

    private static final int MAX_TOKEN_CHARS = 1024;

    private enum State {
        OPEN,
        /** The grant has ended; subscribers are being told; input is ignored. */
        EXPELLED,
        /** A last error is being flushed; input is ignored. */
        ENDING,
        CLOSED
    }

    private final Vertx vertx;
    private final EventBus bus;
    private final Context home;
    private final LongSupplier nanoTime;
    private final BridgeContext hub;
    private final Transport transport;
    private final Client client;
    private final Outbox outbox;
    private final Answers answers;
    private final Registrations registrations;
    private final Commands commands;
    private final FlowCommands flow;
    private final SnapshotPieces pieces;
    private final BinaryCommands binary;
    private final GrantWatch watch;
    private final InputRate rate;
    private final ReadBudget intake;
    private final LongAnswers.Member longs;
    /** A command that waits until its answer, which may be long, may be under way; none is handled before it. */
    private Optional<Runnable> held = Optional.empty();

    private State state = State.OPEN;
    private Optional<Admission.Place> place = Optional.empty();
    private boolean left;
    private boolean peerIsGone;
    private Optional<Long> loginTimer = Optional.empty();
    private Optional<Long> lingerTimer = Optional.empty();

    /** @param transport its handlers may be set before {@link #open} is called */
    public BridgeConnection(Vertx vertx, BridgeContext hub, Transport transport) {
        this(vertx, hub, transport, System::nanoTime, ThreadTime::nanos);
    }

    BridgeConnection(
            Vertx vertx, BridgeContext hub, Transport transport, LongSupplier nanoTime, LongSupplier workNanos) {
        this.vertx = vertx;
        this.bus = hub.bus(vertx);
        this.home = vertx.getOrCreateContext();
        this.nanoTime = nanoTime;
        this.hub = hub;
        this.transport = transport;
        Dialect dialect = transport.dialect();
        FrameEncoder encoder = new FrameEncoder(dialect, transport.envelope());
        client = new Client(hub, transport);
        client.takeBinary(dialect.beginsBinary());
        OwnSubscribers subscribers = new OwnSubscribers(
                hub.config().connection().maxSubscribers(),
                new LinkShares(hub.shards(), client.connection(), (owner, message) -> bus.send(owner, message, LOCAL)));
        rate = new InputRate(hub.config().connection(), nanoTime);
        intake = new ReadBudget(vertx, transport, hub.crowd(), this::read, nanoTime, workNanos);
        outbox = new Outbox(
                transport,
                encoder,
                hub.config().connection().maxUnflushedBytes(),
                this::overflow,
                hub.unread().enter(() -> home.runOnContext(full -> memoryIsShort())));
        longs = hub.longs().enter(vertx, client::payer, this::mayAskAgain);
        answers = new Answers(dialect, encoder, outbox, longs, intake::answered, hub.meters());
        registrations = new Registrations(vertx, bus, nanoTime, hub.shards(), subscribers, encoder, outbox, answers);
        flow = new FlowCommands(hub.shards(), client, transport.name(), subscribers, registrations, answers);
        pieces = new SnapshotPieces(vertx, answers, outbox::keeps);
        commands = new Commands(
                bus,
                LocalSessions.of(vertx),
                RemoteCalls.of(vertx),
                client,
                subscribers,
                answers,
                longs,
                flow,
                pieces,
                Loops.of(vertx).current(),
                !transport.isOneRequest());
        binary = new BinaryCommands(subscribers);
        watch = new GrantWatch(vertx, bus, hub.authenticator(), this::expel);
    }

    /** Id of the connection. */
    public String id() {
        return client.connection();
    }

    /** Who pays for what it does: its user, from one address. */
    public String payer() {
        return client.payer();
    }

    /**
     * Begins; call once, when the transport's handlers are set. Where {@code connection.max} is reached
     * the client is told so and the connection is closed.
     *
     * @param token presented when connecting; empty where the client has yet to log in
     */
    public void open(Optional<String> token) {
        open(token, Optional.empty(), Optional.empty());
    }

    /**
     * @param user whom the program that the hub is part of has let in
     * @param known what a trusted proxy says of the client; a token may raise it
     */
    public void open(Optional<String> token, Optional<User> user, Optional<Grant> known) {
        if (hub.slots().isClosed()) {
            end(new HubException(ErrorCode.UNAVAILABLE, "the hub is shutting down"));
            return;
        }
        hub.connections().add(this);
        try {
            place = Optional.of(
                    hub.admission().enter(transport.address(), () -> home.runOnContext(given -> makesRoom())));
        } catch (HubException e) {
            refuse(e);
            return;
        }
        known.ifPresent(grant -> {
            client.accept(grant);
            hub.meters().loggedIn();
            client.audit("login", client.facts(), Audit.OK);
        });
        Credentials given = client.credentials(token, user);
        if (given.areGiven()) {
            tryLogin(given);
        }
        if (!client.isLoggedIn()) {
            long ms = hub.config().connection().login().toMillis();
            loginTimer = Optional.of(vertx.setTimer(ms, timer -> loginIsDue()));
            place.ifPresent(Admission.Place::waitsForLogin);
        }
        restFirst();
    }

    /** From what others of who pays did that have gone. */
    private void restFirst() {
        if (client.pays()) {
            intake.restFirst(hub.debts().of(client.payer(), nanoTime.getAsLong()));
        }
    }

    /** Its place was given to a newer one before it had logged in. */
    private void makesRoom() {
        end(HubException.limit("connection.max", "there was no room for connections that have not logged in"));
    }

    private void refuse(HubException reason) {
        if (hub.slots().mayWarn()) {
            LOG.warn("connection of {} refused: {}", client.peer(), reason.getMessage());
        }
        end(reason);
    }

    /** The bytes of one frame or message of the client, without prefix. */
    public void received(Buffer frame) {
        if (state != State.OPEN) {
            return;
        }
        try {
            rate.received(frame.length());
            intake.add(frame);
        } catch (HubException e) {
            end(e);
        }
    }

    /** Any thread, while nothing else of the connection is handled. */
    private Runnable read(Buffer frame) {
        try {
            if (client.takesBinary() && BinaryFrames.isBinary(frame)) {
                BinaryFrames.Received binaryFrame = BinaryFrames.parse(frame);
                return () -> handleBinary(binaryFrame);
            }
            JsonObject json = ClientJson.objectOf(frame);
            return () -> handle(json);
        } catch (HubException e) {
            return () -> garbage(e);
        }
    }

    private void garbage(HubException reason) {
        if (state != State.OPEN) {
            return;
        }
        if (transport.dialect().closesOnGarbage()) {
            end(reason);
        } else {
            answers.error(reason, Optional.empty(), Optional.empty());
        }
    }

    /** Tells the client why, flushes what waits, then closes. Further input is ignored. Idempotent. */
    public void end(HubException reason) {
        if (state != State.OPEN) {
            return;
        }
        state = State.ENDING;
        LOG.debug("connection {} of {} is closed: {}", id(), client.peer(), reason.getMessage());
        leave();
        lingerTimer = Optional.of(vertx.setTimer(LINGER_MS, timer -> abort()));
        outbox.finish(answers.fatal(reason)).onComplete(done -> hangUp());
    }

    /** The same from any thread. */
    void endSoon(HubException reason) {
        home.runOnContext(now -> end(reason));
    }

    /**
     * The transport is closed: what the peer sent before gets its turn, unless the hub was ending the connection; then
     * everything of the connection goes. Idempotent.
     */
    public void closed() {
        if (state != State.OPEN) {
            over();
        } else if (!peerIsGone) {
            peerIsGone = true;
            longs.leave();
            outbox.close();
            intake.finish(this::over);
            vertx.runOnContext(v -> mayAskAgain());
        }
    }

    /** Everything of the connection goes. Idempotent. */
    private void over() {
        if (state == State.CLOSED) {
            return;
        }
        state = State.CLOSED;
        leave();
        lingerTimer.ifPresent(vertx::cancelTimer);
        outbox.close();
        place.ifPresent(Admission.Place::leave);
        hub.connections().remove(this);
    }

    /** The grant holds no more: subscribers are told, then the client is. */
    private void expel(HubException reason) {
        if (state != State.OPEN) {
            return;
        }
        state = State.EXPELLED;
        Audit.record("expelled", client.facts(), reason.getMessage());
        LOG.info("connection {} of {}: {}", id(), client.peer(), reason.getMessage());
        flow.kickAll(bus).onComplete(told -> {
            if (state == State.EXPELLED) {
                state = State.OPEN;
                end(reason);
            }
        });
    }

    /** A wrong token at connect is no error yet: the client may still log in. */
    private void tryLogin(Credentials given) {
        login(
                given,
                this::restFirst,
                refusal -> LOG.warn("connection {} of {}: {}", id(), client.peer(), refusal.getMessage()));
    }

    /** What comes behind is handled when the answer is there. */
    private void login(Credentials given, Runnable then, Consumer<HubException> refused) {
        Future<Void> login = client.login(vertx, given);
        boolean waits = !login.isComplete();
        if (waits) {
            intake.hold();
        }
        login.onSuccess(done -> loggedIn(then)).onFailure(cause -> {
            if (state == State.OPEN) {
                refused.accept((HubException) cause);
            }
        });
        if (waits) {
            login.onComplete(done -> intake.proceed());
        }
    }

    private void loggedIn(Runnable then) {
        if (state != State.OPEN) {
            return;
        }
        place.ifPresent(Admission.Place::loggedIn);
        watch.begin(client.grant());
        loginTimer.ifPresent(vertx::cancelTimer);
        loginTimer = Optional.empty();
        then.run();
    }

    private void loginIsDue() {
        if (!client.isLoggedIn()) {
            end(new HubException(
                    ErrorCode.NOT_LOGGED_IN,
                    "no login within " + hub.config().connection().login().toSeconds()
                            + " s (connection.loginSeconds)"));
        }
    }

    private void handle(JsonObject json) {
        if (state != State.OPEN) {
            return;
        }
        Optional<String> address = ClientMessageParser.usableText(json, "address");
        Optional<String> replyAddress = ClientMessageParser.usableText(json, "replyAddress");
        Optional<String> answerTo =
                "register".equals(json.getValue("type")) ? replyAddress.or(() -> address) : replyAddress;
        attempt(() -> dispatch(ClientMessageParser.parse(json)), answerTo, address);
    }

    private void handleBinary(BinaryFrames.Received frame) {
        if (state != State.OPEN) {
            return;
        }
        attempt(() -> binary.commandOf(frame).ifPresent(this::dispatch), Optional.empty(), Optional.empty());
    }

    private void attempt(Runnable handling, Optional<String> answerTo, Optional<String> address) {
        try {
            handling.run();
        } catch (HubException e) {
            answers.error(e, answerTo, address);
        } catch (RuntimeException e) {
            LOG.error("connection {} of {}: a message could not be handled", id(), client.peer(), e);
            answers.error(new HubException(ErrorCode.INTERNAL, Answers.INTERNAL), answerTo, address);
        }
    }

    private void dispatch(ClientMessage message) {
        if (message instanceof Command command) {
            command(command);
        } else if (message instanceof Ping) {
            if (transport.dialect().answersPing()) {
                answers.pong();
            }
        } else if (message instanceof Register register) {
            rate.requested();
            registrations.register(register.address(), client, register.replyAddress());
        } else if (message instanceof Unregister unregister) {
            rate.requested();
            client.role();
            registrations.unregister(unregister.address(), unregister.replyAddress());
        }
    }

    private void command(Command command) {
        Optional<Operation> known =
                Operation.find(command.address(), command.headers().get(Headers.ACTION));
        if (known.isEmpty() || !known.get().is(Trait.FREE)) {
            rate.requested();
        }
        if (known.isPresent() && known.get() == Operation.LOGIN) {
            login(command);
            return;
        }
        client.role();
        Operation operation = known.orElseGet(() -> Commands.operationOf(command)); // which says what is wrong
        if (operation == Operation.HUB_INFO) {
            answerInfo(command);
            hub.meters().done(operation);
        } else if (!Commands.mayBeLong(command, operation)) {
            commands.dispatch(command, operation);
        } else if (longs.mayAsk() || peerIsGone) {
            ask(command, operation);
        } else {
            held = Optional.of(() ->
                    attempt(() -> ask(command, operation), command.replyAddress(), Optional.of(command.address())));
            intake.hold();
        }
    }

    /** It does nothing but ask: where nobody is there to be answered it is passed over. */
    private void ask(Command command, Operation operation) {
        if (!peerIsGone && state == State.OPEN) {
            commands.dispatch(command, operation);
        }
    }

    /** An answer that may be long is on its way to the client, or the client has gone. */
    private void mayAskAgain() {
        if (held.isPresent() && (longs.mayAsk() || peerIsGone)) {
            Runnable command = held.get();
            held = Optional.empty();
            command.run();
            intake.proceed();
        }
    }

    private void login(Command command) {
        Fields fields = Fields.of(command.body());
        boolean asksBinary = BinaryFrames.askedFor(fields, transport.dialect());
        String token = fields.requiredText("token", MAX_TOKEN_CHARS);
        login(
                client.credentials(Optional.of(token), Optional.empty()),
                () -> {
                    client.takeBinary(asksBinary);
                    answerInfo(command);
                    hub.meters().done(Operation.LOGIN);
                    restFirst();
                },
                refusal -> {
                    hub.meters().refused(Operation.LOGIN, refusal);
                    answers.error(refusal, command.replyAddress(), Optional.of(command.address()));
                });
    }

    private void answerInfo(Command command) {
        command.replyAddress()
                .ifPresent(
                        address -> answers.message(address, MultiMap.caseInsensitiveMultiMap(), client.info(), true));
    }

    private void overflow() {
        int max = hub.config().connection().maxUnflushedBytes();
        LOG.warn(
                "connection {} of {} is closed: more than {} bytes wait for it to read (connection.maxUnflushedBytes)",
                id(),
                client.peer(),
                max);
        outbox.dropWaiting();
        end(HubException.limit("connection.maxUnflushedBytes", "more than " + max + " bytes wait to be read"));
    }

    /** All connections together have too much that waits, and this one the most: its client does not read. */
    private void memoryIsShort() {
        LOG.warn(
                "connection {} of {} is closed: {} bytes wait for it to read, and all connections have a quarter of the heap",
                id(),
                client.peer(),
                outbox.unflushedBytes());
        abort();
    }

    private void hangUp() {
        if (state == State.ENDING) {
            transport.close();
            over();
        }
    }

    private void abort() {
        transport.abort();
        over();
    }

    /** Takes the connection off the bus. Idempotent. */
    private void leave() {
        if (left) {
            return;
        }
        left = true;
        longs.leave();
        hub.debts().left(client.payer(), intake.unrested(), nanoTime.getAsLong());
        intake.close();
        loginTimer.ifPresent(vertx::cancelTimer);
        watch.close();
        pieces.close();
        commands.end();
        registrations.close();
        if (client.isLoggedIn()) {
            bus.publish(Addresses.CONNECTION_CLOSED, id(), LOCAL);
        }
    }
}
