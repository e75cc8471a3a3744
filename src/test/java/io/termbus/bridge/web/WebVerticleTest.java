package io.termbus.bridge.web;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.termbus.bridge.BridgeContext;
import io.termbus.bridge.FloodedSubscriber;
import io.termbus.bridge.TestHub;
import io.termbus.loop.Loops;
import io.termbus.protocol.Addresses;
import io.termbus.protocol.LocalCodec;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.WebSocket;
import io.vertx.core.http.WebSocketClient;
import io.vertx.core.http.WebSocketClientOptions;
import io.vertx.core.http.WebSocketConnectOptions;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.Socket;
import java.net.SocketException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.LoggerFactory;

@Timeout(120)
class WebVerticleTest {
    private static final String RAW = "/eventbus/websocket";
    private static final String FRAMED = "/eventbus/000/abcdefgh/websocket";
    private static final String UPGRADE =
            " HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                    + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n";
    private static final JsonObject INFO = new JsonObject()
            .put("type", "send")
            .put("address", Addresses.HUB)
            .put("headers", new JsonObject().put("action", "info"))
            .put("replyAddress", "r");

    private final HttpClient http = HttpClient.newHttpClient();
    private Vertx vertx;
    private WebSocketClient sockets;
    private BridgeContext hub;
    private WebContext web;
    private int port;

    @BeforeEach
    void start() throws Exception {
        vertx = Vertx.vertx();
        LocalCodec.register(vertx);
        sockets = vertx.createWebSocketClient();
        deploy(new TestHub().unflushed(1 << 20).context());
    }

    @AfterEach
    void stop() throws Exception {
        await(vertx.close());
    }

    private void deploy(BridgeContext context) throws Exception {
        deploy(new WebContext(context), HttpConnectionLimits.Patience.DEFAULT);
    }

    private void deploy(BridgeContext context, HttpConnectionLimits.Patience patience) throws Exception {
        deploy(new WebContext(context), patience);
    }

    /** On every event loop. */
    private void deploy(WebContext context, HttpConnectionLimits.Patience patience) throws Exception {
        for (String id : vertx.deploymentIDs()) {
            await(vertx.undeploy(id));
        }
        web = context;
        hub = context.hub;
        Loops loops = Loops.of(vertx);
        for (int loop = 0; loop < loops.count(); loop++) {
            WebVerticle verticle = new WebVerticle(context, patience);
            await(loops.deploy(loop, verticle));
            port = verticle.port();
        }
    }

    private static <T> T await(Future<T> future) throws Exception {
        return future.toCompletionStage().toCompletableFuture().get(20, TimeUnit.SECONDS);
    }

    private HttpResponse<String> get(String path, String... headers) throws Exception {
        HttpRequest.Builder request = HttpRequest.newBuilder(uri(path));
        if (headers.length > 0) {
            request.headers(headers);
        }
        return http.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }

