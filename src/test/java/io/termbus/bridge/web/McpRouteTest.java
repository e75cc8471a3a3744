package io.termbus.bridge.web;

import static org.assertj.core.api.Assertions.assertThat;

import io.termbus.bridge.TestHub;
import io.termbus.protocol.Addresses;
import io.termbus.protocol.Headers;
import io.termbus.protocol.LocalCodec;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.eventbus.Message;
import io.vertx.core.internal.VertxInternal;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.lang.management.ManagementFactory;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** MCP over HTTP with a session that says nothing by itself. */
@Timeout(60)
class McpRouteTest {
    private static final int PROGRESS_MS = 20;
    private static final int SECONDS = 20;

    private final BlockingQueue<Message<JsonObject>> asked = new LinkedBlockingQueue<>();
    private Vertx vertx;
    private WebContext web;
    private int port;

    @BeforeEach
    void start() throws Exception {
        vertx = Vertx.vertx(new VertxOptions().setWorkerPoolSize(1));
        LocalCodec.register(vertx);
        vertx.eventBus().<JsonObject>localConsumer(Addresses.session("s"), asked::add);
        web = new WebContext(new TestHub().context(), PROGRESS_MS);
        WebVerticle verticle = new WebVerticle(web);
        await(vertx.deployVerticle(verticle));
        port = verticle.port();
    }

    @AfterEach
    void stop() throws Exception {
        await(vertx.close());
    }

    private static <T> T await(Future<T> future) throws Exception {
        return future.toCompletionStage().toCompletableFuture().get(SECONDS, TimeUnit.SECONDS);
    }

    private Message<JsonObject> nextAsked(String action) throws Exception {
        Message<JsonObject> message = asked.poll(SECONDS, TimeUnit.SECONDS);
        assertThat(message).isNotNull();
        assertThat(message.headers().get(Headers.ACTION)).isEqualTo(action);
        return message;
    }

    private static JsonObject wait(int timeoutMs, @Nullable Object progressToken) {
        JsonObject arguments = new JsonObject()
                .put("session", "s")
                .put("any", new JsonArray().add(new JsonObject().put("exit", true)))
                .put("timeoutMs", timeoutMs);
        return new JsonObject()
                .put("jsonrpc", "2.0")
                .put("id", "w")
                .put("method", "tools/call")
                .put(
                        "params",
                        new JsonObject()
                                .put("name", "wait")
                                .put("arguments", arguments)
                                .put("_meta", new JsonObject().put("progressToken", progressToken)));
    }

    /** A request by an operator, and what comes of it line by line. */
    private final class Client implements AutoCloseable {
        private final Socket socket;
        private final BufferedReader lines;

        Client(JsonObject message, String accept) throws Exception {
            this(message, accept, "1.1", "operator");
        }

