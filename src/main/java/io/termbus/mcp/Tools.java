package io.termbus.mcp;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/** What clients are told of the tools, always in the same order: {@code tools.json}. Nobody may write to it. */
final class Tools {
    private static final Map<String, JsonObject> ALL = read();

    private Tools() {}

    static JsonArray list() {
        JsonArray list = new JsonArray();
        ALL.values().forEach(list::add);
        return list;
    }

    /** Empty: there is none such. */
    static Optional<JsonObject> find(String name) {
        return Optional.ofNullable(ALL.get(name));
    }

    private static Map<String, JsonObject> read() {
        Map<String, JsonObject> tools = new LinkedHashMap<>();
        for (Object each : new JsonArray(text())) {
            JsonObject tool = (JsonObject) each;
            tools.put(tool.getString("name"), tool);
        }
        return tools;
    }

    private static String text() {
        try (InputStream in = Objects.requireNonNull(Tools.class.getResourceAsStream("tools.json"))) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