    private HttpResponse<String> post(String path, String body) throws Exception {
        return http.send(
                HttpRequest.newBuilder(uri(path))
                        .POST(HttpRequest.BodyPublishers.ofString(body))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
    }

    private URI uri(String path) {
        return URI.create("http://127.0.0.1:" + port + path);
    }

    /** A WebSocket client with what it received. */
    private static final class Client {
        final BlockingQueue<String> received = new LinkedBlockingQueue<>();
        final CompletableFuture<Short> closed = new CompletableFuture<>();
        final WebSocket socket;

        Client(WebSocket socket) {
            this.socket = socket;
            socket.textMessageHandler(received::add);
            socket.closeHandler(done -> closed.complete(socket.closeStatusCode()));
            socket.exceptionHandler(failure -> {});
        }

        String next() throws InterruptedException {
            String text = received.poll(20, TimeUnit.SECONDS);
            assertThat(text).isNotNull();
            return text;
        }

        /** The last error, out of what is around it. */
        String fatal() throws InterruptedException {
            String text = next();
            for (int i = 0; i < 2 && !text.contains("err"); i++) {
                text = next(); // the opening frame of SockJS
            }
            return text.replace("\\\"", "\"");
        }

        JsonObject nextJson() throws InterruptedException {
            return new JsonObject(next());
        }

        Client say(String text) throws Exception {
            await(socket.writeTextMessage(text));
            return this;
        }
    }

    private Future<WebSocket> connect(String path, String... headers) {
        WebSocketConnectOptions options =
                new WebSocketConnectOptions().setHost("127.0.0.1").setPort(port).setURI(path);
        for (int i = 0; i < headers.length; i += 2) {
            options.addHeader(headers[i], headers[i + 1]);
        }
        return sockets.connect(options);
    }

    private Client open(String path, String... headers) throws Exception {
        return onEventLoop(() -> connect(path, headers));
    }

    /** From another thread the handlers might be set only when the hub has already spoken, and what it said was lost. */
    private Client onEventLoop(Supplier<Future<WebSocket>> connect) throws Exception {
        return await(Future.<Client>future(
                done -> vertx.runOnContext(now -> connect.get().map(Client::new).onComplete(done))));
    }

    /** The tests run in a directory that has a {@code webroot}, with more in it than the jar. */
    @Test
    void filesAreOfTheJarWhateverTheWorkingDirectoryHas() throws Exception {
        assertThat(Path.of("webroot", "package.json")).exists();
        assertThat(get("/package.json").statusCode()).isEqualTo(404);
        assertThat(get("/index.html").statusCode()).isEqualTo(200);
    }

    @Test
    void healthIsUp() throws Exception {
        HttpResponse<String> response = get("/healthz");
        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(new JsonObject(response.body())).isEqualTo(new JsonObject().put("status", "up"));
    }

    @ParameterizedTest
    @CsvSource(
            nullValues = "-",
            value = {
                "false, false, -, -",
                "false, true, -, exhausted",
                "true, true, -, draining",
                "false, false, false, -",
                "false, false, true, alone",
                "true, false, true, draining+alone"
            })
    void whoShouldGetNoNewWorkIsNotReady(boolean draining, boolean exhausted, @Nullable Boolean alone, String reasons)
            throws Exception {
        JsonObject load = new JsonObject().put("draining", draining).put("exhausted", exhausted);
        vertx.eventBus().localConsumer(Addresses.LOAD, message -> message.reply(load));
        if (alone != null) {
            JsonObject cluster = new JsonObject().put("well", true).put("alone", alone);
            vertx.eventBus().localConsumer(Addresses.HEALTH, message -> message.reply(cluster));
        }
        HttpResponse<String> response = get("/readyz");
        JsonObject said = new JsonObject().put("status", reasons == null ? "ready" : "not ready");
        if (reasons != null) {
            said.put("reasons", names(reasons));
        }
        assertThat(new JsonObject(response.body())).isEqualTo(said);
        assertThat(response.statusCode()).isEqualTo(reasons == null ? 200 : 503);
    }

    private static JsonArray names(@Nullable String joined) {
        return joined == null ? new JsonArray() : new JsonArray(List.of(joined.split("\\+")));
    }

    @Test
    void aHubThatStopsIsNotReady() throws Exception {
        HttpResponse<String> response = get("/readyz");
        assertThat(response.statusCode()).isEqualTo(503);
        assertThat(new JsonObject(response.body()).getJsonArray("reasons")).isEqualTo(new JsonArray().add("stopping"));
    }

    @ParameterizedTest
    @CsvSource({"/probe.txt, 200", "/healthz, 200", "/missing, 404", "/?token=wrong, 401"})
    void everyPageHasTheSecurityHeaders(String path, int status) throws Exception {
        HttpResponse<String> response = get(path);
        assertThat(response.statusCode()).isEqualTo(status);
        assertThat(response.headers().firstValue("Content-Security-Policy").orElse(""))
                .contains("default-src 'self'")
                .contains("frame-ancestors 'none'")
                .contains("script-src 'self' 'wasm-unsafe-eval';");
        assertThat(response.headers().firstValue("X-Content-Type-Options")).hasValue("nosniff");
        assertThat(response.headers().firstValue("Referrer-Policy")).hasValue("no-referrer");
    }

    @Test
    void thePageWithOneTerminalIsInNoFrameUntilTheSettingsNameSomebody() throws Exception {
        HttpResponse<String> response = get("/?embed");
        assertThat(response.body()).contains("<title>Termbus</title>").doesNotContain("id=\"app\"");
        assertThat(response.headers().firstValue("Content-Security-Policy").orElse(""))
                .contains("frame-ancestors 'none'");
        assertThat(response.headers().firstValue("X-Frame-Options")).hasValue("DENY");
    }

    @Test
    void filesAreServedFromTheClasspathAndRevalidated() throws Exception {
        HttpResponse<String> response = get("/probe.txt");
        assertThat(response.body()).isEqualTo("probe\n");
        assertThat(response.headers().firstValue("Cache-Control")).hasValue("no-cache");
        String modified = response.headers().firstValue("Last-Modified").orElseThrow();
        assertThat(get("/probe.txt", "If-Modified-Since", modified).statusCode())
                .isEqualTo(304);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/../conf/termbus.yaml",
                "/%2e%2e/io/termbus/Main.class",
                "/..%2fio/termbus/Main.class",
                "/vendor/../../io/termbus/Main.class",
                "/..\\io\\termbus\\Main.class",
                "//io/termbus/Main.class",
                "/vendor/",
                "/%00probe.txt",
            })
    void nothingButFilesOfTheWebRootIsServed(String path) throws Exception {
        try (Socket socket = new Socket("127.0.0.1", port)) {
            socket.setSoTimeout(20_000);
            String request = "GET " + path + " HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n";
            socket.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
            String answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
            assertThat(answer).matches("(?s)HTTP/1.1 (4\\d\\d|50\\d).*").doesNotContain("HTTP/1.1 500");
        }
    }

