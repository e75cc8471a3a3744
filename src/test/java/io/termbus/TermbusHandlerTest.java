package io.termbus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.ClientWebSocket;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.http.WebSocket;
import io.vertx.core.http.WebSocketClient;
import io.vertx.core.http.WebSocketClientOptions;
import io.vertx.core.http.WebSocketConnectOptions;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.auth.User;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.impl.UserContextInternal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A hub below a path of a program's own server, with that program's own login. */
@Timeout(120)
class TermbusHandlerTest {
    private static final int SECONDS = 30;
    private static final String MOUNT = "/inner/terminals";
    private static final String BUS = MOUNT + "/eventbus/websocket";

    @TempDir
    Path home;

    private Vertx vertx;
    private Vertx clients;
    private HttpClient http;
    private WebSocketClient webSockets;
    private Termbus hub;
    private int port;

    @BeforeEach
    void begin() {
        vertx = Vertx.vertx();
        clients = Vertx.vertx();
        http = clients.createHttpClient();
        webSockets = clients.createWebSocketClient(new WebSocketClientOptions().setTryUsePerMessageCompression(true));
    }

    @AfterEach
    void end() {
        await(clients.close());
        await(hub.close());
        await(vertx.close());
    }

    @Test
    void servesTheWebAppBelowItsPath() {
        serve(Termbus.create(vertx, options()).authenticator(TermbusHandlerTest::byUser));

        HttpClientResponse bare = get(MOUNT + "?x=1");
        assertThat(bare.statusCode()).isEqualTo(308);
        assertThat(bare.getHeader("Location")).isEqualTo(MOUNT + "/?x=1");
        HttpClientResponse page = get(MOUNT + "/");
        assertThat(page.statusCode()).isEqualTo(200);
        assertThat(await(page.body()).toString()).contains("<title>Termbus");
        assertThat(get(MOUNT + "/none.js").statusCode()).isEqualTo(404);
        assertThat(get("/").statusCode()).isEqualTo(404);
        assertThat(await(get(MOUNT + "/eventbus/info").body()).toJsonObject().getBoolean("websocket"))
                .isTrue();
    }

    @Test
    void whoTheProgramHasLetInIsLoggedIn() throws Exception {
        serve(Termbus.create(vertx, options()).authenticator(TermbusHandlerTest::byUser));

        Client anna = connect("anna");
        assertThat(anna.ask("termbus.hub", "info", new JsonObject()).getString("role"))
                .isEqualTo("operator");
        Client nobody = connect("");
        assertThat(nobody.refused("termbus.hub", "list", new JsonObject())).isEqualTo(401);
        assertThat(nobody.refused("termbus.hub", "login", new JsonObject().put("token", "anna")))
                .isEqualTo(401);
        assertThat(nobody.lastMessage).isEqualTo("ask the porter");
    }

    @Test
    void aSocketOfSockJsWorksBelowThePath() throws Exception {
        serve(Termbus.create(vertx, options()).authenticator(TermbusHandlerTest::byUser));

        // the hub speaks first: who begins to listen when it is connected may miss that
        ClientWebSocket socket = webSockets.webSocket();
        BlockingQueue<String> frames = new LinkedBlockingQueue<>();
        socket.textMessageHandler(frames::add);
        await(socket.connect(to(MOUNT + "/eventbus/123/abcdefgh/websocket", "anna")));
        assertThat(frames.poll(SECONDS, TimeUnit.SECONDS)).isEqualTo("o");
        await(socket.writeTextMessage("[\"{\\\"type\\\":\\\"send\\\",\\\"address\\\":\\\"termbus.hub\\\","
                + "\\\"headers\\\":{\\\"action\\\":\\\"info\\\"},\\\"replyAddress\\\":\\\"r\\\"}\"]"));
        assertThat(frames.poll(SECONDS, TimeUnit.SECONDS)).startsWith("a[").contains("operator");
    }

    @Test
    void binaryFramesNeedNoOptionOfTheServer() throws Exception {
        serve(Termbus.create(vertx, options()).authenticator(TermbusHandlerTest::byUser));

        WebSocket socket = await(webSockets.connect(to(BUS, "anna").addSubProtocol("termbus.v1.binary")));

        assertThat(socket.subProtocol()).isEqualTo("termbus.v1.binary");
        Client anna = new Client(socket);
        anna.send("termbus.hub", "info", new JsonObject(), "r");
        assertThat(anna.next().getJsonObject("body").getString("frames")).isEqualTo("binary");
    }

