package io.termbus.mcp;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.Arrays;
import java.util.Optional;

/** What is wrong with a message itself: an error of JSON-RPC, and the status that it has over HTTP. */
final class McpException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private static final int BAD_REQUEST = 400;
    private static final int NOT_FOUND = 404;
    private static final int OK = 200;

    private final int status;
    private final int code;
    private final transient Optional<JsonObject> data;

    private McpException(int status, int code, String message, Optional<JsonObject> data) {
        super(message, null, false, false);
        this.status = status;
        this.code = code;
        this.data = data;
    }

    /** It is no JSON. */
    static McpException unreadable() {
        return bad(-32700, "not JSON in UTF-8");
    }

    /** It is no request. */
    static McpException invalid(String message) {
        return bad(-32600, message);
    }

    /** It lacks what each request must have. */
    static McpException incomplete(String message) {
        return bad(-32602, message);
    }

    /** A header says something else than the message, or nothing. */
    static McpException mismatch(String message) {
        return bad(-32020, message);
    }

    private static McpException bad(int code, String message) {
        return new McpException(BAD_REQUEST, code, message, Optional.empty());
    }

    static McpException unsupported(String revision) {
        JsonArray spoken = new JsonArray(
                Arrays.stream(Revision.values()).map(Revision::toString).toList());
        return new McpException(
                BAD_REQUEST,
                -32022,
                "Unsupported protocol version",
                Optional.of(new JsonObject().put("supported", spoken).put("requested", revision)));
    }

    /** @param stateless whether that has a status of its own */
    static McpException noMethod(String method, boolean stateless) {
        return new McpException(
                stateless ? NOT_FOUND : OK, -32601, "Method not found: " + Texts.shown(method), Optional.empty());
    }

    /** The parameters of a method are wrong. */
    static McpException wrongParameters(String message) {
        return new McpException(OK, -32602, message, Optional.empty());
    }

    int status() {
        return status;
    }

    /** @param id of the request; empty: it could not be read */
    JsonObject answer(Optional<Object> id) {
        JsonObject error = new JsonObject().put("code", code).put("message", getMessage());
        data.ifPresent(more -> error.put("data", more));
        JsonObject answer = new JsonObject().put("jsonrpc", "2.0");
        id.ifPresent(same -> answer.put("id", same));
        return answer.put("error", error);
    }
}