    @Test
    void loginUrlBecomesACookie() throws Exception {
        HttpResponse<String> response = get("/?token=operator");
        assertThat(response.statusCode()).isEqualTo(303);
        assertThat(response.headers().firstValue("Location")).hasValue("/");
        assertThat(response.headers().firstValue("Set-Cookie").orElseThrow())
                .startsWith("termbus_token=operator")
                .contains("HTTPOnly", "SameSite=Strict", "Path=/")
                .doesNotContain("Secure");
        for (String path : List.of(RAW, FRAMED)) {
            Client client = open(path, "Cookie", "other=1; termbus_token=operator");
            assertThat(roleOf(client, path)).isEqualTo("operator");
        }
    }

    @Test
    void tokenInTheUrlLogsIn() throws Exception {
        for (String path : List.of(RAW, FRAMED)) {
            assertThat(roleOf(open(path + "?token=viewer"), path)).isEqualTo("viewer");
        }
    }

    private static String roleOf(Client client, String path) throws Exception {
        if (path.equals(RAW)) {
            client.say(INFO.encode());
            return client.nextJson().getJsonObject("body").getString("role");
        }
        assertThat(client.next()).isEqualTo("o");
        client.say(new JsonArray().add(INFO.encode()).encode());
        String frame = client.next();
        assertThat(frame).startsWith("a[");
        return new JsonObject(new JsonArray(frame.substring(1)).getString(0))
                .getJsonObject("body")
                .getString("role");
    }

    @ParameterizedTest
    @ValueSource(strings = {RAW, FRAMED, "/eventbus/info", "/eventbus/000/abcdefgh/xhr"})
    void pagesOfOtherOriginsAreRefused(String path) throws Exception {
        assertThat(get(path, "Origin", "http://evil.example").statusCode()).isEqualTo(403);
        assertThat(get(path, "Origin", "null").statusCode()).isEqualTo(403);
        assertThat(get(path, "Origin", "http://127.0.0.1:1").statusCode()).isEqualTo(403);
        assertThat(get(path, "Sec-Fetch-Site", "cross-site").statusCode()).isEqualTo(403);
        assertThat(get(path, "Origin", "http://127.0.0.1:" + port).statusCode()).isNotEqualTo(403);
    }

    @Test
    void socketsOfOtherOriginsAreRefusedAndOfOursTaken() throws Exception {
        assertThat(connect(RAW, "Origin", "http://evil.example")
                        .toCompletionStage()
                        .toCompletableFuture()
                        .handle((socket, failure) -> failure)
                        .get(20, TimeUnit.SECONDS))
                .hasMessageContaining("403");
        open(RAW, "Origin", "http://127.0.0.1:" + port);
    }

    @Test
    void textThatIsNotJsonIsAnErrorAndTheConnectionSurvives() throws Exception {
        Client client = open(RAW + "?token=viewer").say("nonsense");
        assertThat(client.nextJson().getInteger("failureCode")).isEqualTo(400);
        assertThat(roleOf(client, RAW)).isEqualTo("viewer");
    }

    @ParameterizedTest
    @ValueSource(strings = {RAW, FRAMED})
    void messageBeyondOneMebibyteClosesTheConnectionOnly(String path) throws Exception {
        Client client = open(path + "?token=viewer");
        client.socket
                .writeTextMessage("x".repeat(WebVerticle.MAX_MESSAGE_BYTES + 1))
                .onFailure(failure -> {});
        assertThat(client.fatal()).contains("\"failureCode\":413", "a message may have 1048576 bytes\"");
        assertThat(client.closed.get(20, TimeUnit.SECONDS)).isEqualTo((short) 1009);
        Awaitility.await().until(() -> hub.slots().taken() == 0);
        assertThat(get("/healthz").statusCode()).isEqualTo(200);
    }

    @ParameterizedTest
    @ValueSource(strings = {RAW, FRAMED})
    void frameBeyondOneMebibyteClosesTheConnectionOnly(String path) throws Exception {
        WebSocketClient large = vertx.createWebSocketClient(new WebSocketClientOptions().setMaxFrameSize(4 << 20));
        WebSocketConnectOptions options =
                new WebSocketConnectOptions().setHost("127.0.0.1").setPort(port).setURI(path);
        Client client = onEventLoop(() -> large.connect(options));
        client.socket
                .writeFinalTextFrame("x".repeat(WebVerticle.MAX_MESSAGE_BYTES + 1))
                .onFailure(failure -> {});
        assertThat(client.fatal()).contains("\"failureCode\":413", "a message may have 1048576 bytes\"");
        assertThat(client.closed.get(20, TimeUnit.SECONDS)).isEqualTo((short) 1009);
        Awaitility.await().until(() -> hub.slots().taken() == 0);
        assertThat(get("/healthz").statusCode()).isEqualTo(200);
    }

