package io.termbus.session;

import static java.util.Map.entry;

import io.termbus.protocol.ErrorCode;
import io.termbus.protocol.Fields;
import io.termbus.protocol.Handlers;
import io.termbus.protocol.Headers;
import io.termbus.protocol.HubException;
import io.termbus.protocol.Operation;
import io.termbus.protocol.Operation.Target;
import io.termbus.protocol.Operation.Trait;
import io.termbus.protocol.Refusals;
import io.termbus.protocol.Role;
import io.vertx.core.Future;
import io.vertx.core.eventbus.Message;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiConsumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Reads the commands at {@code termbus.session.<id>}, checks them, has the session obey and answers. */
final class SessionCommands {
    private static final Logger LOG = LoggerFactory.getLogger(SessionCommands.class);
    /** Longer than any signal's name. */
    private static final int MAX_SIGNAL_CHARS = 16;

    /** Of one operation, of any session: an idle one costs no tables. */
    @FunctionalInterface
    private interface Handler {
        void handle(SessionCommands commands, Fields fields, Message<Object> message);
    }

    private static final Handlers<Handler> HANDLERS = new Handlers<>(
            Target.SESSION,
            Map.ofEntries(
                    entry(Operation.INFO, SessionCommands::info),
                    entry(Operation.INPUT, SessionCommands::input),
                    entry(Operation.KEYS, SessionCommands::keys),
                    entry(Operation.READ, SessionCommands::read),
                    entry(Operation.WAIT, SessionCommands::await),
                    entry(Operation.CANCEL, SessionCommands::cancel),
                    entry(Operation.COMMANDS, SessionCommands::commands),
                    entry(Operation.COMMAND_OUTPUT, SessionCommands::commandOutput),
                    entry(Operation.RUN, SessionCommands::run),
                    entry(Operation.STDIN, SessionCommands::standardInput),
                    entry(Operation.LEASE, SessionCommands::lease),
                    entry(Operation.RELEASE, SessionCommands::release),
                    entry(Operation.RECORD, SessionCommands::record),
                    entry(Operation.RESIZE, driving(SessionCommands::resize)),
                    entry(Operation.SIGNAL, driving(SessionCommands::signal)),
                    entry(Operation.KILL, done((commands, fields) -> commands.session.kill())),
                    entry(Operation.CLEAR, done((commands, fields) -> commands.session.clear())),
                    entry(Operation.RENAME, done(SessionCommands::rename)),
                    entry(Operation.SNAPSHOT, SessionCommands::snapshot)));

    private final SessionVerticle session;

    SessionCommands(SessionVerticle session) {
        this.session = session;
    }

    void received(Message<Object> message) {
        try {
            Handler handler = HANDLERS.of(message.headers());
            if (session.isSuspended()
                    && Operation.of(Target.SESSION, actionOf(message)).is(Trait.WRITES)) {
                throw new HubException(ErrorCode.UNAVAILABLE, "the hub restarts");
            }
            handler.handle(this, Fields.of(message.body()), message);
        } catch (HubException e) {
            refuse(message, e);
        } catch (RuntimeException e) {
            LOG.error("session {} failed on {}", session.id(), actionOf(message), e);
            Refusals.internal(message);
        }
    }

    private static Handler done(BiConsumer<SessionCommands, Fields> command) {
        return (commands, fields, message) -> {
            command.accept(commands, fields);
            message.reply(new JsonObject());
        };
    }

    /** Of what only the one who drives may do, where somebody does. */
    private static Handler driving(BiConsumer<SessionCommands, Fields> command) {
        return (commands, fields, message) -> {
            commands.session.lease().check(driver(fields, message));
            done(command).handle(commands, fields, message);
        };
    }

    private static Lease.Driver driver(Fields fields, Message<Object> message) {
        String user = message.headers().get(Headers.USER);
        return Lease.Driver.of(fields, connectionOf(message).orElse(""), user == null ? "the hub" : user);
    }

    private void lease(Fields fields, Message<Object> message) {
        message.reply(session.take(driver(fields, message), fields));
    }

    private void release(Fields fields, Message<Object> message) {
        message.reply(new JsonObject().put("released", session.release(driver(fields, message))));
    }

    /** Who is asked by nobody, or by a program that the hub is part of, may do all. */
    private void record(Fields fields, Message<Object> message) {
        String role = message.headers().get(Headers.ROLE);
        boolean mayEnd = role == null || role.equals(Role.ADMIN.toString());
        answer(message, session.record(fields.flagOr("on", true), mayEnd));
    }

    private void info(Fields fields, Message<Object> message) {
        message.reply(fields.flagOr("brief", false) ? session.brief() : session.info());
    }

    private void input(Fields fields, Message<Object> message) {
        type(bytes(fields), fields, message);
        message.reply(new JsonObject());
    }

    /** The answer says where in the output they were typed: what they lead to comes behind it. */
    private void keys(Fields fields, Message<Object> message) {
        long offset = session.outputBytes();
        type(KeyStrokes.bytes(fields, session.modes()), fields, message);
        message.reply(new JsonObject().put("offset", offset));
    }

