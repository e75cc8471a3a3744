package io.termbus.mcp;

import io.vertx.core.json.JsonObject;
import java.util.Optional;

/**
 * A message of a client, as far as it is the same for all methods.
 *
 * @param id empty: a notification, which nothing is answered to
 * @param progressToken what the client wants to be told progress by; empty: it does not, or that is none
 */
record McpRequest(
        Revision revision, Optional<Object> id, Optional<Object> progressToken, String method, JsonObject params) {
    /** Of an id or token that is said again with each answer. */
    private static final int MAX_ID_CHARS = 256;

    private static final String META = "_meta";
    private static final String REVISION = "io.modelcontextprotocol/protocolVersion";
    private static final String CAPABILITIES = "io.modelcontextprotocol/clientCapabilities";

    /**
     * @param headers empty: it came over a transport that has none
     * @throws McpException where it is none
     */
    static McpRequest of(JsonObject message, Optional<McpHeaders> headers) {
        if (!"2.0".equals(message.getValue("jsonrpc"))) {
            throw McpException.invalid("'jsonrpc' must be \"2.0\"");
        }
        Optional<Object> id = idOf(message);
        if (message.containsKey("id") && id.isEmpty()) {
            throw McpException.invalid(
                    "'id' must be a whole number, or a string of up to " + MAX_ID_CHARS + " characters");
        }
        if (!(message.getValue("method") instanceof String method)) {
            throw McpException.invalid("'method' must be a string");
        }
        Object given = message.getValue("params", new JsonObject());
        if (!(given instanceof JsonObject params)) {
            throw McpException.invalid("'params' must be an object");
        }
        Optional<Object> progressToken =
                Optional.ofNullable(meta(params).getValue("progressToken")).filter(McpRequest::isId);
        return new McpRequest(revision(method, id.isPresent(), params, headers), id, progressToken, method, params);
    }

    /** What its answers take, to be kept until then: the parameters may be long, and the wait for an answer, too. */
    McpRequest withoutParams() {
        return new McpRequest(revision, id, progressToken, method, new JsonObject());
    }

    /** Of any message, if it has one that can be said again. */
    static Optional<Object> idOf(JsonObject message) {
        return Optional.ofNullable(message.getValue("id")).filter(McpRequest::isId);
    }

    private static boolean isId(Object value) {
        return value instanceof Integer
                || value instanceof Long
                || value instanceof String text && text.length() <= MAX_ID_CHARS;
    }

    boolean isStateless() {
        return revision == Revision.STATELESS;
    }

    private static JsonObject meta(JsonObject params) {
        return params.getValue(META) instanceof JsonObject meta ? meta : new JsonObject();
    }

    private static Revision revision(String method, boolean answered, JsonObject params, Optional<McpHeaders> headers) {
        Optional<String> said = headers.flatMap(McpHeaders::revision);
        Object inBody = meta(params).getValue(REVISION);
        if (!answered || inBody == null && method.equals("initialize")) {
            return Revision.NEWEST_WITH_HANDSHAKE; // what it says of itself does not matter
        }
        if (inBody instanceof String date) {
            stateless(method, date, params, headers);
            return Revision.STATELESS;
        }
        if (inBody != null || said.equals(Optional.of(Revision.STATELESS.toString()))) {
            throw McpException.incomplete("'_meta' has no '" + REVISION + "'");
        }
        return said.map(date -> Revision.of(date).orElseThrow(() -> McpException.unsupported(Texts.shown(date))))
                .orElse(Revision.MARCH_2025);
    }

    private static void stateless(String method, String date, JsonObject params, Optional<McpHeaders> headers) {
        headers.ifPresent(all -> McpHeaders.check(McpHeaders.REVISION, all.revision(), date));
        if (!date.equals(Revision.STATELESS.toString())) {
            throw McpException.unsupported(Texts.shown(date));
        }
        Optional<String> name = method.equals("tools/call") && params.getValue("name") instanceof String text
                ? Optional.of(text)
                : Optional.empty();
        headers.ifPresent(all -> all.check(method, name));
        if (!(meta(params).getValue(CAPABILITIES) instanceof JsonObject)) {
            throw McpException.incomplete("'_meta' has no '" + CAPABILITIES + "'");
        }
    }
}