    /** Frames as RFC 6455, 5 forbids them: not masked, reserved bits and opcodes, fragments out of order, long controls. */
    @ParameterizedTest
    @CsvSource({
        "81 02 7b 7d, masked",
        "c1 82 00 00 00 00 7b 7d, RSV",
        "83 82 00 00 00 00 7b 7d, opcode 3",
        "80 82 00 00 00 00 7b 7d, outside fragmented",
        "01 81 00 00 00 00 7b | 81 81 00 00 00 00 7d, inside fragmented",
        "09 80 00 00 00 00, fragmented control",
        "88 81 00 00 00 00 03, payload len 1"
    })
    void whatIsNoFrameIsNamedAndTheConnectionIsClosed(String bytes, String cause) throws Exception {
        String[] frames = bytes.split(" \\| ");
        try (Socket socket = new Socket("127.0.0.1", port)) {
            socket.setSoTimeout(20_000);
            String upgrade = "GET " + RAW + "?token=viewer HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: Upgrade\r\n"
                    + "Upgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
                    + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n";
            socket.getOutputStream().write(upgrade.getBytes(StandardCharsets.ISO_8859_1));
            StringBuilder head = new StringBuilder();
            while (head.indexOf("\r\n\r\n") < 0) {
                head.append((char) socket.getInputStream().read());
            }
            for (String frame : frames) {
                if (!frame.equals(frames[0])) { // the one before has been read
                    socket.getOutputStream().write(HexFormat.of().parseHex("898000000000"));
                    assertThat(socket.getInputStream().readNBytes(2)).containsExactly(0x8a, 0);
                }
                socket.getOutputStream().write(HexFormat.ofDelimiter(" ").parseHex(frame));
            }
            byte[] said = socket.getInputStream().readAllBytes();
            String text = new String(said, StandardCharsets.ISO_8859_1);
            assertThat(text)
                    .contains("\"failureCode\":400", "no WebSocket frame", cause)
                    .doesNotContain("1048576");
            assertThat(text).endsWith("\u0088\u0002\u0003\u00ea"); // close, 1002
        }
    }

    /** One that is not known is passed over, and so is ours where SockJS is spoken. */
    @ParameterizedTest
    @CsvSource(
            nullValues = "-",
            value = {
                RAW + ",termbus.v1.binary,termbus.v1.binary",
                RAW + ",'chat, termbus.v1.binary',termbus.v1.binary",
                RAW + ",'chat,v9',-",
                RAW + ",TERMBUS.V1.BINARY,-",
                FRAMED + ",termbus.v1.binary,-"
            })
    void theSubprotocolIsChosenWhereItIsSpoken(String path, String asked, @Nullable String chosen) throws Exception {
        String head = upgraded(path, "Sec-WebSocket-Protocol: " + asked + "\r\n");
        assertThat(head).startsWith("HTTP/1.1 101 ");
        if (chosen == null) {
            assertThat(head).doesNotContainIgnoringCase("sec-websocket-protocol");
        } else {
            assertThat(head).containsOnlyOnce("protocol: " + chosen + "\r\n");
        }
    }

    @Test
    void theSubprotocolMayBeInSeveralHeaders() throws Exception {
        assertThat(upgraded(RAW, "Sec-WebSocket-Protocol: chat\r\nSec-WebSocket-Protocol: termbus.v1.binary\r\n"))
                .contains("protocol: termbus.v1.binary\r\n");
    }

    /** The answer to a request for a WebSocket. */
    private String upgraded(String path, String headers) throws IOException {
        try (Socket socket = new Socket("127.0.0.1", port)) {
            socket.setSoTimeout(20_000);
            String request = "GET " + path + UPGRADE + "Sec-WebSocket-Version: 13\r\n" + headers + "\r\n";
            socket.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
            StringBuilder head = new StringBuilder();
            while (head.indexOf("\r\n\r\n") < 0) {
                head.append((char) socket.getInputStream().read());
            }
            return head.toString();
        }
    }

    private Client openFrames(String path) throws Exception {
        return onEventLoop(() -> sockets.connect(new WebSocketConnectOptions()
                .setHost("127.0.0.1")
                .setPort(port)
                .setURI(path)
                .addSubProtocol(WebSocketConnection.FRAMES_PROTOCOL)));
    }

    @Test
    void jsonOfFramesIsTakenAsTextAndAsBytesAndAnsweredAsOverTcp() throws Exception {
        Client client = openFrames(RAW + "?token=viewer").say(INFO.encode());
        JsonObject answer = client.nextJson();
        assertThat(answer.getString("type")).isEqualTo("message");
        assertThat(answer.getJsonObject("body").getString("frames")).isEqualTo("binary");
        await(client.socket.writeBinaryMessage(INFO.toBuffer()));
        assertThat(client.nextJson().getJsonObject("body").getString("role")).isEqualTo("viewer");
        client.say("{\"type\":\"ping\"}");
        assertThat(client.nextJson()).isEqualTo(new JsonObject().put("type", "pong"));
    }

