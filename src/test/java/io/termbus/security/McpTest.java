package io.termbus.security;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.termbus.audit.Audit;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.InputStream;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.LoggerFactory;

/** What agents may do over HTTP, and what they may not. */
@Timeout(180)
class McpTest {
    private static final String LIST = Agent.call(1, "list", new JsonObject()).encode();
    private static final String BEARER = "Bearer " + RunningHub.TOKEN;

    @TempDir
    Path directory;

    private RunningHub hub;
    private Peer admin;
    private Agent agent;
    private String session;

    @BeforeEach
    void start() throws Exception {
        start(new String[0]);
    }

    private void start(String... settings) throws Exception {
        hub = new RunningHub(directory, settings);
        admin = hub.admin();
        agent = agent(RunningHub.TOKEN);
        session = admin.create("cat");
    }

    @AfterEach
    void stop() throws Exception {
        hub.close();
    }

    private void restart(String... settings) throws Exception {
        stop();
        start(settings);
    }

    private Agent agent(String token) {
        return new Agent(hub.hub.httpPort(), token);
    }

    private HttpRequest.Builder list() {
        return Agent.request(hub.hub.httpPort(), "list", LIST);
    }

    private HttpRequest.Builder post(String body) {
        return Agent.request(hub.hub.httpPort(), "list", body).header("Authorization", BEARER);
    }

    private static int status(HttpRequest.Builder request) throws Exception {
        return Agent.send(request).statusCode();
    }

    private static int code(HttpResponse<String> response) {
        return new JsonObject(response.body()).getJsonObject("error").getInteger("code");
    }

    private JsonObject of() {
        return new JsonObject().put("session", session);
    }

    private static JsonArray any(JsonObject... conditions) {
        return new JsonArray(List.of(conditions));
    }

    /** A wait for what never comes. */
    private JsonObject forEver() {
        return of().put("any", any(new JsonObject().put("text", "never"))).put("timeoutMs", 600_000);
    }

    @Test
    void onlyATokenInItsHeaderLetsIn() throws Exception {
        HttpResponse<String> without = Agent.send(list());

        assertThat(without.statusCode()).isEqualTo(401);
        assertThat(without.headers().firstValue("WWW-Authenticate")).contains("Bearer");
        assertThat(status(list().header("Cookie", "termbus_token=" + RunningHub.TOKEN)))
                .isEqualTo(401);
        assertThat(status(list().uri(URI.create(
                        "http://127.0.0.1:" + hub.hub.httpPort() + "/mcp?token=" + RunningHub.TOKEN))))
                .isEqualTo(401);
        assertThat(status(list().header("Authorization", "Basic " + RunningHub.TOKEN)))
                .isEqualTo(401);
        assertThat(status(list().header("Authorization", BEARER).header("Authorization", BEARER)))
                .isEqualTo(401);
        assertThat(status(list().header("Authorization", "Bearer wrong"))).isEqualTo(401);
        assertThat(status(list().header("Authorization", "bearer  " + RunningHub.TOKEN)))
                .isEqualTo(200);
    }

    @Test
    void wrongTokensOfAnAddressHaveToWaitAndRightOnesHaveNot() throws Exception {
        restart("auth.maxFailures=2");
        for (int i = 0; i < 2; i++) {
            assertThat(status(list().header("Authorization", "Bearer wrong"))).isEqualTo(401);
        }

        assertThat(status(list().header("Authorization", "Bearer wrong"))).isEqualTo(429);
        assertThat(status(list().header("Authorization", BEARER))).isEqualTo(200);
    }

    @Test
    void pagesOfOtherSitesAreRefusedWithAnyToken() throws Exception {
        int port = hub.hub.httpPort();

        assertThat(status(post(LIST).header("Origin", "http://evil.example"))).isEqualTo(403);
        assertThat(status(post(LIST).header("Origin", "null"))).isEqualTo(403);
        assertThat(status(post(LIST).header("Sec-Fetch-Site", "cross-site"))).isEqualTo(403);
        assertThat(status(post(LIST).header("Origin", "http://127.0.0.1:" + port)))
                .isEqualTo(200);
    }

