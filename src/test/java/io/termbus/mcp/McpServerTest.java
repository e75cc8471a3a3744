package io.termbus.mcp;

import static org.assertj.core.api.Assertions.assertThat;

import io.termbus.protocol.Operation;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.lang.ref.WeakReference;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class McpServerTest {
    private static final String STATELESS = "2026-07-28";
    private static final String VERSION = "io.modelcontextprotocol/protocolVersion";
    private static final String CAPABILITIES = "io.modelcontextprotocol/clientCapabilities";

    private final McpServer server = new McpServer("1.2.3");

    private static JsonObject request(String method, JsonObject params) {
        return new JsonObject()
                .put("jsonrpc", "2.0")
                .put("id", 7)
                .put("method", method)
                .put("params", params);
    }

    private static JsonObject meta() {
        return new JsonObject().put(VERSION, STATELESS).put(CAPABILITIES, new JsonObject());
    }

    private static JsonObject stateless(String method, JsonObject params) {
        return request(method, params.copy().put("_meta", meta()));
    }

    private static Optional<McpHeaders> headers(Map<String, String> values) {
        return Optional.of(new McpHeaders(
                name -> Optional.ofNullable(values.get(name)).map(List::of).orElse(List.of())));
    }

    private static Optional<McpHeaders> headers(String method) {
        return headers(Map.of("MCP-Protocol-Version", STATELESS, "Mcp-Method", method));
    }

    private Reply.Done done(JsonObject message, Optional<McpHeaders> headers) {
        return (Reply.Done) server.take(message, headers);
    }

    private JsonObject result(JsonObject message) {
        Reply.Done done = done(message, Optional.empty());
        assertThat(done.status()).isEqualTo(200);
        assertThat(done.message().getInteger("id")).isEqualTo(7);
        return done.message().getJsonObject("result");
    }

    private void refused(JsonObject message, Optional<McpHeaders> headers, int status, int code) {
        Reply.Done done = done(message, headers);
        assertThat(done.message().getJsonObject("error").getInteger("code"))
                .as(done.message().encode())
                .isEqualTo(code);
        assertThat(done.status()).isEqualTo(status);
    }

    private static JsonObject call(String tool, JsonObject arguments) {
        return request("tools/call", new JsonObject().put("name", tool).put("arguments", arguments));
    }

    private ToolCall asked(String tool, JsonObject arguments) {
        return ((Reply.Ask) server.take(call(tool, arguments), Optional.empty())).call();
    }

    private static JsonObject of(String session) {
        return new JsonObject().put("session", session);
    }

    @ParameterizedTest
    @ValueSource(strings = {"2025-11-25", "2025-06-18", "2025-03-26"})
    void aHandshakeAgreesOnARevisionThatIsSpoken(String revision) {
        JsonObject result = result(request("initialize", new JsonObject().put("protocolVersion", revision)));

        assertThat(result.getString("protocolVersion")).isEqualTo(revision);
        assertThat(result.getJsonObject("serverInfo").getString("version")).isEqualTo("1.2.3");
        assertThat(result.getJsonObject("capabilities").containsKey("tools")).isTrue();
        assertThat(result.containsKey("resultType")).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"2024-11-05", "2026-07-28", "1999-01-01", ""})
    void aHandshakeForAnotherRevisionOffersTheNewestThatHasOne(String revision) {
        JsonObject result = result(request("initialize", new JsonObject().put("protocolVersion", revision)));

        assertThat(result.getString("protocolVersion")).isEqualTo("2025-11-25");
    }

    @Test
    void aHandshakeWithoutARevisionIsRefused() {
        refused(request("initialize", new JsonObject()), Optional.empty(), 200, -32602);
    }

    @Test
    void notificationsArePassedOver() {
        JsonObject message = new JsonObject().put("jsonrpc", "2.0").put("method", "notifications/initialized");

        assertThat(server.take(message, headers(Map.of()))).isEqualTo(new Reply.Accepted());
        assertThat(server.take(message, headers("notifications/initialized"))).isEqualTo(new Reply.Accepted());
    }

    @Test
    void pingIsAnsweredWhereThereIsAHandshake() {
        assertThat(result(request("ping", new JsonObject()))).isEqualTo(new JsonObject());
        refused(stateless("ping", new JsonObject()), headers("ping"), 404, -32601);
    }

    @Test
    void discoveryTellsWhatIsSpokenWithoutAHandshake() {
        JsonObject result = result(stateless("server/discover", new JsonObject()));

        assertThat(result.getJsonArray("supportedVersions")).isEqualTo(JsonArray.of(STATELESS));
        assertThat(result.getString("resultType")).isEqualTo("complete");
        assertThat(result.getLong("ttlMs")).isPositive();
        assertThat(result.getString("cacheScope")).isEqualTo("public");
        assertThat(result.getJsonObject("_meta")
                        .getJsonObject("io.modelcontextprotocol/serverInfo")
                        .getString("name"))
                .isEqualTo("termbus");
        refused(request("server/discover", new JsonObject()), Optional.empty(), 200, -32601);
        refused(stateless("initialize", new JsonObject()), headers("initialize"), 404, -32601);
    }

    @Test
    void theToolsAreTenAtMostInOneOrderWithSchemas() {
        JsonArray tools = result(stateless("tools/list", new JsonObject())).getJsonArray("tools");

        assertThat(result(request("tools/list", new JsonObject())).getJsonArray("tools"))
                .isEqualTo(tools);
        List<String> names = tools.stream()
                .map(each -> ((JsonObject) each).getString("name"))
                .toList();
        assertThat(names).containsExactly("list", "create", "run", "keys", "read", "screen", "wait", "lease", "kill");
        for (int i = 0; i < tools.size(); i++) {
            JsonObject tool = tools.getJsonObject(i);
            assertThat(tool.getJsonObject("inputSchema").getString("type")).isEqualTo("object");
            assertThat(tool.getJsonObject("inputSchema").getBoolean("additionalProperties"))
                    .isFalse();
            assertThat(tool.getJsonObject("outputSchema").getString("type")).isEqualTo("object");
            assertThat(tool.getString("description")).isNotBlank();
            assertThat(tool.getJsonObject("annotations").getBoolean("readOnlyHint"))
                    .isEqualTo(List.of("list", "read", "screen", "wait").contains(tool.getString("name")));
        }
    }

    @Test
    void everyToolIsAnOperation() {
        for (Object each : Tools.list()) {
            JsonObject tool = (JsonObject) each;
            JsonObject arguments = new JsonObject();
            if (tool.getJsonObject("inputSchema").getJsonObject("properties").containsKey("session")) {
                arguments.put("session", "s");
            }
            ToolCall call = asked(tool.getString("name"), arguments);
            assertThat(Operation.find(call.address(), call.action())).isPresent();
        }
    }

    @Test
    void headersMustSayWhatTheMessageSays() {
        JsonObject list = stateless("tools/list", new JsonObject());
        JsonObject call = stateless("tools/call", new JsonObject().put("name", "list"));
        Map<String, String> right =
                Map.of("MCP-Protocol-Version", STATELESS, "Mcp-Method", "tools/call", "Mcp-Name", "list");

        assertThat(server.take(call, headers(right))).isInstanceOf(Reply.Ask.class);
        refused(list, headers(Map.of()), 400, -32020);
        refused(list, headers(Map.of("MCP-Protocol-Version", STATELESS)), 400, -32020);
        refused(list, headers("tools/call"), 400, -32020);
        refused(list, headers("Tools/List"), 400, -32020);
        refused(call, headers("tools/call"), 400, -32020);
        refused(list, headers(Map.of("MCP-Protocol-Version", "2025-11-25", "Mcp-Method", "tools/list")), 400, -32020);
        refused(
                call,
                headers(Map.of("MCP-Protocol-Version", STATELESS, "Mcp-Method", "tools/call", "Mcp-Name", "kill")),
                400,
                -32020);
    }

    @Test
    void aHeaderThatIsThereTwiceSaysNothing() {
        Optional<McpHeaders> twice = Optional.of(new McpHeaders(
                name -> name.equals("Mcp-Method") ? List.of("tools/list", "tools/list") : List.of(STATELESS)));

        refused(stateless("tools/list", new JsonObject()), twice, 400, -32020);
    }

    @ParameterizedTest
    @ValueSource(strings = {"=?base64?!?=", "=?base64??=", "=?base64?a2lsbA==?="})
    void anEncodedNameIsDecodedBeforeItIsCompared(String encoded) {
        JsonObject call = stateless("tools/call", new JsonObject().put("name", "list"));
        String right = Base64.getEncoder().encodeToString("list".getBytes(StandardCharsets.UTF_8));

        for (String name : List.of(encoded, "=?base64?" + right + "?=")) {
            Reply reply = server.take(
                    call,
                    headers(Map.of("MCP-Protocol-Version", STATELESS, "Mcp-Method", "tools/call", "Mcp-Name", name)));
            assertThat(reply instanceof Reply.Ask).isEqualTo(!name.equals(encoded));
        }
    }

    @Test
    void otherRevisionsAreToldWhatIsSpoken() {
        JsonObject later = request("tools/list", new JsonObject().put("_meta", meta().put(VERSION, "2099-01-01")));

        Reply.Done done =
                done(later, headers(Map.of("MCP-Protocol-Version", "2099-01-01", "Mcp-Method", "tools/list")));

        assertThat(done.status()).isEqualTo(400);
        JsonObject error = done.message().getJsonObject("error");
        assertThat(error.getInteger("code")).isEqualTo(-32022);
        assertThat(error.getJsonObject("data").getJsonArray("supported")).contains(STATELESS, "2025-11-25");
        refused(
                request("tools/list", new JsonObject()),
                headers(Map.of("MCP-Protocol-Version", "1999-01-01")),
                400,
                -32022);
    }

    @Test
    void whatEachRequestMustHaveIsMissed() {
        JsonObject list = request("tools/list", new JsonObject());

        refused(list, headers("tools/list"), 400, -32602);
        list.put("params", new JsonObject().put("_meta", new JsonObject().put(VERSION, STATELESS)));
        refused(list, headers("tools/list"), 400, -32602);
        list.put("params", new JsonObject().put("_meta", meta().put(VERSION, 1)));
        refused(list, headers("tools/list"), 400, -32602);
    }

    @Test
    void withAHandshakeTheRevisionsHeaderMayBeLeftOut() {
        JsonObject list = request("tools/list", new JsonObject());

        for (Map<String, String> none :
                List.of(Map.<String, String>of(), Map.of("MCP-Protocol-Version", "2025-06-18"))) {
            assertThat(done(list, headers(none)).status()).isEqualTo(200);
        }
    }

    @Test
    void whatIsNoRequestIsRefused() {
        JsonObject list = request("tools/list", new JsonObject());

        refused(list.copy().put("jsonrpc", "1.0"), Optional.empty(), 400, -32600);
        refused(list.copy().put("method", 1), Optional.empty(), 400, -32600);
        refused(list.copy().put("params", new JsonArray()), Optional.empty(), 400, -32600);
        for (Object id : new Object[] {1.5, true, new JsonObject(), "x".repeat(257)}) {
            refused(list.copy().put("id", id), Optional.empty(), 400, -32600);
        }
        refused(list.copy().putNull("id"), Optional.empty(), 400, -32600);
        assertThat(McpServer.noObject(true).message().getJsonObject("error").getInteger("code"))
                .isEqualTo(-32600);
        assertThat(McpServer.noObject(false).message().getJsonObject("error").getInteger("code"))
                .isEqualTo(-32700);
    }

    @Test
    void unknownMethodsAndToolsAreErrorsOfTheProtocol() {
        refused(request("resources/list", new JsonObject()), Optional.empty(), 200, -32601);
        refused(stateless("subscriptions/listen", new JsonObject()), headers("subscriptions/listen"), 404, -32601);
        refused(call("reboot", new JsonObject()), Optional.empty(), 200, -32602);
        refused(request("tools/call", new JsonObject()), Optional.empty(), 200, -32602);
        refused(
                request("tools/call", new JsonObject().put("name", "list").put("arguments", 1)),
                Optional.empty(),
                200,
                -32602);
    }

    @Test
    void wrongArgumentsAreAnswersThatAModelCanLearnFrom() {
        for (JsonObject bad : new JsonObject[] {
            call("keys", new JsonObject().put("keys", JsonArray.of("a"))),
            call("keys", of("s").put("key", "a")),
            call("keys", of("s").put("keys", new JsonArray(Collections.nCopies(1001, "a")))),
            call("read", of("s").put("maxBytes", 65_537)),
            call("wait", of("s").put("timeoutMs", 600_001)),
            call("list", new JsonObject().put("limit", "all")),
            call("screen", new JsonObject().put("session", 1)),
            call("screen", of("s".repeat(1000)))
        }) {
            JsonObject result = result(bad);
            assertThat(result.getBoolean("isError")).isTrue();
            assertThat(result.getJsonArray("content").getJsonObject(0).getString("text"))
                    .startsWith("400: field '");
        }
    }

    @Test
    void toolsAreOperations() {
        JsonObject keys = of("s").put("keys", JsonArray.of("a", "Enter")).put("lease", "l");
        ToolCall typed = asked("keys", keys);
        assertThat(typed.address()).isEqualTo("termbus.session.s");
        assertThat(typed.action()).isEqualTo("keys");
        assertThat(typed.body())
                .isEqualTo(
                        new JsonObject().put("keys", JsonArray.of("a", "Enter")).put("lease", "l"));
        assertThat(typed.lastsMs()).isZero();

        assertThat(asked("list", new JsonObject()).body()).isEqualTo(new JsonObject().put("limit", 50));
        assertThat(asked("create", new JsonObject().put("cwd", "/")).address()).isEqualTo("termbus.hub");
        assertThat(asked("read", of("s")).body()).isEqualTo(new JsonObject().put("maxBytes", 16_384));
        ToolCall output = asked("read", of("s").put("command", 7));
        assertThat(output.action()).isEqualTo("commandOutput");
        assertThat(output.body()).isEqualTo(new JsonObject().put("id", 7).put("maxBytes", 16_384));
        assertThat(asked("run", of("s").put("command", "make")).lastsMs()).isEqualTo(45_000);
        ToolCall screen = asked("screen", of("s"));
        assertThat(screen.action()).isEqualTo("snapshot");
        assertThat(screen.body())
                .isEqualTo(new JsonObject().put("format", "text").put("scrollback", 0));
        assertThat(asked("lease", of("s")).action()).isEqualTo("lease");
        assertThat(asked("lease", of("s").put("release", true)).action()).isEqualTo("release");
        assertThat(asked("kill", of("s")).action()).isEqualTo("kill");
    }

    @Test
    void aWaitLastsForThreeQuartersOfAMinuteWhereNothingElseIsSaid() {
        JsonObject wait = of("s").put("any", JsonArray.of(new JsonObject().put("exit", true)));

        assertThat(asked("wait", wait).lastsMs()).isEqualTo(45_000);
        assertThat(asked("wait", wait).body().getLong("timeoutMs")).isEqualTo(45_000);
        assertThat(asked("wait", wait.put("timeoutMs", 5)).lastsMs()).isEqualTo(5);
    }

    @Test
    void anAnswerIsStructuredAndOneTextThatSaysTheSame() {
        JsonObject answer = new JsonObject().put("offset", 12);

        JsonObject told = asked("keys", of("s").put("keys", JsonArray.of("a"))).answered(answer);

        JsonObject result = told.getJsonObject("result");
        assertThat(told.getInteger("id")).isEqualTo(7);
        assertThat(result.getJsonObject("structuredContent")).isEqualTo(answer);
        assertThat(result.getJsonArray("content"))
                .isEqualTo(JsonArray.of(new JsonObject().put("type", "text").put("text", answer.encode())));
        assertThat(result.getBoolean("isError")).isFalse();
    }

    @Test
    void ofSessionsNoCommandsAreTold() {
        JsonObject session = new JsonObject()
                .put("id", "s")
                .put("name", "bash")
                .put("state", "running")
                .put("command", JsonArray.of("x".repeat(8000)))
                .put("pid", 1);
        JsonObject brief = new JsonObject().put("id", "s").put("name", "bash").put("state", "running");

        assertThat(structured("create", new JsonObject(), session.copy())).isEqualTo(brief);
        assertThat(structured(
                        "list",
                        new JsonObject(),
                        new JsonObject().put("sessions", JsonArray.of(session)).put("next", "n")))
                .isEqualTo(new JsonObject().put("sessions", JsonArray.of(brief)).put("next", "n"));
    }

    private JsonObject structured(String tool, JsonObject arguments, JsonObject answer) {
        return asked(tool, arguments).answered(answer).getJsonObject("result").getJsonObject("structuredContent");
    }

    @Test
    void ofALongScreenTheEndIsTold() {
        JsonObject whole = structured("screen", of("s"), new JsonObject().put("data", "a\nb"));
        JsonObject cut = structured(
                "screen", of("s"), new JsonObject().put("data", "x".repeat(10) + "\ud83d\ude00" + "y".repeat(65_535)));

        assertThat(whole).isEqualTo(new JsonObject().put("text", "a\nb").put("truncated", false));
        assertThat(cut)
                .isEqualTo(new JsonObject().put("text", "y".repeat(65_535)).put("truncated", true));
    }

    @Test
    void refusalsOfTheHubAreErrorsOfTheTool() {
        JsonObject told = asked("kill", of("s")).refused(403, "takes role admin");

        assertThat(told.getJsonObject("result"))
                .isEqualTo(new JsonObject()
                        .put(
                                "content",
                                JsonArray.of(
                                        new JsonObject().put("type", "text").put("text", "403: takes role admin")))
                        .put("isError", true));
    }

    @Test
    void aCallKeepsNothingThatItsAnswersDoNotTake() {
        JsonObject request = call("wait", of("s"));
        WeakReference<Object> extra = new WeakReference<>(JsonArray.of("x".repeat(1000)));
        request.getJsonObject("params")
                .put("_meta", new JsonObject().put("progressToken", "p").put("extra", extra.get()));
        ToolCall call = ((Reply.Ask) server.take(request, Optional.empty())).call();
        request.clear();

        Awaitility.await().until(() -> {
            System.gc();
            return extra.get() == null;
        });

        assertThat(call.progress(1)).isPresent();
        assertThat(call.refused(403, "no").getInteger("id")).isEqualTo(7);
    }

    @Test
    void progressIsToldByTheTokenOfWhoWantsIt() {
        JsonObject wait = of("s").put("any", JsonArray.of(new JsonObject().put("exit", true)));
        JsonObject request = call("wait", wait);

        assertThat(asked("wait", wait).progress(10)).isEmpty();
        for (Object token : new Object[] {"a", 3}) {
            request.getJsonObject("params").put("_meta", new JsonObject().put("progressToken", token));
            JsonObject progress = ((Reply.Ask) server.take(request, Optional.empty()))
                    .call()
                    .progress(10)
                    .orElseThrow();
            assertThat(progress.getString("method")).isEqualTo("notifications/progress");
            assertThat(progress.getJsonObject("params").getValue("progressToken"))
                    .isEqualTo(token);
            assertThat(progress.getJsonObject("params").getLong("progress")).isEqualTo(10);
        }
        request.getJsonObject("params").put("_meta", new JsonObject().put("progressToken", "x".repeat(1000)));
        assertThat(((Reply.Ask) server.take(request, Optional.empty())).call().progress(10))
                .isEmpty();
    }
}