    @ParameterizedTest
    @CsvSource({
        "true, '\u0003\u0000\u0000\u0000\u0001', 1003, must come as a binary message",
        "true, nonsense, 1000, JSON",
        "true, '', 1000, JSON",
        "false, '', 1000, JSON",
        "false, '\u0003\u0000', 1000, a binary frame must be an ack",
        "false, '\u0005\u0000\u0000\u0000\u0001', 1000, a binary frame must be an ack"
    })
    void whatIsNoFrameOfOursGetsOneErrorAndTheEnd(boolean text, String message, short status, String cause)
            throws Exception {
        Client client = openFrames(RAW + "?token=viewer");
        await(
                text
                        ? client.socket.writeTextMessage(message)
                        : client.socket.writeBinaryMessage(Buffer.buffer(message)));
        JsonObject error = client.nextJson();
        assertThat(error.getInteger("failureCode")).isEqualTo(400);
        assertThat(error.getString("message")).contains(cause);
        assertThat(client.closed.get(20, TimeUnit.SECONDS)).isEqualTo(status);
        assertThat(client.received).isEmpty();
    }

    @Test
    void frameOfOursBeyondOneMebibyteClosesTheConnectionOnly() throws Exception {
        Client client = openFrames(RAW + "?token=viewer");
        client.socket
                .writeBinaryMessage(Buffer.buffer(new byte[WebVerticle.MAX_MESSAGE_BYTES + 1]))
                .onFailure(failure -> {});
        assertThat(client.fatal()).contains("\"failureCode\":413", "a message may have 1048576 bytes\"");
        assertThat(client.closed.get(20, TimeUnit.SECONDS)).isEqualTo((short) 1009);
        assertThat(get("/healthz").statusCode()).isEqualTo(200);
    }

    @Test
    void messageOfOneMebibyteIsTaken() throws Exception {
        Client client = open(RAW + "?token=viewer");
        JsonObject info = INFO.copy().put("pad", "");
        int room = WebVerticle.MAX_MESSAGE_BYTES - info.encode().length();
        client.say(info.put("pad", "x".repeat(room)).encode());
        assertThat(client.nextJson().getString("type")).isEqualTo("rec");
    }

    @Test
    void pollingWorksAndItsBodiesAreLimited() throws Exception {
        String session = "/eventbus/000/pollingx/";
        assertThat(post(session + "xhr?token=viewer", "").body()).isEqualTo("o\n");
        assertThat(post(
                                session + "xhr_send?token=viewer",
                                new JsonArray().add(INFO.encode()).encode())
                        .statusCode())
                .isEqualTo(204);
        assertThat(post(session + "xhr?token=viewer", "").body())
                .startsWith("a[")
                .contains("viewer");
        assertThat(post(session + "xhr_send", "x".repeat(WebVerticle.MAX_MESSAGE_BYTES + 1))
                        .statusCode())
                .isEqualTo(413);
    }

    @Test
    void connectionsBeyondTheLimitAreToldItsName() throws Exception {
        deploy(new TestHub().connections(1).context());
        Client first = open(RAW + "?token=viewer");
        assertThat(roleOf(first, RAW)).isEqualTo("viewer");
        for (String path : List.of(RAW, FRAMED)) {
            Client second = open(path + "?token=viewer");
            String text = second.next();
            assertThat(text.equals("o") ? second.next() : text).contains("429").contains("connection.max");
            second.closed.get(20, TimeUnit.SECONDS);
        }
        assertThat(roleOf(first, RAW)).isEqualTo("viewer");
    }

    /** Blocking, so that nothing at all is read; a masked frame with the mask 0 is the plain bytes. */
    private Socket upgraded(String path) throws IOException {
        Socket socket = new Socket("127.0.0.1", port);
        String request = "GET " + path + " HTTP/1.1\r\nHost: 127.0.0.1:" + port + "\r\nUpgrade: websocket\r\n"
                + "Connection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
                + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n";
        socket.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
        assertThat(socket.getInputStream().read()).isEqualTo('H');
        return socket;
    }

    private static void sayMasked(Socket socket, String text) throws IOException {
        Buffer frame = Buffer.buffer()
                .appendByte((byte) 0x81)
                .appendByte((byte) (0x80 | 126))
                .appendShort((short) text.length())
                .appendInt(0)
                .appendString(text);
        socket.getOutputStream().write(frame.getBytes());
    }

