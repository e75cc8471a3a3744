package io.termbus.bridge;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Tells how long something would about be as JSON, without making that. */
final class JsonSize {
    /** A number, a quote and comma, or what an empty object takes in memory. */
    private static final int VALUE_BYTES = 16;

    private JsonSize() {}

    /** In bytes; characters that are escaped, or beyond ASCII, count as one. */
    static long of(@Nullable Object value) {
        if (value instanceof String text) {
            return VALUE_BYTES + text.length();
        }
        if (value instanceof JsonObject object) {
            return of(object.getMap());
        }
        if (value instanceof JsonArray array) {
            return of(array.getList());
        }
        long size = VALUE_BYTES;
        if (value instanceof Map<?, ?> map) {
            for (Map.Entry<?, ?> entry : map.entrySet()) {
                size += of(entry.getKey()) + of(entry.getValue());
            }
        } else if (value instanceof Iterable<?> list) {
            for (Object each : list) {
                size += of(each);
            }
        }
        return size;
    }
}
