package io.termbus.security;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.WebSocket;
import io.vertx.core.http.WebSocketClient;
import io.vertx.core.http.WebSocketConnectOptions;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A session as asciinema's player watches it. */
@Timeout(120)
class LiveStreamTest {
    @TempDir
    Path directory;

    private final Vertx vertx = Vertx.vertx();
    private final WebSocketClient sockets = vertx.createWebSocketClient();
    private RunningHub hub;
    private Peer admin;

    @BeforeEach
    void start() throws Exception {
        hub = new RunningHub(directory);
        admin = hub.admin();
    }

    @AfterEach
    void stop() throws Exception {
        RunningHub.await(vertx.close());
        hub.close();
    }

    /** What came, and how it ended. */
    private static final class Stream {
        final List<Reading> messages = new CopyOnWriteArrayList<>();
        volatile Short closed;
        String protocol;
    }

    private Stream watch(String session, String token, String... protocols) throws Exception {
        WebSocketConnectOptions options = new WebSocketConnectOptions()
                .setHost("127.0.0.1")
                .setPort(hub.hub.httpPort())
                .setURI("/sessions/" + session + "/live?token=" + token)
                .setSubProtocols(List.of(protocols));
        Stream stream = new Stream();
        WebSocket socket = RunningHub.await(sockets.connect(options).map(opened -> {
            opened.binaryMessageHandler(message -> stream.messages.add(new Reading(message)));
            opened.closeHandler(done -> stream.closed = opened.closeStatusCode());
            return opened;
        }));
        stream.protocol = socket.subProtocol();
        return stream;
    }

    /** One message of ALiS, read from its beginning. */
    private static final class Reading {
        private final Buffer message;
        private int at;

        Reading(Buffer message) {
            this.message = message;
        }

        int type() {
            return message.getByte(0);
        }

        Reading begin() {
            at = 1;
            return this;
        }

        long number() {
            long value = 0;
            for (int shift = 0; ; shift += 7) {
                byte next = message.getByte(at++);
                value |= (long) (next & 0x7F) << shift;
                if (next >= 0) {
                    return value;
                }
            }
        }

        String text() {
            int length = (int) number();
            String text = message.getString(at, at + length, StandardCharsets.UTF_8.name());
            assertThat(at + length).isEqualTo(message.length());
            return text;
        }
    }

    @Test
    void aViewerSeesTheScreenAndThenWhatComesUntilTheExit() throws Exception {
        String session =
                create("stty -echo; printf 'before\\n'; read l; printf '\\303'; read l; printf '\\244 after'; exit 3");
        Awaitility.await()
                .until(() -> admin.call("termbus.session." + session, "snapshot", new JsonObject())
                        .getString("data")
                        .contains("before"));
        String share = admin.call("termbus.hub", "share", new JsonObject().put("session", session))
                .getString("token");

        Stream stream = watch(session, share, "v1.alis", "v2.asciicast", "raw");
        assertThat(stream.protocol).isEqualTo("v1.alis");
        Awaitility.await().until(() -> stream.messages.size() == 2);
        assertThat(stream.messages.get(0).message.toString()).isEqualTo("ALiS\001");
        Reading reset = stream.messages.get(1).begin();
        assertThat(reset.type()).isEqualTo(1);
        assertThat(List.of(reset.number(), reset.number(), reset.number(), reset.number(), reset.number()))
                .containsExactly(0L, 0L, 80L, 24L, 0L);
        assertThat(reset.text()).contains("before");

        admin.call(
                "termbus.session." + session,
                "resize",
                new JsonObject().put("cols", 100).put("rows", 300));
        Awaitility.await().until(() -> stream.messages.stream().anyMatch(each -> each.type() == 'r'));
        Reading resize = last(stream, 'r');
        resize.number();
        resize.number();
        assertThat(List.of(resize.number(), resize.number())).containsExactly(100L, 300L);
        type(session);
        type(session);
        Awaitility.await().until(() -> stream.closed != null);

        StringBuilder output = new StringBuilder();
        long id = 0;
        for (Reading each : stream.messages) {
            if (each.type() == 'o') {
                each.begin();
                assertThat(each.number()).isGreaterThan(id);
                each.number();
                output.append(each.text());
            }
        }
        assertThat(output.toString()).contains("\u00e4 after");
        Reading exit = last(stream, 'x');
        exit.number();
        exit.number();
        assertThat(exit.number()).isEqualTo(3);
        assertThat(stream.messages.get(stream.messages.size() - 1).type()).isEqualTo(4);
        assertThat(stream.closed).isEqualTo((short) 1000);
    }

    @Test
    void whoMayNotWatchIsToldThatItHasEnded() throws Exception {
        String session = create("cat");
        String other = create("cat");
        String share = admin.call("termbus.hub", "share", new JsonObject().put("session", other))
                .getString("token");

        for (Stream stream : List.of(
                watch(session, share, "v1.alis"),
                watch(session, "a-wrong-token-of-somebody", "v1.alis"),
                watch("no-such-session", RunningHub.TOKEN, "v1.alis"))) {
            Awaitility.await().until(() -> stream.closed != null);
            assertThat(stream.closed).isEqualTo((short) 4000);
            assertThat(stream.messages).allMatch(each -> each.message.toString().equals("ALiS\001"));
        }
    }

    @Test
    void aViewerOfAFloodGetsANewBeginningInPlaceOfWhatItMissed() throws Exception {
        String session = create("read l; seq 1 2000000; printf end; read l");
        Stream stream = watch(session, RunningHub.TOKEN, "v1.alis");
        Awaitility.await().until(() -> stream.messages.size() == 2);
        type(session);

        Awaitility.await()
                .until(() -> stream.messages.stream()
                        .filter(each -> each.type() == 'o' || each.type() == 1)
                        .reduce((a, b) -> b)
                        .filter(each -> each.message.toString().contains("end"))
                        .isPresent());

        assertThat(stream.closed).isNull();
        assertThat(stream.messages).extracting(Reading::type).containsOnly((int) 'A', 1, (int) 'o');
    }

    private static Reading last(Stream stream, char type) {
        return stream.messages.stream()
                .filter(each -> each.type() == type)
                .reduce((a, b) -> b)
                .orElseThrow()
                .begin();
    }

    private void type(String session) throws Exception {
        admin.call("termbus.session." + session, "input", new JsonObject().put("data", "\r"));
    }

    private String create(String script) throws Exception {
        return admin.call(
                        "termbus.hub",
                        "create",
                        new JsonObject().put("command", new JsonArray(List.of("sh", "-c", script))))
                .getString("id");
    }
}