    private void type(byte[] bytes, Fields fields, Message<Object> message) {
        session.lease().checkInput(driver(fields, message), bytes);
        session.input(bytes, connectionOf(message));
    }

    private static Optional<String> connectionOf(Message<Object> message) {
        return Optional.ofNullable(message.headers().get(Headers.CONNECTION));
    }

    private void rename(Fields fields) {
        session.rename(fields.requiredText("name", SessionSpec.MAX_NAME_CHARS));
    }

    private void resize(Fields fields) {
        session.resize(
                fields.requiredInt("cols", 1, SessionSpec.MAX_SIZE),
                fields.requiredInt("rows", 1, SessionSpec.MAX_SIZE));
    }

    /** Who does not wait for the answer gets none: reading the screen would be for nothing. */
    private void snapshot(Fields fields, Message<Object> message) {
        int scrollback = fields.intOr("scrollback", 0, Integer.MAX_VALUE, Integer.MAX_VALUE);
        boolean text = fields.choice("format", List.of("ansi", "text")).equals("text");
        if (message.replyAddress() == null) {
            return;
        }
        answer(message, session.snapshot(scrollback, text));
    }

    private void read(Fields fields, Message<Object> message) {
        if (message.replyAddress() != null) {
            answer(message, session.read(fields));
        }
    }

    private void await(Fields fields, Message<Object> message) {
        WaitSpec spec = WaitSpec.of(fields, session.outputBytes());
        spec.commands().forEach(session.commands()::require);
        if (message.replyAddress() != null) {
            answer(message, session.await(spec, connectionOf(message).orElse("")));
        }
    }

    private void commands(Fields fields, Message<Object> message) {
        message.reply(session.commands().list(fields));
    }

    private void commandOutput(Fields fields, Message<Object> message) {
        ShellCommand command = session.commands()
                .require(fields.number("id", 1, Long.MAX_VALUE)
                        .orElseThrow(() -> HubException.malformed("field 'id' is missing: must be a command's")));
        if (message.replyAddress() != null) {
            answer(message, session.commandOutput(command, fields));
        }
    }

    /** Who does not wait for the answer has nothing run. */
    private void run(Fields fields, Message<Object> message) {
        RunSpec spec = RunSpec.of(fields);
        Lease.Driver driver = driver(fields, message);
        session.lease().check(driver);
        if (message.replyAddress() != null) {
            answer(message, session.run(spec, driver));
        }
    }

    private void cancel(Fields fields, Message<Object> message) {
        message.reply(new JsonObject()
                .put("count", session.cancelWaits(connectionOf(message).orElse(""))));
    }

    private void answer(Message<Object> message, Future<JsonObject> asked) {
        asked.onSuccess(message::reply).onFailure(cause -> {
            if (!Refusals.known(message, cause)) {
                LOG.error("session {} cannot answer {}", session.id(), actionOf(message), cause);
                Refusals.internal(message);
            }
        });
    }

    private void signal(Fields fields) {
        String signal = fields.requiredText("signal", MAX_SIGNAL_CHARS);
        try {
            session.signal(signal);
        } catch (IllegalArgumentException e) {
            throw Fields.bad("signal", "must be the name of a signal, such as INT or SIGINT", signal);
        }
    }

    private void standardInput(Fields fields, Message<Object> message) {
        boolean end = fields.flagOr("end", false);
        byte[] bytes = end && !fields.has("data") && !fields.has("base64") ? new byte[0] : bytes(fields);
        session.lease().check(driver(fields, message));
        message.reply(session.standardInput(bytes, end) ? new JsonObject() : new JsonObject().put("closed", true));
    }

    private static byte[] bytes(Fields fields) {
        Optional<String> text = fields.text("data", Integer.MAX_VALUE);
        Optional<String> base64 = fields.text("base64", Integer.MAX_VALUE);
        if (text.isPresent() == base64.isPresent()) {
            throw HubException.malformed("input has either field 'data' or field 'base64'");
        }
        return text.map(data -> data.getBytes(StandardCharsets.UTF_8))
                .or(() -> base64.map(SessionCommands::decode))
                .orElseThrow();
    }

    /** Takes both alphabets, with padding or without: clients have either at hand. */
    private static byte[] decode(String base64) {
        try {
            return Base64.getDecoder().decode(base64.replace('-', '+').replace('_', '/'));
        } catch (IllegalArgumentException e) {
            throw Fields.bad("base64", "must be base64", base64);
        }
    }

    private static String actionOf(Message<Object> message) {
        return String.valueOf(message.headers().get(Headers.ACTION));
    }

    private void refuse(Message<Object> message, HubException cause) {
        // who types while another drives does so with every key
        if (message.replyAddress() == null && cause.error() != ErrorCode.LOCKED) {
            LOG.warn("session {}: {} refused: {}", session.id(), actionOf(message), cause.getMessage());
        }
        message.fail(cause.error().code(), cause.getMessage());
    }
}
