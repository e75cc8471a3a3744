package io.termbus.bridge;

import io.termbus.bridge.ClientMessage.Command;
import io.termbus.bridge.ClientMessage.Ping;
import io.termbus.bridge.ClientMessage.Register;
import io.termbus.bridge.ClientMessage.Unregister;
import io.termbus.protocol.ErrorCode;
import io.termbus.protocol.Fields;
import io.termbus.protocol.Headers;
import io.termbus.protocol.HubException;
import io.vertx.core.MultiMap;
import io.vertx.core.json.JsonObject;
import java.util.Map;
import java.util.Optional;

/** Makes {@link ClientMessage}s of JSON, strictly: whatever is not allowed fails and names the field. */
final class ClientMessageParser {
    /** Longest address in characters; ids are 22 and prefixes about 20, stock clients' reply addresses 36. */
    static final int MAX_ADDRESS_CHARS = 200;
    /** Most headers of a message; the contract knows one. */
    static final int MAX_HEADERS = 32;

    private ClientMessageParser() {}

    static ClientMessage parse(JsonObject json) {
        Fields fields = Fields.of(json);
        String type = fields.requiredText("type", MAX_ADDRESS_CHARS);
        return switch (type) {
            case "ping" -> new Ping();
            case "register" -> register(json, fields);
            case "unregister" -> new Unregister(address(fields), replyAddress(fields));
            case "send" -> command(json, fields, replyAddress(fields));
            case "publish" -> command(json, fields, Optional.empty());
            default -> throw Fields.bad("type", "must be one of ping, register, unregister, send, publish", type);
        };
    }

    /** The reply address of a message that may be malformed elsewhere; an error can still be routed to it. */
    static Optional<String> usableText(JsonObject json, String field) {
        return json.getValue(field) instanceof String text && text.length() <= MAX_ADDRESS_CHARS
                ? Optional.of(text)
                : Optional.empty();
    }

    private static Register register(JsonObject json, Fields fields) {
        headers(json);
        return new Register(address(fields), replyAddress(fields));
    }

    private static Command command(JsonObject json, Fields fields, Optional<String> replyAddress) {
        return new Command(address(fields), headers(json), json.getValue("body"), replyAddress);
    }

    private static String address(Fields fields) {
        return fields.requiredText("address", MAX_ADDRESS_CHARS);
    }

    private static Optional<String> replyAddress(Fields fields) {
        return fields.text("replyAddress", MAX_ADDRESS_CHARS);
    }

    private static MultiMap headers(JsonObject json) {
        Object value = json.getValue("headers");
        MultiMap headers = MultiMap.caseInsensitiveMultiMap();
        if (value == null) {
            return headers;
        }
        if (!(value instanceof JsonObject object)) {
            throw Fields.bad("headers", "must be an object of strings", value);
        }
        if (object.size() > MAX_HEADERS) {
            throw HubException.malformed(
                    "field 'headers' must have at most " + MAX_HEADERS + " entries, has " + object.size());
        }
        for (Map.Entry<String, Object> header : object) {
            headers.set(allowed(header.getKey()), text(header));
        }
        return headers;
    }

    private static String allowed(String name) {
        String prefix = Headers.RESERVED_PREFIX;
        if (name.regionMatches(true, 0, prefix, 0, prefix.length())) {
            throw new HubException(ErrorCode.NOT_ALLOWED, "header '" + name + "' is set by the hub only");
        }
        return name;
    }

    private static String text(Map.Entry<String, Object> header) {
        if (header.getValue() instanceof String text) {
            return text;
        }
        throw Fields.bad("headers." + header.getKey(), "must be a string", header.getValue());
    }
}
