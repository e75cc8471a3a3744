package io.termbus.bridge.web;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.termbus.bridge.Envelope;
import io.vertx.core.json.Json;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The text frames of SockJS, over a WebSocket and in polls: {@code o} opens, {@code a["…"]} carries messages,
 * {@code h} is a heartbeat, {@code c[…]} closes. Source: the SockJS protocol 0.3.3.
 */
final class SockJsFrames {
    static final String OPEN = "o";
    static final String HEARTBEAT = "h";
    static final String GO_AWAY = "c[3000,\"Go away!\"]";
    static final String STILL_OPEN = "c[2010,\"Another connection still open\"]";

    /** Around each message that is a frame of its own. */
    static final Envelope ENVELOPE = new Envelope("a[\"", "\"]", SockJsFrames::escaped);

    /** Around each message where several go in one frame. */
    static final Envelope QUOTES = new Envelope("\"", "\"", SockJsFrames::escaped);

    /** Messages in one frame: the stock client puts one into each. A mebibyte holds a quarter of a million. */
    static final int MAX_MESSAGES = 5000;

    private static final JsonFactory JSON = new JsonFactory();

    private static final int FIRST_NOT_ASCII = 0x80;

    private SockJsFrames() {}

    /** JSON as it stands in a string of JSON: without raw control characters, as {@link Json} encodes it. */
    private static String escaped(String json) {
        StringBuilder out = new StringBuilder(json.length() + json.length() / 8);
        escape(json, out);
        return out.toString();
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

    /** SockJS wants everything beyond ASCII escaped: some browsers mangle some of it. */
    private static void escape(String text, StringBuilder out) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '"' || c == '\\') {
                out.append('\\').append(c);
            } else if (c >= FIRST_NOT_ASCII) {
                out.append("\\u");
                for (int shift = 12; shift >= 0; shift -= 4) {
                    out.append(Character.forDigit(c >> shift & 0xF, 16));
                }
            } else {
                out.append(c);
            }
        }
    }
}
