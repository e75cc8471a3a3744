package io.termbus.session;

import io.termbus.protocol.Fields;
import io.termbus.protocol.Handlers;
import io.termbus.protocol.Headers;
import io.termbus.protocol.HubException;
import io.termbus.protocol.Operation;
import io.termbus.protocol.Operation.Target;
import io.termbus.protocol.Refusals;
import io.vertx.core.eventbus.Message;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Reads the commands at {@code termbus.session.<id>}, checks them, has the session obey and answers. */
final class SessionCommands {
    private static final Logger LOG = LoggerFactory.getLogger(SessionCommands.class);
    /** Longer than any signal's name. */
    private static final int MAX_SIGNAL_CHARS = 16;

    private final SessionVerticle session;
    private final Handlers<BiConsumer<Fields, Message<Object>>> handlers;

    SessionCommands(SessionVerticle session) {
        this.session = session;
        this.handlers = new Handlers<>(
                Target.SESSION,
                Map.of(
                        Operation.INFO, this::info,
                        Operation.INPUT, this::input,
                        Operation.STDIN, this::standardInput,
                        Operation.RESIZE, done(this::resize),
                        Operation.SIGNAL, done(this::signal),
                        Operation.KILL, done(fields -> session.kill()),
                        Operation.CLEAR, done(fields -> session.clear()),
                        Operation.RENAME,
                                done(fields -> session.rename(fields.requiredText("name", SessionSpec.MAX_NAME_CHARS))),
                        Operation.SNAPSHOT, this::snapshot));
    }

    void received(Message<Object> message) {
        try {
            handlers.of(message.headers()).accept(Fields.of(message.body()), message);
        } catch (HubException e) {
            refuse(message, e);
        } catch (RuntimeException e) {
            LOG.error("session {} failed on {}", session.id(), actionOf(message), e);
            Refusals.internal(message);
        }
    }

    private static BiConsumer<Fields, Message<Object>> done(Consumer<Fields> command) {
        return (fields, message) -> {
            command.accept(fields);
            message.reply(new JsonObject());
        };
    }

    private void info(Fields fields, Message<Object> message) {
        message.reply(fields.flagOr("brief", false) ? session.brief() : session.info());
    }

    private void input(Fields fields, Message<Object> message) {
        session.input(bytes(fields), Optional.ofNullable(message.headers().get(Headers.CONNECTION)));
        message.reply(new JsonObject());
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
        session.snapshot(scrollback, text).onSuccess(message::reply).onFailure(cause -> {
            if (!Refusals.known(message, cause)) {
                LOG.error("no snapshot of session {}", session.id(), cause);
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
        if (message.replyAddress() == null) {
            LOG.warn("session {}: {} refused: {}", session.id(), actionOf(message), cause.getMessage());
        }
        message.fail(cause.error().code(), cause.getMessage());
    }
}