        Client(JsonObject message, String accept, String http, String token) throws Exception {
            socket = new Socket("127.0.0.1", port);
            socket.setSoTimeout(SECONDS * 1000);
            byte[] body = message.encode().getBytes(StandardCharsets.UTF_8);
            String head = "POST /mcp HTTP/" + http + "\r\nHost: 127.0.0.1\r\nAuthorization: Bearer " + token + "\r\n"
                    + "Content-Type: application/json; charset=utf-8\r\nAccept: " + accept + "\r\nContent-Length: "
                    + body.length + "\r\n\r\n";
            socket.getOutputStream().write(head.getBytes(StandardCharsets.ISO_8859_1));
            socket.getOutputStream().write(body);
            InputStream in = socket.getInputStream();
            lines = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8));
        }

        String next(String start) throws Exception {
            String line = lines.readLine();
            while (!line.startsWith(start)) {
                line = lines.readLine();
            }
            return line.substring(start.length());
        }

        /** A body that is no stream. */
        JsonObject json() throws Exception {
            char[] body = new char[Integer.parseInt(next("content-length: "))];
            while (!lines.readLine().isEmpty()) {
                assertThat(socket.isClosed()).isFalse();
            }
            for (int at = 0; at < body.length; ) {
                at += lines.read(body, at, body.length - at);
            }
            return new JsonObject(new String(body));
        }

        @Override
        public void close() throws IOException {
            socket.close();
        }
    }

    private Client client(JsonObject message) throws Exception {
        return new Client(message, "application/json, text/event-stream");
    }

    @Test
    void aStreamTellsProgressUntilItsAnswer() throws Exception {
        try (Client client = client(wait(600_000, "p"))) {
            Message<JsonObject> waiting = nextAsked("wait");
            assertThat(client.next("content-type: ")).isEqualTo("text/event-stream");
            for (int i = 0; i < 3; i++) {
                JsonObject progress = new JsonObject(client.next("data: "));
                assertThat(progress.getString("method")).isEqualTo("notifications/progress");
                assertThat(progress.getJsonObject("params").getString("progressToken"))
                        .isEqualTo("p");
            }
            waiting.reply(new JsonObject().putNull("matched"));

            JsonObject last = new JsonObject(client.next("data: "));
            while (!last.containsKey("result")) {
                last = new JsonObject(client.next("data: "));
            }
            assertThat(last.getString("id")).isEqualTo("w");
            assertThat(client.next("0")).isEmpty();
        }
    }

    @Test
    void withoutATokenAStreamHasSignsOfLifeOnly() throws Exception {
        try (Client client = client(wait(600_000, null))) {
            Message<JsonObject> waiting = nextAsked("wait");
            for (int i = 0; i < 3; i++) {
                assertThat(client.next(":")).isEmpty();
            }
            waiting.reply(new JsonObject());
            assertThat(new JsonObject(client.next("data: ")).containsKey("result"))
                    .isTrue();
        }
    }

    @Test
    void whatIsShortOrIsNotToBeStreamedIsOneAnswer() throws Exception {
        for (Client client :
                new Client[] {client(wait(15_000, "p")), new Client(wait(600_000, "p"), "application/json")}) {
            try (client) {
                nextAsked("wait").reply(new JsonObject().putNull("matched"));

                assertThat(client.next("content-type: ")).isEqualTo("application/json");
                assertThat(client.json().encode()).contains("\"matched\":null");
            }
        }
    }

    @Test
    void whoGoesCallsOffWhatItWaitsForAndNothingElse() throws Exception {
        try (Client other = client(wait(600_000, null))) {
            Message<JsonObject> others = nextAsked("wait");
            String gone;
            try (Client client = client(wait(600_000, null))) {
                gone = nextAsked("wait").headers().get(Headers.CONNECTION);
                assertThat(client.next(":")).isEmpty();
            }

            Message<JsonObject> cancel = nextAsked("cancel");
            assertThat(cancel.headers().get(Headers.CONNECTION))
                    .isEqualTo(gone)
                    .isNotEqualTo(others.headers().get(Headers.CONNECTION));
            others.reply(new JsonObject());
            assertThat(other.next("data: ")).contains("result");
        }
    }

    @Test
    void whoGoesBeforeAShortAnswerCallsItOffToo() throws Exception {
        try (Client client = client(wait(15_000, null))) {
            nextAsked("wait");
            client.socket.close();

            nextAsked("cancel");
        }
    }

    @Test
    void whatOnlyFillsAMessageIsNotKeptWhileItWaits() throws Exception {
        int messages = 10;
        String filler = "x".repeat(900_000);
        long before = usedBytes();
        List<Client> clients = new ArrayList<>();
        for (int i = 0; i < messages; i++) {
            JsonObject message = wait(600_000, null);
            message.getJsonObject("params").getJsonObject("_meta").put("filler", filler);
            clients.add(client(message));
            nextAsked("wait");
        }

        Awaitility.await().until(() -> usedBytes() - before < messages * filler.length() / 2L);
        for (Client client : clients) {
            client.close();
            nextAsked("cancel");
        }
    }

    @Test
    void whatIsNotToBeStreamedLastsAMinuteAtMost() throws Exception {
        String both = "application/json, text/event-stream";
        for (Client client : new Client[] {
            new Client(wait(600_000, null), "application/json"),
            new Client(wait(600_000, null), both, "1.0", "operator")
        }) {
            try (client) {
                Message<JsonObject> waiting = nextAsked("wait");
                assertThat(waiting.body().getLong("timeoutMs")).isEqualTo(60_000);
                waiting.reply(new JsonObject().putNull("matched"));

                assertThat(client.json().encode()).contains("\"matched\":null");
            }
        }
        try (Client client = client(wait(600_000, null))) {
            assertThat(nextAsked("wait").body().getLong("timeoutMs")).isEqualTo(600_000);
            assertThat(client.next(":")).isEmpty();
        }
    }

    @Test
    void onePayerGetsAQuarterOfTheRequestsOfAgents() throws Exception {
        List<Client> clients = new ArrayList<>();
        for (int i = 0; i < 13; i++) {
            clients.add(client(wait(600_000, null)));
            nextAsked("wait");
        }

        try (Client tooMany = client(wait(600_000, null))) {
            assertThat(tooMany.next("HTTP/1.1 ")).startsWith("429 ");
        }
        try (Client other = new Client(wait(0, null), "application/json", "1.1", "admin")) {
            nextAsked("wait").reply(new JsonObject());
            assertThat(other.next("HTTP/1.1 ")).startsWith("200 ");
        }
        clients.get(0).close();
        nextAsked("cancel");
        try (Client again = client(wait(0, null))) {
            nextAsked("wait").reply(new JsonObject());
            assertThat(again.next("HTTP/1.1 ")).startsWith("200 ");
        }
        for (Client client : clients) {
            client.close();
        }
    }

    @Test
    void whoGoesWhileALongMessageIsReadLeavesNothingBehind() throws Exception {
        CountDownLatch free = new CountDownLatch(1);
        Future<Object> busy = vertx.executeBlocking(() -> {
            free.await();
            return free;
        });
        ThreadPoolExecutor workers =
                (ThreadPoolExecutor) ((VertxInternal) vertx).workerPool().executor();
        try (Client client = client(longWait(1))) {
            Awaitility.await().until(() -> !workers.getQueue().isEmpty());
            assertThat(web.mcpSlots.taken()).isOne();
            client.socket.close();
            Awaitility.await().until(() -> web.mcpSlots.taken() == 0);
        }
        free.countDown();
        await(busy);

        try (Client next = client(longWait(2))) {
            Message<JsonObject> waiting = nextAsked("wait");
            assertThat(waiting.body().getLong("timeoutMs")).isEqualTo(2);
            waiting.reply(new JsonObject());
            assertThat(next.json().encode()).contains("result");
        }
        assertThat(asked).isEmpty();
        Awaitility.await().until(() -> web.mcpSlots.taken() == 0);
    }

    /** So that a worker reads it. */
    private static JsonObject longWait(int timeoutMs) {
        JsonObject message = wait(timeoutMs, null);
        message.getJsonObject("params").getJsonObject("_meta").put("filler", "x".repeat(100_000));
        return message;
    }

    @Test
    void longTextIsTypedAsItCame() throws Exception {
        JsonArray keys = JsonArray.of(new JsonObject().put("paste", "é".repeat(300_000)));
        JsonObject message = wait(0, null);
        message.getJsonObject("params")
                .put("name", "keys")
                .put("arguments", new JsonObject().put("session", "s").put("keys", keys));
        try (Client client = client(message)) {
            Message<JsonObject> typed = nextAsked("keys");
            assertThat(typed.body().getJsonArray("keys")).isEqualTo(keys);
            typed.reply(new JsonObject().put("offset", 5));
            assertThat(client.json().encode()).contains("\"offset\":5");
        }
    }

    private static long usedBytes() {
        System.gc();
        return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
    }

    @Test
    void aConnectionIsUsedAgain() throws Exception {
        try (Client client = client(wait(0, null))) {
            nextAsked("wait").reply(new JsonObject().put("first", true));
            assertThat(client.json().encode()).contains("first");
            byte[] body = wait(0, null).encode().getBytes(StandardCharsets.UTF_8);
            client.socket
                    .getOutputStream()
                    .write(("POST /mcp HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer operator\r\n"
                                    + "Content-Type: application/json\r\nContent-Length: " + body.length + "\r\n\r\n")
                            .getBytes(StandardCharsets.ISO_8859_1));
            client.socket.getOutputStream().write(body);
            nextAsked("wait").reply(new JsonObject().put("second", true));

            assertThat(client.json().encode()).contains("second");
        }
    }
}
