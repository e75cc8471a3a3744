package io.termbus.session;

import io.termbus.protocol.Fields;
import io.termbus.protocol.HubException;
import io.termbus.vt.keys.KeyCodes;
import io.termbus.vt.screen.Modes;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** The argument of {@code keys}: names of keys, texts and pastes, as the bytes that the program gets for them. */
final class KeyStrokes {
    /** Of one request: more than anybody types at once. */
    static final int MAX_KEYS = 1000;

    private static final String FIELD = "keys";
    private static final String PASTE_BEGINS = "\u001b[200~";
    private static final String PASTE_ENDS = "\u001b[201~";
    /** What a paste has in place of ESC, so that it can neither end itself nor be a key: the picture of it. */
    private static final char ESC_PICTURE = '\u241b';

    private KeyStrokes() {}

    /**
     * @param modes what the program asked for
     * @throws HubException that names the first one that is no key; nothing may be typed then
     */
    static byte[] bytes(Fields fields, Modes modes) {
        List<Object> keys = fields.items(FIELD, MAX_KEYS).orElse(List.of());
        if (keys.isEmpty()) {
            throw HubException.malformed("field 'keys' is missing: must be a list of at least one key");
        }
        StringBuilder typed = new StringBuilder();
        for (int i = 0; i < keys.size(); i++) {
            typed.append(code(FIELD + "[" + i + "]", keys.get(i), modes));
        }
        return typed.toString().getBytes(StandardCharsets.UTF_8);
    }

    private static String code(String field, Object key, Modes modes) {
        if (key instanceof String name) {
            return named(field, name, modes);
        }
        if (key instanceof JsonObject object && object.size() == 1) {
            if (object.getValue("text") instanceof String text) {
                return text;
            }
            if (object.getValue("paste") instanceof String text) {
                return paste(text, modes);
            }
        }
        throw Fields.bad(field, "must be the name of a key, {text: string} or {paste: string}", key);
    }

    private static String named(String field, String name, Modes modes) {
        return KeyCodes.of(name, modes.applicationCursorKeys(), modes.applicationKeypad())
                .orElseThrow(() -> Fields.bad(
                        field,
                        "must be a key such as Enter, Up, C-c, M-x or F5, or a single character (text is {text: string})",
                        name));
    }

    private static String paste(String text, Modes modes) {
        String lines = text.replace("\r\n", "\r").replace('\n', '\r');
        return modes.bracketedPaste() ? PASTE_BEGINS + lines.replace('\u001b', ESC_PICTURE) + PASTE_ENDS : lines;
    }
}