    @ParameterizedTest
    @ValueSource(strings = {RAW, FRAMED})
    void clientThatNeverReadsIsCutOffAndLeavesNothing(String path) throws Exception {
        BlockingQueue<String> gone = new LinkedBlockingQueue<>();
        await(vertx.eventBus()
                .<String>localConsumer(Addresses.CONNECTION_CLOSED, message -> gone.add(message.body()))
                .completion());
        try (Socket socket = upgraded(path + "?token=admin")) {
            FloodedSubscriber subscriber = new FloodedSubscriber(vertx);
            for (Callable<JsonObject> each : List.<Callable<JsonObject>>of(subscriber::attach, subscriber::register)) {
                String message = each.call().encode();
                sayMasked(
                        socket,
                        path.equals(RAW)
                                ? message
                                : new JsonArray().add(message).encode());
            }
            Awaitility.await().until(() -> {
                subscriber.flood();
                return !gone.isEmpty();
            });
            Awaitility.await().until(() -> hub.slots().taken() == 0);
            assertThat(gone).hasSize(1);
            socket.setSoTimeout(20_000);
            byte[] left = new byte[1 << 16];
            int read = 0;
            while (read >= 0) { // ends: the hub does not wait until all is flushed
                read = readOrReset(socket, left);
            }
        }
    }

    private static int readOrReset(Socket socket, byte[] into) throws IOException {
        try {
            return socket.getInputStream().read(into);
        } catch (SocketException reset) {
            return -1;
        }
    }

    @Test
    void instancesShareARandomPort() throws Exception {
        List<WebVerticle> verticles = new ArrayList<>();
        Vertx other = Vertx.vertx();
        await(other.deployVerticle(
                () -> {
                    WebVerticle verticle = new WebVerticle(web);
                    verticles.add(verticle);
                    return verticle;
                },
                new DeploymentOptions().setInstances(2)));
        assertThat(verticles.get(0).port())
                .isPositive()
                .isEqualTo(verticles.get(1).port());
        await(other.close());
    }

