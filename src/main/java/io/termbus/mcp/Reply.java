package io.termbus.mcp;

import io.vertx.core.json.JsonObject;

/** What is to be done about a message of a client. */
public sealed interface Reply {
    /**
     * The answer is there.
     *
     * @param status over HTTP
     */
    record Done(int status, JsonObject message) implements Reply {}

    /** Nothing is answered: it was a notification. */
    record Accepted() implements Reply {}

    /** The hub must be asked. */
    record Ask(ToolCall call) implements Reply {}
}
