package io.termbus.security;

import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** A client of MCP, as the revision without a handshake has it; all others need less. */
final class Agent {
    private static final HttpClient HTTP = HttpClient.newHttpClient();

    private final AtomicInteger ids = new AtomicInteger();
    private final int port;
    private final String token;

    Agent(int port, String token) {
        this.port = port;
        this.token = token;
    }

    static JsonObject call(int id, String tool, JsonObject arguments) {
        return new JsonObject()
                .put("jsonrpc", "2.0")
                .put("id", id)
                .put("method", "tools/call")
                .put(
                        "params",
                        new JsonObject()
                                .put("name", tool)
                                .put("arguments", arguments)
                                .put(
                                        "_meta",
                                        new JsonObject()
                                                .put("io.modelcontextprotocol/protocolVersion", "2026-07-28")
                                                .put("io.modelcontextprotocol/clientCapabilities", new JsonObject())));
    }

    /** A request with the headers that a call of that tool has. */
    static HttpRequest.Builder request(int port, String tool, String body) {
        return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/mcp"))
                .header("Content-Type", "application/json")
                .header("Accept", "application/json, text/event-stream")
                .header("MCP-Protocol-Version", "2026-07-28")
                .header("Mcp-Method", "tools/call")
                .header("Mcp-Name", tool)
                .POST(HttpRequest.BodyPublishers.ofString(body));
    }

    static HttpResponse<String> send(HttpRequest.Builder request) throws Exception {
        return HTTP.sendAsync(request.build(), HttpResponse.BodyHandlers.ofString())
                .get(RunningHub.SECONDS, TimeUnit.SECONDS);
    }

    CompletableFuture<HttpResponse<String>> begin(String tool, JsonObject arguments) {
        String body = call(ids.incrementAndGet(), tool, arguments).encode();
        return HTTP.sendAsync(
                request(port, tool, body)
                        .header("Authorization", "Bearer " + token)
                        .build(),
                HttpResponse.BodyHandlers.ofString());
    }

    /** The result, which may be an error of the tool. */
    JsonObject result(String tool, JsonObject arguments) throws Exception {
        HttpResponse<String> response = begin(tool, arguments).get(RunningHub.SECONDS, TimeUnit.SECONDS);
        return message(response).getJsonObject("result");
    }

    /** What a response that must be none of HTTP's errors says at last. */
    static JsonObject message(HttpResponse<String> response) {
        if (response.statusCode() != 200) {
            throw new AssertionError(response.statusCode() + " " + response.body());
        }
        String body = response.body();
        return new JsonObject(body.startsWith("{") ? body : body.substring(body.lastIndexOf("data: ") + 6));
    }

    JsonObject ask(String tool, JsonObject arguments) throws Exception {
        JsonObject result = result(tool, arguments);
        if (result.getBoolean("isError")) {
            throw new AssertionError("refused: " + result);
        }
        return result.getJsonObject("structuredContent");
    }

    /** Why a call is refused. */
    String refusal(String tool, JsonObject arguments) throws Exception {
        JsonObject result = result(tool, arguments);
        if (!result.getBoolean("isError")) {
            throw new AssertionError("not refused: " + result);
        }
        return result.getJsonArray("content").getJsonObject(0).getString("text");
    }
}