    /** {@code -Dtermbus.connects=10000} for the long run. */
    @Test
    void connectionsThatComeAndGoLeaveNothing() throws Exception {
        int count = Integer.getInteger("termbus.connects", 300);
        for (int i = 0; i < count; i++) {
            Client raw = open(RAW + "?token=viewer");
            Client framed = open("/eventbus/000/s" + i + "/websocket?token=viewer");
            await(raw.socket.close());
            await(framed.socket.close());
        }
        Awaitility.await().until(() -> hub.slots().taken() == 0);
        Awaitility.await().until(() -> hub.httpSlots().taken() == 0);
        assertThat(vertx.sharedData().getLocalMap("_vertx.sockjssessions").isEmpty())
                .isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "GET / HTTP/1.1\r\nHost: localhost\r\nX-Slow: ",
                "POST /eventbus/000/slowslow/xhr_send HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100\r\n\r\n[",
                "POST /eventbus/000/slowslow/xhr_send HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n1\r\n[",
                "GET /eventbus/websocket" + UPGRADE + "Sec-WebSocket-Version: 13\r\nContent-Length: 8000\r\n\r\n[",
                "GET /eventbus/000/slowslow/websocket" + UPGRADE
                        + "Sec-WebSocket-Version: 13\r\nTransfer-Encoding: chunked\r\n\r\n1\r\n[",
            })
    void requestThatDoesNotComeToItsEndIsCutOffAndItsSlotIsFree(String beginning) throws Exception {
        BridgeContext context = new TestHub().context();
        deploy(context, new HttpConnectionLimits.Patience(500, 500));
        try (Socket socket = new Socket("127.0.0.1", port)) {
            socket.setSoTimeout(20_000);
            socket.getOutputStream().write(beginning.getBytes(StandardCharsets.US_ASCII));
            byte[] left = new byte[1000];
            while (readOrReset(socket, left) >= 0) {
                assertThat(left).asString().doesNotStartWith("HTTP/1.1 2");
            }
        }
        Awaitility.await().until(() -> hub.httpSlots().taken() == 0);
    }

    @Test
    void refusedUpgradeIsToldWhyAndCutOffAndItsSlotIsFree() throws Exception {
        try (Socket socket = new Socket("127.0.0.1", port)) {
            socket.setSoTimeout(10_000); // less than HttpConnectionLimits would wait for another request
            String request = "GET /eventbus/websocket" + UPGRADE + "Sec-WebSocket-Version: 99\r\n\r\n";
            socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));

            assertThat(socket.getInputStream().readAllBytes())
                    .asString(StandardCharsets.US_ASCII)
                    .startsWith("HTTP/1.1 426");
        }
        Awaitility.await().until(() -> hub.httpSlots().taken() == 0);
    }

    @Test
    void requestThatIsThereIsNotCutOff() throws Exception {
        BridgeContext context = new TestHub().context();
        deploy(context, new HttpConnectionLimits.Patience(20_000, 100));
        String session = "/eventbus/000/quickone/";
        assertThat(post(session + "xhr", "").body()).isEqualTo("o\n");
        CompletableFuture<HttpResponse<String>> poll = CompletableFuture.supplyAsync(() -> {
            try {
                return post(session + "xhr", "");
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
        });
        Awaitility.await().during(Duration.ofMillis(500)).until(() -> !poll.isDone());
        assertThat(post(session + "xhr_send", new JsonArray().add("?").encode()).statusCode())
                .isEqualTo(204);
        assertThat(poll.get(20, TimeUnit.SECONDS).body()).contains("400");
    }

    /** What a stranger sends must not fill the log with errors of the hub. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "GET /eventbus/iframe.html HTTP/1.1\r\n",
                "GET /%00probe.txt HTTP/1.1\r\n",
                "GET /%zz HTTP/1.1\r\n",
                "GET /?token=%zz HTTP/1.1\r\n",
                "GET /eventbus/websocket?token=%f HTTP/1.1\r\n",
                "GET /eventbus/websocket HTTP/1.1\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n",
                "GET /eventbus/websocket HTTP/1.1\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                        + "Sec-WebSocket-Version: 99\r\nSec-WebSocket-Key: x\r\n",
                "GET /eventbus/000/abcdefgh/websocket HTTP/1.1\r\n",
                "POST /eventbus/000/abcdefgh/xhr_send HTTP/1.1\r\nContent-Length: 2000000\r\n",
                "POST /eventbus/000/abcdefgh/xhr_send HTTP/1.1\r\nContent-Length: 1\r\n\r\n[",
                "POST /eventbus/000/abcdefgh/xhr_send HTTP/1.1\r\nContent-Type: multipart/form-data\r\n"
                        + "Content-Length: 1\r\n\r\n[",
                "GET /eventbus/000/abcdefgh/jsonp?c=%3Cscript%3E HTTP/1.1\r\n",
                "GET /eventbus/000/abcdefgh/htmlfile HTTP/1.1\r\n",
                "GET /eventbus/000/abcdefgh/eventsource HTTP/1.0\r\n",
                "DELETE / HTTP/1.1\r\n",
                "BREW / HTTP/1.1\r\n",
                "GET / HTTP/1.1\r\nRange: bytes=9-1,x\r\n",
                "GET / HTTP/1.1\r\nIf-Modified-Since: never\r\n",
                "GET / HTTP/1.1\r\nCookie: =;;a=\u0001\r\n",
                "nonsense\r\n",
            })
    void whatIsWrongWithARequestIsNoErrorOfTheHub(String request) throws Exception {
        ListAppender<ILoggingEvent> log = new ListAppender<>();
        Logger root = (Logger) LoggerFactory.getLogger("ROOT");
        log.start();
        root.addAppender(log);
        try (Socket socket = new Socket("127.0.0.1", port)) {
            String head =
                    request.contains("\r\n\r\n") ? request : request + "Host: localhost\r\nConnection: close\r\n\r\n";
            socket.setSoTimeout(20_000);
            socket.getOutputStream().write(head.getBytes(StandardCharsets.ISO_8859_1));
            assertThat(socket.getInputStream().read()).isIn(-1, (int) 'H');
        } finally {
            root.detachAppender(log);
        }
        assertThat(log.list)
                .filteredOn(each -> each.getLevel().isGreaterOrEqual(Level.ERROR))
                .extracting(ILoggingEvent::getFormattedMessage)
                .isEmpty();
    }

    @Test
    void pollingClientThatStaysAwayIsForgotten() throws Exception {
        try (Socket socket = new Socket("127.0.0.1", port)) {
            sendPoll(socket);
            assertThat(socket.getInputStream().read()).isPositive();
            Awaitility.await().until(() -> hub.slots().taken() == 1);
            assertThat(web.sessions.size()).isEqualTo(1);
            socket.setSoTimeout(20_000);
            socket.getInputStream().readAllBytes();
        }
        Awaitility.await()
                .atMost(40, TimeUnit.SECONDS)
                .until(() -> hub.slots().taken() == 0 && web.sessions.size() == 0);
    }

    /** A stream of the session of that id, of which the opening frame was read. */
    private Socket streaming(String id) throws IOException {
        Socket socket = beginStream(id);
        readUntil(socket, "\no\n");
        return socket;
    }

    private Socket beginStream(String id) throws IOException {
        Socket socket = new Socket("127.0.0.1", port);
        socket.setSoTimeout(20_000);
        socket.getOutputStream()
                .write(("POST /eventbus/000/" + id + "/xhr_streaming?token=admin HTTP/1.1\r\nHost: 127.0.0.1\r\n"
                                + "Content-Length: 0\r\n\r\n")
                        .getBytes(StandardCharsets.US_ASCII));
        return socket;
    }

    private static String readUntil(Socket socket, String wanted) throws IOException {
        StringBuilder read = new StringBuilder();
        while (read.indexOf(wanted) < 0) {
            int next = socket.getInputStream().read();
            assertThat(next).as("after %s", read).isNotNegative();
            read.append((char) next);
        }
        return read.toString();
    }

    private HttpResponse<String> say(String id, JsonObject message) throws Exception {
        return post(
                "/eventbus/000/" + id + "/xhr_send?token=admin",
                new JsonArray().add(message.encode()).encode());
    }

    @Test
    void streamThatIsCutEndsItsSessionAndNoOther() throws Exception {
        int count = 12;
        List<Socket> streams = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            streams.add(streaming("cut" + i));
        }
        assertThat(hub.slots().taken()).isEqualTo(count);

        for (int i = 0; i < count; i += 2) {
            streams.get(i).setSoLinger(true, 0); // a reset
            streams.get(i).close();
        }
        Awaitility.await().until(() -> hub.slots().taken() == count / 2 && web.sessions.size() == count / 2);

        for (int i = 0; i < count; i++) {
            assertThat(say("cut" + i, INFO).statusCode()).isEqualTo(i % 2 == 0 ? 404 : 204);
        }
        for (int i = 1; i < count; i += 2) {
            readUntil(streams.get(i), "admin");
            streams.get(i).close();
        }
        Awaitility.await()
                .until(() -> hub.slots().taken() == 0 && hub.httpSlots().taken() <= 1);
    }

    @Test
    void ofStreamsOfOneSessionThatBeginAtOnceOneIsTakenAndTheOthersAreToldSo() throws Exception {
        List<Socket> streams = new ArrayList<>();
        for (int i = 0; i < 16; i++) {
            streams.add(beginStream("at-once"));
        }
        List<String> first = new ArrayList<>();
        for (Socket each : streams) {
            readUntil(each, "h\n");
            first.add(readUntil(each, "\n"));
        }
        assertThat(first).filteredOn("o\n"::equals).hasSize(1);
        assertThat(first)
                .filteredOn("c[2010,\"Another connection still open\"]\n"::equals)
                .hasSize(15);
        assertThat(hub.slots().taken()).isEqualTo(1);
        assertThat(say("at-once", INFO).statusCode()).isEqualTo(204);
        readUntil(streams.get(first.indexOf("o\n")), "admin");
        for (Socket each : streams) {
            each.close();
        }
    }

    @Test
    void streamThatIsNeverReadIsCutOffAndLeavesNothing() throws Exception {
        try (Socket socket = streaming("unread")) {
            FloodedSubscriber subscriber = new FloodedSubscriber(vertx);
            say("unread", subscriber.attach());
            say("unread", subscriber.register());
            Awaitility.await().until(() -> {
                subscriber.flood();
                return hub.slots().taken() == 0;
            });
            byte[] left = new byte[1 << 16];
            int read = 0;
            while (read >= 0) {
                read = readOrReset(socket, left);
            }
        }
        assertThat(say("unread", INFO).statusCode()).isEqualTo(404);
    }

    @Test
    void whoIsSentAwayBetweenTwoPollsIsToldSoWithTheNextOne() throws Exception {
        deploy(new TestHub().login(Duration.ofMillis(100)).context());
        String session = "/eventbus/000/latecomer/xhr";
        assertThat(post(session, "").body()).isEqualTo("o\n");
        Awaitility.await().until(() -> hub.slots().taken() == 0);

        assertThat(post(session, "").body()).isEqualTo("c[3000,\"Go away!\"]\n");
        assertThat(post(session + "_send", "[]").statusCode()).isEqualTo(404);
    }

    @Test
    void pollsOfOneConnectionFollowEachOther() throws Exception {
        try (Socket socket = new Socket("127.0.0.1", port)) {
            socket.setSoTimeout(20_000);
            byte[] poll = ("POST /eventbus/000/kept/xhr?token=admin HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 0"
                            + "\r\n\r\n")
                    .getBytes(StandardCharsets.US_ASCII);
            socket.getOutputStream().write(poll);
            readUntil(socket, "\no\n");
            for (int i = 0; i < 20; i++) {
                say("kept", INFO.copy().put("replyAddress", "answer-" + i));
                socket.getOutputStream().write(poll);
                assertThat(readUntil(socket, "]\n")).contains("answer-" + i).doesNotContain("answer-" + (i + 1));
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"xhr", "xhr_streaming"})
    void pollsOfHttp10EndWithTheirConnection(String transport) throws Exception {
        deploy(new TestHub().login(Duration.ofMillis(100)).context());
        try (Socket socket = new Socket("127.0.0.1", port)) {
            socket.setSoTimeout(20_000);
            socket.getOutputStream()
                    .write(("POST /eventbus/000/ancient/" + transport
                                    + " HTTP/1.0\r\nHost: 127.0.0.1\r\nContent-Length: 0\r\n\r\n")
                            .getBytes(StandardCharsets.US_ASCII));
            assertThat(socket.getInputStream().readAllBytes())
                    .asString(StandardCharsets.US_ASCII)
                    .doesNotContain("chunked")
                    .contains(transport.equals("xhr") ? "\r\n\r\no\n" : "\no\na[");
        }
    }

    private static void sendPoll(Socket socket) throws IOException {
        Buffer request = Buffer.buffer("POST /eventbus/000/awayaway/xhr HTTP/1.1\r\nHost: 127.0.0.1\r\n"
                + "Content-Length: 0\r\nConnection: close\r\n\r\n");
        socket.getOutputStream().write(request.getBytes());
    }
}
