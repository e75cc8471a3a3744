package io.termbus.protocol;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Reads the arguments of a request. Each method checks type and range and fails with
 * {@link ErrorCode#MALFORMED}, naming the field, what is allowed and the value. Unknown fields are
 * passed over, so that clients of a later version are understood. A JSON null counts as absent.
 */
public final class Fields {
    /** How much of a bad value an error repeats, in characters: enough to recognise it. */
    private static final int SHOWN_CHARS = 40;

    private final JsonObject body;

    private Fields(JsonObject body) {
        this.body = body;
    }

    /** @param body the body of a message; null counts as an empty object */
    public static Fields of(@Nullable Object body) {
        if (body == null) {
            return new Fields(new JsonObject());
        }
        if (body instanceof JsonObject object) {
            return new Fields(object);
        }
        throw HubException.malformed("body must be a JSON object, was " + shown(body));
    }

    public boolean has(String field) {
        return body.getValue(field) != null;
    }

    /** A string of at most {@code maxChars} characters. */
    public Optional<String> text(String field, int maxChars) {
        Object value = body.getValue(field);
        if (value == null) {
            return Optional.empty();
        }
        if (!(value instanceof String text)) {
            throw bad(field, "must be a string", value);
        }
        if (text.length() > maxChars) {
            throw bad(field, "must have at most " + maxChars + " characters, has " + text.length(), text);
        }
        return Optional.of(text);
    }

    public String requiredText(String field, int maxChars) {
        return text(field, maxChars).orElseThrow(() -> missing(field, "a string"));
    }

    /** A whole number in {@code min..max}. */
    public Optional<Long> number(String field, long min, long max) {
        Object value = body.getValue(field);
        if (value == null) {
            return Optional.empty();
        }
        if (!(value instanceof Integer || value instanceof Long)) {
            throw bad(field, "must be a whole number " + min + ".." + max, value);
        }
        long number = ((Number) value).longValue();
        if (number < min || number > max) {
            throw bad(field, "must be " + min + ".." + max, value);
        }
        return Optional.of(number);
    }

    public int requiredInt(String field, int min, int max) {
        return number(field, min, max)
                .orElseThrow(() -> missing(field, "a whole number " + min + ".." + max))
                .intValue();
    }

    public int intOr(String field, int min, int max, int otherwise) {
        return number(field, min, max).map(Long::intValue).orElse(otherwise);
    }

    public boolean flagOr(String field, boolean otherwise) {
        Object value = body.getValue(field);
        if (value == null) {
            return otherwise;
        }
        if (!(value instanceof Boolean flag)) {
            throw bad(field, "must be true or false", value);
        }
        return flag;
    }

    /** One of {@code allowed}, the first where the field is absent. */
    public String choice(String field, List<String> allowed) {
        Object value = body.getValue(field);
        if (value == null) {
            return allowed.get(0);
        }
        if (!(value instanceof String text) || !allowed.contains(text)) {
            throw bad(field, "must be one of " + String.join(", ", allowed), value);
        }
        return text;
    }

    /** A list of at most {@code maxItems} strings of at most {@code maxChars} characters each. */
    public Optional<List<String>> texts(String field, int maxItems, int maxChars) {
        Object value = body.getValue(field);
        if (value == null) {
            return Optional.empty();
        }
        if (!(value instanceof JsonArray array)) {
            throw bad(field, "must be a list of strings", value);
        }
        if (array.size() > maxItems) {
            throw tooMany(field, "items", maxItems, array.size());
        }
        List<String> texts = new ArrayList<>();
        for (int i = 0; i < array.size(); i++) {
            texts.add(item(field + "[" + i + "]", array.getValue(i), maxChars));
        }
        return Optional.of(List.copyOf(texts));
    }

    /** A list of at most {@code maxItems} values, none of them null. */
    public Optional<List<Object>> items(String field, int maxItems) {
        Object value = body.getValue(field);
        if (value == null) {
            return Optional.empty();
        }
        if (!(value instanceof JsonArray array)) {
            throw bad(field, "must be a list", value);
        }
        if (array.size() > maxItems) {
            throw tooMany(field, "items", maxItems, array.size());
        }
        List<Object> items = new ArrayList<>();
        for (int i = 0; i < array.size(); i++) {
            Object item = array.getValue(i);
            if (item == null) {
                throw bad(field + "[" + i + "]", "must not be null", null);
            }
            items.add(item);
        }
        return Optional.of(items);
    }

    private static HubException tooMany(String field, String what, int max, int has) {
        return bad(field, "must have at most " + max + " " + what + ", has " + has, "");
    }

    /** An object of at most {@code maxItems} strings. */
    public Map<String, String> textMap(String field, int maxItems, int maxChars) {
        Object value = body.getValue(field);
        if (value == null) {
            return Map.of();
        }
        if (!(value instanceof JsonObject object)) {
            throw bad(field, "must be an object of strings", value);
        }
        if (object.size() > maxItems) {
            throw tooMany(field, "entries", maxItems, object.size());
        }
        Map<String, String> texts = new LinkedHashMap<>();
        object.forEach(
                entry -> texts.put(entry.getKey(), item(field + "." + entry.getKey(), entry.getValue(), maxChars)));
        return texts;
    }

    private static String item(String name, @Nullable Object value, int maxChars) {
        if (!(value instanceof String text)) {
            throw bad(name, "must be a string", value);
        }
        if (text.length() > maxChars) {
            throw bad(name, "must have at most " + maxChars + " characters, has " + text.length(), text);
        }
        return text;
    }

    private static HubException missing(String field, String what) {
        return HubException.malformed("field '" + field + "' is missing: must be " + what);
    }

    /** The error for a field whose value is not allowed. */
    public static HubException bad(String field, String rule, @Nullable Object value) {
        return HubException.malformed("field '" + field + "' " + rule + ", was " + shown(value));
    }

    private static String shown(@Nullable Object value) {
        String text = value instanceof String ? "\"" + value + "\"" : String.valueOf(value);
        String printable = text.replaceAll("\\p{Cntrl}", "?");
        return printable.length() <= SHOWN_CHARS ? printable : printable.substring(0, SHOWN_CHARS) + "…";
    }
}
