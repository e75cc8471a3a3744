package io.termbus.bridge.web;

import io.termbus.bridge.Envelope;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.Json;
import io.vertx.core.json.JsonArray;
import java.util.List;
import java.util.Optional;

/**
 * The text frames of SockJS over a WebSocket: {@code o} opens, {@code a["…"]} carries messages,
 * {@code h} is a heartbeat, {@code c[…]} closes. Source: the SockJS protocol 0.3.3.
 */
final class SockJsFrames {
    static final String OPEN = "o";
    static final String HEARTBEAT = "h";
    static final String GO_AWAY = "c[3000,\"Go away!\"]";

    /** Around each message. */
    static final Envelope ENVELOPE = new Envelope("a[\"", "\"]", SockJsFrames::escaped);

    private static final int FIRST_NOT_ASCII = 0x80;

    private SockJsFrames() {}

    /** JSON as it stands in a string of JSON: without raw control characters, as {@link Json} encodes it. */
    private static String escaped(String json) {
        StringBuilder out = new StringBuilder(json.length() + json.length() / 8);
        escape(json, out);
        return out.toString();
    }

    /** The messages in a client's frame; empty where the frame is none. */
    static Optional<List<String>> messages(String frame) {
        if (frame.isEmpty()) {
            return Optional.of(List.of());
        }
        try {
            Object value = Json.decodeValue(frame);
            if (value instanceof String one) {
                return Optional.of(List.of(one));
            }
            if (value instanceof JsonArray array && array.stream().allMatch(String.class::isInstance)) {
                return Optional.of(array.stream().map(String.class::cast).toList());
            }
            return Optional.empty();
        } catch (DecodeException e) {
            return Optional.empty();
        }
    }

    /** SockJS wants everything beyond ASCII escaped: some browsers mangle some of it. */
    private static void escape(String text, StringBuilder out) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '"' || c == '\\') {
                out.append('\\').append(c);
            } else if (c >= FIRST_NOT_ASCII) {
                out.append(String.format("\\u%04x", (int) c));
            } else {
                out.append(c);
            }
        }
    }
}
