package io.termbus.security;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.net.SocketException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Frames that are almost right: lengths of the TCP bridge, frames and posts of SockJS, cut anywhere. */
@Timeout(180)
class FramingFuzzTest {
    private static final int TCP_CONNECTIONS = 400;
    private static final int SOCKETS = 40;
    private static final int FRAMES = 50;
    private static final int POLLERS = 10;
    private static final int POSTS = 30;
    private static final int MOST_MESSAGES = 20;
    private static final int TIMEOUT_MS = 60_000;

    @TempDir
    Path directory;

    private final HubErrors errors = new HubErrors();
    private RunningHub hub;
    private Peer honest;
    private String own;
    private String token;
    private Random random;
    private Mutations mutations;

    @BeforeEach
    void start() throws Exception {
        hub = new RunningHub(directory, "connection.maxRequestsPerSecond=1000000", "auth.maxFailures=1000000");
        honest = hub.admin();
        own = honest.create("cat");
        honest.attach(own, "write");
        honest.delivery("snapshot");
        String target = honest.create("cat");
        token = honest.call(
                        "termbus.hub",
                        "share",
                        new JsonObject().put("session", target).put("role", "operator"))
                .getString("token");
        random = Mutations.random("FramingFuzzTest");
        mutations = new Mutations(random, target, honest.attach(target, "read"));
    }

    @AfterEach
    void stop() throws Exception {
        hub.close();
        errors.close();
    }

    /** Nothing was an error of the hub, and who was there before works on. */
    private void theHubIsWell() throws Exception {
        honest.call("termbus.session." + own, "input", new JsonObject().put("data", "x"));
        honest.next(frame -> own.equals(session(frame)));
        assertThat(honest.call("termbus.hub", "list", new JsonObject()).getJsonArray("sessions"))
                .hasSize(2);
        assertThat(errors.texts()).isEmpty();
    }

    private static String session(JsonObject frame) {
        return frame.getJsonObject("headers", new JsonObject()).getString("session", "");
    }

    @Test
    void lengthsOfTcpFramesThatAreWrong() throws Exception {
        for (int i = 0; i < TCP_CONNECTIONS; i++) {
            try (Socket socket = new Socket("127.0.0.1", hub.hub.tcpPort())) {
                socket.setSoTimeout(TIMEOUT_MS);
                sendInPieces(socket, stream(i % 4 == 0).getBytes());
                readToTheEnd(socket);
            }
        }
        theHubIsWell();
    }

    /** A login, some frames, and one whose length is not that of what follows. */
    private Buffer stream(boolean stranger) {
        Buffer stream = Buffer.buffer();
        if (!stranger) {
            append(
                    stream,
                    Peer.message("termbus.hub", "login", new JsonObject().put("token", token))
                            .toBuffer());
        }
        for (int i = random.nextInt(MOST_MESSAGES); i > 0; i--) {
            append(stream, mutations.message());
        }
        Buffer last = random.nextBoolean() ? mutations.message() : mutations.garbage();
        return stream.appendInt(wrongLength(last.length())).appendBuffer(last);
    }

    private static void append(Buffer stream, Buffer frame) {
        stream.appendInt(frame.length()).appendBuffer(frame);
    }

    private int wrongLength(int length) {
        return switch (random.nextInt(6)) {
            case 0 -> 0;
            case 1 -> -1 - random.nextInt(Integer.MAX_VALUE);
            case 2 -> (1 << 20) + 1 + random.nextInt(1 << 20);
            case 3 -> Math.max(1, length - 1 - random.nextInt(length));
            case 4 -> length + 1 + random.nextInt(10);
            default -> random.nextInt();
        };
    }

    /** The hub may have hung up before all is said. */
    private void sendInPieces(Socket socket, byte[] bytes) throws IOException {
        try {
            OutputStream out = socket.getOutputStream();
            for (int at = 0; at < bytes.length; ) {
                int count = Math.min(bytes.length - at, 1 + random.nextInt(random.nextBoolean() ? 7 : 5000));
                out.write(bytes, at, count);
                at += count;
            }
            socket.shutdownOutput();
        } catch (SocketException hungUp) {
            assertThat(socket.isConnected()).isTrue();
        }
    }

    private static void readToTheEnd(Socket socket) throws IOException {
        try {
            socket.getInputStream().readAllBytes();
        } catch (SocketException reset) {
            assertThat(socket.isConnected()).isTrue();
        }
    }

    @Test
    void framesOfSockJsWebSockets() throws Exception {
        for (int i = 0; i < SOCKETS; i++) {
            String query = i % 4 == 0 ? "" : "?token=" + token;
            Peer peer = hub.framed("/eventbus/000/fuzz" + i + "/websocket" + query);
            for (int frame = 0; frame < FRAMES; frame++) {
                peer.raw(Buffer.buffer(messages()), Bridge.WEBSOCKET);
            }
            peer.raw(Buffer.buffer(broken(messages())), Bridge.WEBSOCKET);
            peer.awaitClosed();
        }
        theHubIsWell();
    }

    /** A frame of SockJS. */
    private String messages() {
        JsonArray messages = new JsonArray();
        for (int i = random.nextInt(MOST_MESSAGES); i > 0; i--) {
            messages.add((random.nextInt(5) == 0 ? mutations.garbage() : mutations.message())
                    .toString(StandardCharsets.ISO_8859_1));
        }
        return messages.encode();
    }

    /** What is certainly none. */
    private String broken(String frame) {
        return switch (random.nextInt(4)) {
            case 0 -> frame.substring(0, frame.length() - 1);
            case 1 -> frame + "]";
            case 2 -> "{\"a\":" + frame + "}";
            default -> mutations.garbage().toString(StandardCharsets.ISO_8859_1);
        };
    }

    @Test
    void postsOfPollingAndStreamingClients() throws Exception {
        HttpClient http = HttpClient.newHttpClient();
        for (int i = 0; i < POLLERS; i++) {
            String session = "/eventbus/000/fuzz" + i + "/";
            String query = i % 4 == 0 ? "" : "?token=" + token;
            boolean streams = i % 2 == 0;
            try (Socket stream = new Socket("127.0.0.1", hub.hub.httpPort())) {
                if (streams) {
                    String begin = "POST " + session + "xhr_streaming" + query
                            + " HTTP/1.1\r\nHost: localhost\r\nContent-Length: 9\r\n\r\n[nonsense";
                    assertThat(RawHttp.answerTo(stream, begin)).startsWith("HTTP/1.1 200");
                } else {
                    assertThat(post(http, session + "xhr" + query, "")).isEqualTo(200);
                }
                for (int post = 0; post < POSTS; post++) {
                    String body = random.nextInt(4) == 0 ? broken(messages()) : messages();
                    assertThat(post(http, session + "xhr_send" + query, body)).isIn(204, 400, 404, 500);
                    if (!streams) {
                        post(http, session + "xhr_send" + query, "[\"{}\"]"); // to which there is an answer
                        assertThat(post(http, session + "xhr" + query, body)).isIn(200, 400);
                    }
                }
            }
        }
        theHubIsWell();
    }

    private int post(HttpClient http, String path, String body) throws Exception {
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + hub.hub.httpPort() + path))
                .POST(HttpRequest.BodyPublishers.ofString(body, StandardCharsets.ISO_8859_1))
                .build();
        return http.send(request, HttpResponse.BodyHandlers.discarding()).statusCode();
    }
}