    @ParameterizedTest
    @ValueSource(strings = {"GET", "DELETE", "PUT", "OPTIONS"})
    void messagesArePosted(String method) throws Exception {
        HttpResponse<String> response = Agent.send(post(LIST).method(method, HttpRequest.BodyPublishers.noBody()));

        assertThat(response.statusCode()).isEqualTo(405);
        assertThat(response.headers().firstValue("Allow")).contains("POST");
    }

    @Test
    void whatIsNoMessageIsRefused() throws Exception {
        for (String garbage :
                List.of("", "{", "1", "\"x\"", "{\"a\":".repeat(20_000), "{\"x\":\"" + "y".repeat(70_000))) {
            HttpResponse<String> response = Agent.send(post(garbage));
            assertThat(response.statusCode()).isEqualTo(400);
            assertThat(code(response)).isEqualTo(-32700);
        }
        for (String batch : List.of("[]", "[" + LIST + "]", "[".repeat(100_000))) {
            HttpResponse<String> response = Agent.send(post(batch));
            assertThat(response.statusCode()).isEqualTo(400);
            assertThat(code(response)).isEqualTo(-32600);
        }
        HttpRequest.Builder latin1 =
                post("").POST(HttpRequest.BodyPublishers.ofString("{\"x\":\"é\"}", StandardCharsets.ISO_8859_1));
        assertThat(status(latin1)).isEqualTo(400);
    }

    /** What comes of 2,000 messages that are almost right; the hub itself fails on none. */
    @Test
    void messagesThatAreAlmostRightAreAnswered() throws Exception {
        Random random = Mutations.random("McpTest");
        try (HubErrors errors = new HubErrors()) {
            for (int i = 0; i < 2000; i++) {
                StringBuilder body = new StringBuilder(Agent.call(
                                i,
                                "wait",
                                of().put("any", any(new JsonObject().put("idleMs", 1)))
                                        .put("timeoutMs", 0))
                        .encode());
                for (int change = random.nextInt(4); change >= 0; change--) {
                    int at = random.nextInt(body.length());
                    if (random.nextBoolean()) {
                        body.setCharAt(at, (char) (32 + random.nextInt(224)));
                    } else {
                        body.delete(at, Math.min(body.length(), at + random.nextInt(9)));
                    }
                }
                assertThat(status(Agent.request(hub.hub.httpPort(), "wait", body.toString())
                                .header("Authorization", BEARER)))
                        .as(body.toString())
                        .isIn(200, 202, 400, 404);
            }
            assertThat(errors.texts()).isEmpty();
        }
    }

