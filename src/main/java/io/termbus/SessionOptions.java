package io.termbus;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Map;

/**
 * A session to be made: the fields of the action {@code create}, checked by {@link Termbus#create(SessionOptions)}. Those
 * without a setter here can be given as JSON. Not thread-safe.
 */
public final class SessionOptions {
    private final JsonObject fields;

    /** A shell of 80 × 24. */
    public SessionOptions() {
        this(new JsonObject());
    }

    /** @param json fields of the action {@code create} */
    public SessionOptions(JsonObject json) {
        fields = json.copy();
    }

    /** @param command program and arguments; {@code SHELL} by default */
    public SessionOptions setCommand(String... command) {
        fields.put("command", new JsonArray(List.of(command)));
        return this;
    }

    /** @param path absolute; {@code HOME} by default */
    public SessionOptions setCwd(String path) {
        fields.put("cwd", path);
        return this;
    }

    /** @param variables beside those that the program's own environment gives */
    public SessionOptions setEnv(Map<String, String> variables) {
        JsonObject env = new JsonObject();
        variables.forEach(env::put);
        fields.put("env", env);
        return this;
    }

    /** Each 1..1000. */
    public SessionOptions setSize(int cols, int rows) {
        fields.put("cols", cols).put("rows", rows);
        return this;
    }

    public SessionOptions setName(String name) {
        fields.put("name", name);
        return this;
    }

    public JsonObject toJson() {
        return fields.copy();
    }
}
