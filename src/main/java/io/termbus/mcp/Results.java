package io.termbus.mcp;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;

/** The answers to requests. */
final class Results {
    private final JsonObject server;

    /** @param version of the hub */
    Results(String version) {
        this.server =
                new JsonObject().put("name", "termbus").put("title", "Termbus").put("version", version);
    }

    /** What the hub says of itself. */
    JsonObject server() {
        return server;
    }

    JsonObject result(McpRequest request, JsonObject result) {
        if (request.isStateless()) {
            result.put("resultType", "complete")
                    .put("_meta", new JsonObject().put("io.modelcontextprotocol/serverInfo", server));
        }
        return new JsonObject()
                .put("jsonrpc", "2.0")
                .put("id", request.id().orElseThrow())
                .put("result", result);
    }

    /** What a tool gives, and the same as text for clients that take only that. */
    JsonObject structured(McpRequest request, JsonObject content) {
        return result(
                request,
                new JsonObject()
                        .put("content", text(content.encode()))
                        .put("structuredContent", content)
                        .put("isError", false));
    }

    /** A tool failed. */
    JsonObject error(McpRequest request, int code, String message) {
        return result(
                request,
                new JsonObject().put("content", text(code + ": " + message)).put("isError", true));
    }

    private static JsonArray text(String text) {
        return new JsonArray().add(new JsonObject().put("type", "text").put("text", text));
    }
}
