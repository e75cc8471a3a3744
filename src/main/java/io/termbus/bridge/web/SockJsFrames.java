package io.termbus.bridge.web;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.Json;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
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

    /** Messages in one frame: the stock client puts one into each. A mebibyte holds a quarter of a million. */
    static final int MAX_MESSAGES = 5000;

    private static final JsonFactory JSON = new JsonFactory();

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

    /** The messages in a client's frame; empty where the frame is none, or has more than {@link #MAX_MESSAGES}. */
    static Optional<List<String>> messages(String frame) {
        if (frame.isEmpty()) {
            return Optional.of(List.of());
        }
        try (JsonParser json = JSON.createParser(frame)) {
            return json.nextToken() == JsonToken.START_ARRAY ? items(json) : one(json);
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    private static Optional<List<String>> items(JsonParser json) throws IOException {
        List<String> items = new ArrayList<>();
        while (json.nextToken() == JsonToken.VALUE_STRING && items.size() < MAX_MESSAGES) {
            items.add(json.getText());
        }
        boolean whole = json.currentToken() == JsonToken.END_ARRAY && json.nextToken() == null;
        return whole ? Optional.of(items) : Optional.empty();
    }

    private static Optional<List<String>> one(JsonParser json) throws IOException {
        String text = json.getValueAsString("");
        boolean whole = json.currentToken() == JsonToken.VALUE_STRING && json.nextToken() == null;
        return whole ? Optional.of(List.of(text)) : Optional.empty();
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