    @Test
    void aClientThatPollsIsServedBelowThePath() {
        serve(Termbus.create(vertx, options()).authenticator(TermbusHandlerTest::byUser));
        String session = MOUNT + "/eventbus/123/abcdefgh";

        assertThat(post(session + "/xhr", "anna", "")).isEqualTo("o\n");
        String request = new JsonObject()
                .put("type", "send")
                .put("address", "termbus.hub")
                .put("headers", new JsonObject().put("action", "info"))
                .put("replyAddress", "r")
                .encode();
        Future<String> poll = posted(session + "/xhr", "anna", "");
        assertThat(post(
                        session + "/xhr_send",
                        "anna",
                        new JsonArray().add(request).encode()))
                .isEmpty();
        assertThat(await(poll)).startsWith("a[").contains("operator");
        assertThat(post(session + "/xhr_send", "otto", "[\"{}\"]")).startsWith("403");
    }

    @Test
    void anAgentIsServedBelowThePathByItsTokenAlone() {
        serve(Termbus.create(vertx, options().set("auth.token", "the-token-of-this-hub")));
        RequestOptions agent = new RequestOptions()
                .setMethod(HttpMethod.POST)
                .setHost("127.0.0.1")
                .setPort(port)
                .setURI(MOUNT + "/mcp")
                .putHeader("Content-Type", "application/json");
        String ping = "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"ping\"}";

        assertThat(posted(new RequestOptions(agent).putHeader("X-User", "anna"), ping))
                .startsWith("401");
        assertThat(posted(new RequestOptions(agent).putHeader("Authorization", "Bearer the-token-of-this-hub"), ping))
                .isEqualTo("{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":{}}");
    }

    private String posted(RequestOptions options, String body) {
        return await(http.request(options)
                .compose(request -> request.send(body).compose(response -> response.body()))
                .map(Buffer::toString));
    }

    @Test
    void theLoginOfAUrlIsForThatPathAlone() {
        serve(Termbus.create(vertx, options().set("auth.token", "the-token-of-this-hub")));

        HttpClientResponse login = get(MOUNT + "/?token=the-token-of-this-hub");
        assertThat(login.statusCode()).isEqualTo(303);
        assertThat(login.getHeader("Location")).isEqualTo(MOUNT + "/");
        assertThat(login.getHeader("Set-Cookie"))
                .contains("Path=" + MOUNT + "/;")
                .containsIgnoringCase("HttpOnly");
        assertThat(get(MOUNT + "/?token=another").statusCode()).isEqualTo(401);
    }

    @Test
    void whatIsSentBehindALoginWaitsForItsAnswer() throws Exception {
        Promise<Grant> answer = Promise.promise();
        serve(Termbus.create(vertx, options()).authenticator(given -> answer.future()));

        Client client = connect("");
        client.send("termbus.hub", "login", new JsonObject().put("token", "mine"), "first");
        client.send("termbus.hub", "info", new JsonObject(), "second");
        client.send("termbus.hub", "list", new JsonObject(), "third");
        clients.executeBlocking(() -> {
            answer.complete(Grant.of("anna", Grant.Role.VIEWER));
            return null;
        });
        assertThat(List.of(client.next(), client.next(), client.next()))
                .extracting(frame -> frame.getString("address") + " " + frame.getString("type"))
                .containsExactly("first rec", "second rec", "third rec");
    }

    @Test
    void aLoginThatNobodyAnswersIsRefusedInTime() throws Exception {
        serve(Termbus.create(vertx, options().set("connection.loginSeconds", 1))
                .authenticator(given -> Promise.<Grant>promise().future()));

        assertThat(get(MOUNT + "/?token=mine").statusCode()).isEqualTo(503);
    }

    @Test
    void aLoginThatCannotBeLookedAtIsNotToldWhy() throws Exception {
        serve(Termbus.create(vertx, options()).authenticator(given -> {
            throw new IllegalStateException("the password of the database is 1234");
        }));

        Client client = connect("");
        assertThat(client.refused("termbus.hub", "login", new JsonObject().put("token", "mine")))
                .isEqualTo(503);
        assertThat(client.lastMessage).isEqualTo("the login cannot be looked at; the hub's log has the details");
    }

