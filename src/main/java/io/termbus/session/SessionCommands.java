package io.termbus.session;

import io.termbus.protocol.Fields;
import io.termbus.protocol.Headers;
import io.termbus.protocol.HubException;
import io.termbus.protocol.Refusals;
import io.vertx.core.eventbus.Message;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Reads the commands at {@code termbus.session.<id>}, checks them, has the session obey and answers. */
final class SessionCommands {
    private static final Logger LOG = LoggerFactory.getLogger(SessionCommands.class);
    /** Longer than any signal's name. */
    private static final int MAX_SIGNAL_CHARS = 16;

    private final SessionVerticle session;

    SessionCommands(SessionVerticle session) {
        this.session = session;
    }

    void received(Message<Object> message) {
        String action =
                Optional.ofNullable(message.headers().get(Headers.ACTION)).orElse("");
        try {
            obey(action, Fields.of(message.body()), message);
        } catch (HubException e) {
            refuse(message, action, e);
        } catch (RuntimeException e) {
            LOG.error("session {} failed on {}", session.id(), action, e);
            Refusals.internal(message);
        }
    }

    private void obey(String action, Fields fields, Message<Object> message) {
        switch (action) {
            case "info" -> message.reply(fields.flagOr("brief", false) ? session.brief() : session.info());
            case "input" -> {
                session.input(
                        input(fields), Optional.ofNullable(message.headers().get(Headers.CONNECTION)));
                message.reply(new JsonObject());
            }
            case "stdin" -> message.reply(standardInput(fields));
            case "resize" -> {
                session.resize(
                        fields.requiredInt("cols", 1, SessionSpec.MAX_SIZE),
                        fields.requiredInt("rows", 1, SessionSpec.MAX_SIZE));
                message.reply(new JsonObject());
            }
            case "signal" -> {
                signal(fields.requiredText("signal", MAX_SIGNAL_CHARS));
                message.reply(new JsonObject());
            }
            case "kill" -> {
                session.kill();
                message.reply(new JsonObject());
            }
            case "clear" -> {
                session.clear();
                message.reply(new JsonObject());
            }
            case "rename" -> {
                session.rename(fields.requiredText("name", SessionSpec.MAX_NAME_CHARS));
                message.reply(new JsonObject());
            }
            case "snapshot" -> snapshot(fields, message);
            case "" -> throw HubException.malformed("header 'action' is missing");
            default -> throw HubException.notFound("no such action of a session: " + action);
        }
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

    private void signal(String signal) {
        try {
            session.signal(signal);
        } catch (IllegalArgumentException e) {
            throw Fields.bad("signal", "must be the name of a signal, such as INT or SIGINT", signal);
        }
    }

    private JsonObject standardInput(Fields fields) {
        boolean end = fields.flagOr("end", false);
        byte[] bytes = end && !fields.has("data") && !fields.has("base64") ? new byte[0] : input(fields);
        return session.standardInput(bytes, end) ? new JsonObject() : new JsonObject().put("closed", true);
    }

    private static byte[] input(Fields fields) {
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

    private void refuse(Message<Object> message, String action, HubException cause) {
        if (message.replyAddress() == null) {
            LOG.warn("session {}: {} refused: {}", session.id(), action, cause.getMessage());
        }
        message.fail(cause.error().code(), cause.getMessage());
    }
}