    @Test
    void anotherTypeOrTooMuchIsRefused() throws Exception {
        HttpRequest text = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + hub.hub.httpPort() + "/mcp"))
                .header("Authorization", BEARER)
                .header("Content-Type", "text/plain")
                .POST(HttpRequest.BodyPublishers.ofString(LIST))
                .build();

        assertThat(HttpClient.newHttpClient()
                        .send(text, HttpResponse.BodyHandlers.ofString())
                        .statusCode())
                .isEqualTo(415);
        String keys = Agent.call(1, "keys", of().put("keys", any(new JsonObject().put("text", "x".repeat(1 << 20)))))
                .encode();
        assertThat(status(post(keys))).isEqualTo(413);
    }

    @Test
    void deepArgumentsHurtNobody() throws Exception {
        String deep =
                LIST.replace("\"arguments\":{}", "\"arguments\":{\"limit\":" + "[".repeat(900) + "]".repeat(900) + "}");

        assertThat(Agent.message(Agent.send(post(deep))).getJsonObject("result").getBoolean("isError"))
                .isTrue();
    }

    @Test
    void toolsDriveASession() throws Exception {
        String id = agent.ask(
                        "create",
                        new JsonObject()
                                .put(
                                        "command",
                                        new JsonArray().add("sh").add("-c").add("read a; echo got $a; read b")))
                .getString("id");
        JsonObject of = new JsonObject().put("session", id);
        assertThat(agent.ask("list", new JsonObject()).getJsonArray("sessions"))
                .extracting(each -> ((JsonObject) each).getString("id"))
                .containsExactly(session, id);

        long offset = agent.ask("keys", of.copy().put("keys", JsonArray.of("x", "Enter")))
                .getLong("offset");
        JsonObject found = agent.ask(
                "wait", of.copy().put("since", offset).put("any", any(new JsonObject().put("text", "got x"))));

        assertThat(found.getInteger("matched")).isZero();
        assertThat(found.getString("row")).contains("got x");
        assertThat(agent.ask("read", of.copy().put("since", offset)).getString("text"))
                .contains("got x");
        JsonObject screen = agent.ask("screen", of);
        assertThat(screen.getString("text")).contains("got x");
        assertThat(screen.getInteger("cols")).isEqualTo(80);
        assertThat(agent.ask("kill", of)).isEqualTo(new JsonObject().put("ending", true));
        JsonObject exited = agent.ask("wait", of.copy().put("any", any(new JsonObject().put("exit", true))));
        assertThat(exited.getString("state")).isEqualTo("exited");
        assertThat(agent.refusal("keys", of.copy().put("keys", JsonArray.of("x"))))
                .startsWith("410: ");
    }

    private String share(String role, String of) throws Exception {
        return admin.call(
                        "termbus.hub",
                        "share",
                        new JsonObject().put("session", of).put("role", role))
                .getString("token");
    }

    @Test
    void aGuestHasItsRoleInItsSessionAndNoOther() throws Exception {
        String other = admin.create("cat");
        Agent viewer = agent(share("viewer", session));
        Agent operator = agent(share("operator", session));
        JsonObject typed = new JsonObject().put("keys", JsonArray.of("a"));

        assertThat(viewer.ask("list", new JsonObject()).getJsonArray("sessions"))
                .extracting(each -> ((JsonObject) each).getString("id"))
                .containsExactly(session);
        assertThat(viewer.ask("screen", of()).getString("text")).isNotNull();
        assertThat(viewer.refusal("keys", typed.copy().put("session", session))).startsWith("403: ");
        assertThat(viewer.refusal("lease", of())).startsWith("403: ");
        assertThat(viewer.refusal("kill", of())).startsWith("403: ");
        assertThat(viewer.refusal("create", new JsonObject())).startsWith("403: ");
        for (String tool : List.of("screen", "read", "kill")) {
            assertThat(operator.refusal(tool, new JsonObject().put("session", other)))
                    .startsWith("404: ");
        }
        assertThat(operator.refusal("keys", typed.copy().put("session", other))).startsWith("404: ");
        assertThat(operator.ask("keys", typed.copy().put("session", session)).getLong("offset"))
                .isZero();
        for (String none : List.of("", ".", "../hub", "termbus.hub", session + "x")) {
            assertThat(agent.refusal("read", new JsonObject().put("session", none)))
                    .matches("(?s)40[034]: .*");
        }
    }

    @Test
    void aLeaseOutlastsItsRequestAndIsSaidWithOthers() throws Exception {
        JsonObject typed = of().put("keys", JsonArray.of("a"));
        String lease = agent.ask("lease", of().put("ttlMs", 60_000).put("note", "a test"))
                .getString("lease");

        assertThat(agent.refusal("keys", typed)).startsWith("423: ").contains("a test");
        assertThat(admin.refusal("termbus.session." + session, "keys", typed)).isEqualTo(423);
        agent.ask("keys", typed.copy().put("lease", lease));
        assertThat(agent.ask("lease", of().put("lease", lease)).getString("lease"))
                .isEqualTo(lease);
        assertThat(agent.ask("list", new JsonObject())
                        .getJsonArray("sessions")
                        .getJsonObject(0)
                        .getJsonObject("lease")
                        .getString("note"))
                .isEqualTo("a test");
        JsonObject end = of().put("lease", lease).put("release", true);
        assertThat(agent.ask("lease", end).getBoolean("released")).isTrue();
        assertThat(agent.ask("lease", end).getBoolean("released")).isFalse();
        agent.ask("keys", typed);
    }

    @Test
    void whatLastsIsAStreamThatEndsWithTheAnswer() throws Exception {
        JsonObject here = forEver().put("since", 0).put("any", any(new JsonObject().put("text", "here")));
        CompletableFuture<HttpResponse<String>> waiting = agent.begin("wait", here);
        agent.ask("keys", of().put("keys", JsonArray.of(new JsonObject().put("text", "here"))));

        HttpResponse<String> response = waiting.get(RunningHub.SECONDS, TimeUnit.SECONDS);

        assertThat(response.headers().firstValue("Content-Type")).contains("text/event-stream");
        assertThat(response.headers().firstValue("X-Accel-Buffering")).contains("no");
        assertThat(response.body()).startsWith(":\n\nevent: message\ndata: {").endsWith("}\n\n");
        assertThat(Agent.message(response)
                        .getJsonObject("result")
                        .getJsonObject("structuredContent")
                        .getInteger("matched"))
                .isZero();
    }

    @Test
    void aTokenThatEndsEndsWhatLasts() throws Exception {
        JsonObject share = admin.call("termbus.hub", "share", of().put("role", "viewer"));
        String body = Agent.call(1, "wait", forEver()).encode();
        HttpRequest request = Agent.request(hub.hub.httpPort(), "wait", body)
                .header("Authorization", "Bearer " + share.getString("token"))
                .build();
        HttpResponse<InputStream> waiting =
                HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofInputStream());

        admin.call("termbus.hub", "revoke", new JsonObject().put("id", share.getString("id")));

        assertThat(new String(waiting.body().readAllBytes(), StandardCharsets.UTF_8))
                .contains("401: the token was revoked")
                .contains("\"isError\":true");
    }

    @Test
    void aThousandWaitsOfOneAgentKeepNobodyOut() throws Exception {
        restart("connection.max=32");
        Agent other = agent(share("operator", session));
        List<CompletableFuture<HttpResponse<String>>> all = new ArrayList<>();
        for (int i = 0; i < 1000; i++) {
            all.add(agent.begin("wait", forEver()));
        }
        Awaitility.await()
                .until(() -> all.stream().filter(CompletableFuture::isDone).count() == 996);

        assertThat(all.stream()
                        .filter(CompletableFuture::isDone)
                        .map(each -> each.join().statusCode()))
                .containsOnly(429);
        assertThat(hub.admin().call("termbus.hub", "list", new JsonObject()).getJsonArray("sessions"))
                .hasSize(1);
        assertThat(other.ask("list", new JsonObject()).getJsonArray("sessions")).hasSize(1);
        all.forEach(each -> each.cancel(true));
        Awaitility.await().until(() -> status(post(LIST)) == 200);
    }

    @Test
    void clientsThatNeverReadOrGoLeaveNothingBehind() throws Exception {
        restart("connection.max=32");
        for (int round = 0; round < 3; round++) {
            List<Socket> sockets = new ArrayList<>();
            for (int i = 0; i < 4; i++) {
                Socket socket = new Socket("127.0.0.1", hub.hub.httpPort());
                sockets.add(socket);
                String body = Agent.call(1, "wait", forEver()).encode();
                assertThat(RawHttp.answerTo(
                                socket,
                                "POST /mcp HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: " + BEARER
                                        + "\r\nAccept: text/event-stream\r\nContent-Type: application/json"
                                        + "\r\nMCP-Protocol-Version: 2026-07-28\r\nMcp-Method: tools/call"
                                        + "\r\nMcp-Name: wait\r\nContent-Length: " + body.length() + "\r\n\r\n" + body))
                        .isEqualTo("HTTP/1.1 200");
            }
            assertThat(status(post(LIST))).isEqualTo(429);
            for (Socket socket : sockets) {
                socket.close();
            }
            Awaitility.await().until(() -> status(post(LIST)) == 200);
        }
    }

    @Test
    void theAuditLogHasALineForAnAgentAndNotForEachOfItsRequests() throws Exception {
        ListAppender<ILoggingEvent> lines = new ListAppender<>();
        Logger log = (Logger) LoggerFactory.getLogger(Audit.LOGGER);
        lines.start();
        log.addAppender(lines);
        Agent guest = agent(share("operator", session));
        for (int i = 0; i < 5; i++) {
            agent.ask("list", new JsonObject());
            guest.ask("list", new JsonObject());
            guest.refusal("kill", of());
        }
        log.detachAppender(lines);

        assertThat(lines.list.stream().map(each -> new JsonObject(each.getFormattedMessage())))
                .extracting(line -> line.getString("event"))
                .containsExactly("share", "login", "login", "kill", "kill", "kill", "kill", "kill");
    }
}
