package io.termbus.mcp;

import io.termbus.protocol.Addresses;
import io.termbus.protocol.Fields;
import io.termbus.protocol.HubException;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Optional;

/** A call of a tool: what the hub is asked, and what the client is told then. */
public final class ToolCall {
    /** How long what lasts may last where the call does not say it, in milliseconds: less than clients wait for answers. */
    static final int DEFAULT_TIMEOUT_MS = 45_000;

    private static final int MAX_TIMEOUT_MS = 600_000;
    /** Text of one answer, in bytes or characters: a model has not much more room. */
    static final int MAX_TEXT = 65_536;

    private static final int DEFAULT_TEXT = 16_384;
    private static final int MAX_SCROLLBACK = 10_000;
    private static final int MAX_PAGE = 100;
    private static final int DEFAULT_PAGE = 50;
    /** As the operation has it; more is not worth being sent on. */
    private static final int MAX_KEYS = 1000;

    private static final int MAX_ID_CHARS = 180;
    private static final List<String> OF_SESSION =
            List.of("id", "name", "state", "title", "cwd", "cols", "rows", "outputBytes", "createdAt", "exit", "lease");

    private final McpRequest request;
    private final Results results;
    private final String tool;
    private final JsonObject body;
    private final String address;
    private String action;
    private long lastsMs;

    /** @throws HubException where the arguments are wrong, as far as that can be told here */
    ToolCall(McpRequest request, Results results, JsonObject definition, JsonObject arguments) {
        this.request = request.withoutParams();
        this.results = results;
        this.tool = definition.getString("name");
        this.action = tool;
        this.body = arguments.copy();
        JsonObject known = definition.getJsonObject("inputSchema").getJsonObject("properties");
        for (String name : arguments.fieldNames()) {
            if (!known.containsKey(name)) {
                throw HubException.malformed("field '" + Texts.shown(name) + "' is unknown; there are "
                        + String.join(", ", known.fieldNames()));
            }
        }
        Fields fields = Fields.of(arguments);
        this.address = known.containsKey("session")
                ? Addresses.session(fields.requiredText("session", MAX_ID_CHARS))
                : Addresses.HUB;
        body.remove("session");
        complete(fields);
    }

    /** What differs from the operation of the same name. */
    private void complete(Fields fields) {
        switch (tool) {
            case "list" -> body.put("limit", fields.intOr("limit", 1, MAX_PAGE, DEFAULT_PAGE));
            case "read" -> {
                bound(fields);
                if (fields.has("command")) {
                    action = "commandOutput";
                    body.put("id", body.remove("command"));
                }
            }
            case "run" -> {
                bound(fields);
                last(fields);
            }
            case "wait" -> last(fields);
            case "keys" -> fields.items("keys", MAX_KEYS);
            case "create" -> body.put("shellIntegration", "auto");
            case "screen" -> {
                action = "snapshot";
                body.put("format", "text").put("scrollback", fields.intOr("scrollback", 0, MAX_SCROLLBACK, 0));
            }
            case "lease" -> action = fields.flagOr("release", false) ? "release" : action;
            default -> {
                // the arguments are the operation's
            }
        }
    }

    private void bound(Fields fields) {
        body.put("maxBytes", fields.intOr("maxBytes", 1, MAX_TEXT, DEFAULT_TEXT));
    }

    private void last(Fields fields) {
        last(fields.intOr("timeoutMs", 0, MAX_TIMEOUT_MS, DEFAULT_TIMEOUT_MS));
    }

    private void last(long ms) {
        lastsMs = ms;
        body.put("timeoutMs", ms);
    }

    /** It may not last longer than that, whatever it asks for. Call before {@link #body}. */
    public void lastAtMost(long ms) {
        if (lastsMs > ms) {
            last(ms);
        }
    }

    /** Of the request. */
    public Object id() {
        return request.id().orElseThrow();
    }

    /** Whom to ask. */
    public String address() {
        return address;
    }

    public String action() {
        return action;
    }

    public JsonObject body() {
        return body;
    }

    /** How long the hub may wait before it answers, in milliseconds; 0: it does not. */
    public long lastsMs() {
        return lastsMs;
    }

    /** The client's answer, by the hub's. */
    public JsonObject answered(JsonObject answer) {
        return results.structured(request, told(answer));
    }

    private JsonObject told(JsonObject answer) {
        return switch (tool) {
            case "list" -> {
                JsonArray sessions = new JsonArray();
                answer.getJsonArray("sessions").forEach(each -> sessions.add(session((JsonObject) each)));
                yield answer.put("sessions", sessions);
            }
            case "create" -> session(answer);
            case "screen" -> {
                String text = (String) answer.remove("data");
                int from = Math.max(0, text.length() - MAX_TEXT);
                boolean halved = from > 0 && Character.isLowSurrogate(text.charAt(from));
                yield answer.put("text", text.substring(halved ? from + 1 : from))
                        .put("truncated", from > 0);
            }
            case "kill" -> new JsonObject().put("ending", true);
            default -> answer;
        };
    }

    /** Of a session what is of use; its command and environment may be long. */
    private static JsonObject session(JsonObject all) {
        JsonObject told = new JsonObject();
        OF_SESSION.stream().filter(all::containsKey).forEach(field -> told.put(field, all.getValue(field)));
        return told;
    }

    /** The client's answer where the hub refuses: one that a model can learn from. */
    public JsonObject refused(int code, String message) {
        return results.error(request, code, message);
    }

    /**
     * That it still lasts; empty: the client does not want to know.
     *
     * @param seconds so far, more each time
     */
    public Optional<JsonObject> progress(long seconds) {
        return request.progressToken()
                .map(token -> new JsonObject()
                        .put("jsonrpc", "2.0")
                        .put("method", "notifications/progress")
                        .put(
                                "params",
                                new JsonObject()
                                        .put("progressToken", token)
                                        .put("progress", seconds)
                                        .put("total", lastsMs / 1000.0)
                                        .put("message", tool + ": " + seconds + " s")));
    }
}
