package io.termbus.mcp;

import io.termbus.protocol.HubException;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * Takes the messages of clients, of each revision that is spoken. It keeps nothing of them: where a client speaks first by a
 * handshake, that is answered and forgotten. Any thread.
 */
public final class McpServer {
    /** The longest message, in bytes. */
    public static final int MAX_BYTES = 1 << 20;
    /** For so long the list of tools will not change, in milliseconds: it does with the hub's version only. */
    private static final long LIST_TTL_MS = TimeUnit.HOURS.toMillis(1);

    private static final int OK = 200;

    private static final String INSTRUCTIONS = "Termbus holds terminal sessions that people and agents share. Start one"
            + " with create, or find one with list; type with keys; wait for what must come of it, from the offset that"
            + " keys told, rather than for a fixed time; look at it with read or, where a full-screen program runs, with"
            + " screen. People may type into the same session: take a lease while you must be alone in it.";

    private final JsonArray tools = Tools.list();
    private final Results results;

    /** @param version of the hub */
    public McpServer(String version) {
        this.results = new Results(version);
    }

    /**
     * What is to be done about a message.
     *
     * @param headers empty: it came over a transport that has none
     */
    public Reply take(JsonObject message, Optional<McpHeaders> headers) {
        try {
            McpRequest request = McpRequest.of(message, headers);
            return request.id().isEmpty() ? new Reply.Accepted() : answer(request);
        } catch (McpException e) {
            return new Reply.Done(e.status(), e.answer(McpRequest.idOf(message)));
        }
    }

    /**
     * The answer to what is no object of JSON.
     *
     * @param array it is a batch, which later revisions have not
     */
    public static Reply.Done noObject(boolean array) {
        McpException why = array
                ? McpException.invalid("batches are not taken: send one message at a time")
                : McpException.unreadable();
        return new Reply.Done(why.status(), why.answer(Optional.empty()));
    }

    private Reply answer(McpRequest request) {
        boolean stateless = request.isStateless();
        return switch (request.method()) {
            case "tools/list" -> done(request, cacheable(request, new JsonObject().put("tools", tools)));
            case "tools/call" -> call(request);
            case "server/discover" -> {
                mustBe(stateless, request);
                yield done(request, cacheable(request, discovered()));
            }
            case "initialize" -> {
                mustBe(!stateless, request);
                yield done(request, initialized(request.params()));
            }
            case "ping" -> {
                mustBe(!stateless, request);
                yield done(request, new JsonObject());
            }
            default -> throw McpException.noMethod(request.method(), stateless);
        };
    }

    private static void mustBe(boolean itsRevision, McpRequest request) {
        if (!itsRevision) {
            throw McpException.noMethod(request.method(), request.isStateless());
        }
    }

    private Reply done(McpRequest request, JsonObject result) {
        return new Reply.Done(OK, results.result(request, result));
    }

    /** The same for everybody. */
    private static JsonObject cacheable(McpRequest request, JsonObject result) {
        return request.isStateless() ? result.put("ttlMs", LIST_TTL_MS).put("cacheScope", "public") : result;
    }

    private static JsonObject discovered() {
        return told().put("supportedVersions", new JsonArray().add(Revision.STATELESS.toString()));
    }

    private JsonObject initialized(JsonObject params) {
        if (!(params.getValue("protocolVersion") instanceof String asked)) {
            throw McpException.wrongParameters("'protocolVersion' must be a string");
        }
        Revision agreed =
                Revision.of(asked).filter(known -> known != Revision.STATELESS).orElse(Revision.NEWEST_WITH_HANDSHAKE);
        return told().put("protocolVersion", agreed.toString()).put("serverInfo", results.server());
    }

    private static JsonObject told() {
        return new JsonObject()
                .put("capabilities", new JsonObject().put("tools", new JsonObject()))
                .put("instructions", INSTRUCTIONS);
    }

    private Reply call(McpRequest request) {
        if (!(request.params().getValue("name") instanceof String name)) {
            throw McpException.wrongParameters("'name' must be a string");
        }
        JsonObject tool =
                Tools.find(name).orElseThrow(() -> McpException.wrongParameters("Unknown tool: " + Texts.shown(name)));
        Object arguments = request.params().getValue("arguments", new JsonObject());
        if (!(arguments instanceof JsonObject given)) {
            throw McpException.wrongParameters("'arguments' must be an object");
        }
        try {
            return new Reply.Ask(new ToolCall(request, results, tool, given));
        } catch (HubException e) {
            return new Reply.Done(OK, results.error(request, e.error().code(), String.valueOf(e.getMessage())));
        }
    }
}