    @Test
    void theProgramSaysWhoMayDoWhatWithWhichSession() throws Exception {
        List<String> asked = new CopyOnWriteArrayList<>();
        Termbus made = Termbus.create(vertx, options().setAddressPrefix("shop"))
                .authenticator(TermbusHandlerTest::byUser)
                .authorizer((who, action, session) -> {
                    asked.add(who.user() + " " + action);
                    return session.isEmpty() || mayDo(who, action, session);
                });
        serve(made);
        TermbusSession annas =
                await(hub.create(new SessionOptions().setCommand("cat").setName("anna")));
        TermbusSession ottos =
                await(hub.create(new SessionOptions().setCommand("cat").setName("otto")));
        ownerOf = Optional.of(annas.id());

        Client anna = connect("anna");
        JsonObject list = anna.ask("termbus.hub", "list", new JsonObject());
        assertThat(list.getJsonArray("sessions"))
                .extracting(each -> ((JsonObject) each).getString("id"))
                .containsExactly(annas.id());
        JsonObject data = new JsonObject().put("data", "x\n");
        anna.ask("termbus.session." + annas.id(), "input", data);
        assertThat(anna.refused("termbus.session." + ottos.id(), "input", data)).isEqualTo(403);
        assertThat(anna.lastMessage).isEqualTo("action 'input' is not allowed to anna");
        assertThat(anna.refused("termbus.flow", "attach", new JsonObject().put("session", ottos.id())))
                .isEqualTo(403);
        anna.ask("termbus.flow", "attach", new JsonObject().put("session", annas.id()));
        assertThat(asked).contains("anna list", "anna input", "anna attach", "anna info");
    }

    @Test
    void theProgramSaysWhoMaySeeTheRecordingsOfWhichSession() throws Exception {
        serve(Termbus.create(vertx, options().set("record.mode", "output").set("record.sessions", "all"))
                .authenticator(given -> Future.succeededFuture(Grant.of("anna", Grant.Role.ADMIN)))
                .authorizer((who, action, session) -> session.isEmpty() || session.equals(ownerOf)));
        String annas = await(hub.create(new SessionOptions().setCommand("cat"))).id();
        String ottos = await(hub.create(new SessionOptions().setCommand("cat"))).id();
        ownerOf = Optional.of(annas);
        for (String each : List.of(annas, ottos)) {
            Path file = home.resolve("home").resolve("recordings").resolve(each + "-1.idx");
            Awaitility.await().atMost(Duration.ofSeconds(SECONDS)).until(() -> Files.exists(file));
        }

        Client anna = connect("anna");
        assertThat(anna.ask("termbus.hub", "recordings", new JsonObject()).getJsonArray("recordings"))
                .extracting(each -> ((JsonObject) each).getString("id"))
                .containsExactly(annas + "-1");
        JsonObject own = new JsonObject().put("recording", annas + "-1").put("atMs", 0);
        JsonObject other = own.copy().put("recording", ottos + "-1");
        for (String action : List.of("recording", "seek")) {
            anna.ask("termbus.hub", action, own);
            assertThat(anna.refused("termbus.hub", action, other)).isEqualTo(403);
        }
        assertThat(anna.refused("termbus.hub", "deleteRecording", other)).isEqualTo(403);
        assertThat(anna.lastMessage).isEqualTo("action 'deleteRecording' is not allowed to anna");
        assertThat(get(MOUNT + "/recordings/" + annas + "-1.cast?token=mine").statusCode())
                .isEqualTo(200);
        assertThat(get(MOUNT + "/recordings/" + ottos + "-1.cast?token=mine").statusCode())
                .isEqualTo(403);
    }

    @Test
    void clientsAreToldWhenTheHubEndsAndTheServerGoesOn() throws Exception {
        serve(Termbus.create(vertx, options()).authenticator(TermbusHandlerTest::byUser));
        Client anna = connect("anna");
        anna.ask("termbus.hub", "info", new JsonObject());

        await(hub.close());

        assertThat(anna.next().getInteger("failureCode")).isEqualTo(503);
        Awaitility.await().atMost(Duration.ofSeconds(SECONDS)).until(anna.socket::isClosed);
        assertThat(await(get("/ping").body())).hasToString("pong");
        assertThatThrownBy(() -> TermbusHandler.create(vertx, hub)).isInstanceOf(IllegalStateException.class);
    }

