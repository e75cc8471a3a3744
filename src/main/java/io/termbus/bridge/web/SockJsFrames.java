package io.termbus.bridge.web;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.Json;
import io.vertx.core.json.JsonArray;
import java.nio.charset.StandardCharsets;
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

    /** What escaping the quotes of an envelope adds, in characters. */
    private static final int ESCAPES = 64;

    private static final int FIRST_NOT_ASCII = 0x80;

    private SockJsFrames() {}

    /**
     * Carries one message.
     *
     * @param json UTF-8 JSON as {@link Json} encodes it: without raw control characters
     */
    static String carrying(Buffer json) {
        String text = json.toString(StandardCharsets.UTF_8);
        boolean ascii = text.length() == json.length();
        StringBuilder out = new StringBuilder(text.length() + ESCAPES).append("a[\"");
        if (ascii && text.indexOf('\\') < 0) {
            escapeQuotes(text, out);
        } else {
            escape(text, out);
        }
        return out.append("\"]").toString();
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

    /** The fast path: a delivery is one long run of base64 between a few quotes. */
    private static void escapeQuotes(String text, StringBuilder out) {
        int at = 0;
        for (int quote = text.indexOf('"'); quote >= 0; quote = text.indexOf('"', at)) {
            out.append(text, at, quote).append("\\\"");
            at = quote + 1;
        }
        out.append(text, at, text.length());
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