    private volatile Optional<String> ownerOf = Optional.empty();

    private boolean mayDo(Grant who, String action, Optional<String> session) {
        return who.user().equals("anna") && session.equals(ownerOf);
    }

    private static Future<Grant> byUser(Credentials given) {
        return given.user()
                .map(user -> Future.succeededFuture(Grant.of(user.subject(), Grant.Role.OPERATOR)))
                .orElseGet(() -> Future.failedFuture(new TermbusException(401, "ask the porter")));
    }

    private TermbusOptions options() {
        return new TermbusOptions().set("home", home.resolve("home").toString());
    }

    private void serve(Termbus made) {
        hub = made;
        await(hub.start());
        Router router = Router.router(vertx);
        router.get("/ping").handler(rc -> rc.end("pong"));
        router.route("/inner/*").handler(TermbusHandlerTest::login);
        router.route(MOUNT + "/*").subRouter(TermbusHandler.create(vertx, hub));
        port = await(vertx.createHttpServer().requestHandler(router).listen(0, "127.0.0.1"))
                .actualPort();
    }

    private static void login(RoutingContext rc) {
        String name = rc.request().getHeader("X-User");
        if (name != null && !name.isEmpty()) {
            ((UserContextInternal) rc.userContext()).setUser(User.fromName(name));
        }
        rc.next();
    }

    private WebSocketConnectOptions to(String path, String user) {
        return new WebSocketConnectOptions()
                .setHost("127.0.0.1")
                .setPort(port)
                .setURI(path)
                .setHeaders(MultiMap.caseInsensitiveMultiMap().add("X-User", user));
    }

    private Client connect(String user) {
        return new Client(await(webSockets.connect(to(BUS, user))));
    }

    private HttpClientResponse get(String path) {
        return await(http.request(new RequestOptions()
                        .setHost("127.0.0.1")
                        .setPort(port)
                        .setURI(path)
                        .setFollowRedirects(false))
                // within the step: set from this thread, the last one might come after the body
                .compose(request ->
                        request.send().compose(response -> response.body().map(response))));
    }

    private String post(String path, String user, String body) {
        return await(posted(path, user, body));
    }

    private Future<String> posted(String path, String user, String body) {
        return http.request(new RequestOptions()
                        .setMethod(HttpMethod.POST)
                        .setHost("127.0.0.1")
                        .setPort(port)
                        .setURI(path)
                        .putHeader("X-User", user))
                .compose(request -> request.send(body).compose(response -> response.body()))
                .map(Buffer::toString);
    }

    private static <T> T await(Future<T> future) {
        try {
            return future.toCompletionStage().toCompletableFuture().get(SECONDS, TimeUnit.SECONDS);
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    /** Speaks the protocol of the bus over a raw WebSocket. */
    private static final class Client {
        final WebSocket socket;
        private final BlockingQueue<JsonObject> frames = new LinkedBlockingQueue<>();
        String lastMessage = "";

        Client(WebSocket socket) {
            this.socket = socket;
            socket.textMessageHandler(text -> frames.add(new JsonObject(text)));
        }

        void send(String address, String action, JsonObject body, String replyAddress) {
            JsonObject frame = new JsonObject()
                    .put("type", "send")
                    .put("address", address)
                    .put("headers", new JsonObject().put("action", action))
                    .put("body", body)
                    .put("replyAddress", replyAddress);
            await(socket.writeTextMessage(frame.encode()));
        }

        JsonObject next() throws InterruptedException {
            JsonObject frame = frames.poll(SECONDS, TimeUnit.SECONDS);
            if (frame == null) {
                throw new AssertionError("nothing came within " + SECONDS + " s");
            }
            return frame;
        }

        JsonObject ask(String address, String action, JsonObject body) throws InterruptedException {
            send(address, action, body, "reply");
            JsonObject answer = next();
            assertThat(answer.getString("type")).as(answer.encode()).isEqualTo("rec");
            return answer.getJsonObject("body");
        }

        /** @return the code of the refusal */
        int refused(String address, String action, JsonObject body) throws InterruptedException {
            send(address, action, body, "reply");
            JsonObject answer = next();
            assertThat(answer.getString("type")).as(answer.encode()).isEqualTo("err");
            lastMessage = answer.getString("message");
            return answer.getInteger("failureCode");
        }
    }
}
