package io.termbus.security;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Requests that hide another one, and requests for somebody else. */
@Timeout(180)
class StrictHttpTest {
    private static final String HOST = "Host: 127.0.0.1\r\n";
    private static final String GET = "GET /healthz HTTP/1.1\r\n" + HOST;
    private static final String HIDDEN = "GET /js/app/main.js HTTP/1.1\r\n" + HOST + "\r\n";

    @TempDir
    private Path directory;

    private RunningHub hub;

    @AfterEach
    void stop() throws Exception {
        hub.close();
    }

    /** Everything until the hub closes the connection. */
    private String answers(String requests) throws IOException {
        try (Socket socket = new Socket("127.0.0.1", hub.hub.httpPort())) {
            socket.setSoTimeout(60_000);
            socket.getOutputStream().write(requests.getBytes(StandardCharsets.ISO_8859_1));
            StringBuilder all = new StringBuilder();
            try {
                for (int next = socket.getInputStream().read();
                        next >= 0;
                        next = socket.getInputStream().read()) {
                    all.append((char) next);
                }
            } catch (SocketException reset) {
                all.append("<reset>");
            }
            return all.toString();
        }
    }

    private static int count(String answers) {
        return answers.split("HTTP/1\\.1 [0-9]{3} ", -1).length - 1;
    }

    @Test
    void aRequestWithBothLengthsIsTheLastOneOfItsConnection() throws Exception {
        hub = new RunningHub(directory);
        String answers = answers(GET + "Content-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n" + HIDDEN);
        assertThat(answers).startsWith("HTTP/1.1 200").containsIgnoringCase("connection: close");
        assertThat(count(answers)).isEqualTo(1);
    }

    @Test
    void unknownTransferCodingsAreRefusedAndTheConnectionIsClosed() throws Exception {
        hub = new RunningHub(directory);
        for (String coding : List.of("xchunked", "gzip, chunked", "chunked, chunked", "identity", "chunked;a=b")) {
            String answers = answers(GET + "Transfer-Encoding: " + coding + "\r\n\r\n" + HIDDEN);
            assertThat(answers).as(coding).startsWith("HTTP/1.1 400");
            assertThat(count(answers)).as(coding).isEqualTo(1);
        }
    }

    @Test
    void theRequestsBeforeOneThatIsNoneAreAnswered() throws Exception {
        hub = new RunningHub(directory);
        String answers = answers(GET + "\r\n" + GET + "X: a\r\n folded\r\n\r\n" + HIDDEN);
        assertThat(answers).startsWith("HTTP/1.1 200").contains("HTTP/1.1 400");
        assertThat(count(answers)).isEqualTo(2);
    }

    private static final String POST =
            "POST /eventbus/000/strictly/xhr_send HTTP/1.1\r\n" + HOST + "Transfer-Encoding: chunked\r\n\r\n";

    @Test
    void aChunkOfAnotherSizeThanItSaysIsRefusedAndEndsTheConnection() throws Exception {
        hub = new RunningHub(directory);
        for (String body : List.of(
                "5 xyz\r\n[\"{}\r\n",
                " 5\r\nabcde\r\n",
                "5 \r\nabcde\r\n",
                "-1\r\n",
                "FFFFFFFFFFFFFFFFF\r\n",
                "5\nabcde\r\n",
                "1\r\n[]\r\n")) {
            String answers = answers(POST + body + "0\r\n\r\n" + HIDDEN);
            assertThat(answers).as(body).startsWith("HTTP/1.1 400");
            assertThat(count(answers)).as(body).isEqualTo(1);
        }
        assertThat(answers(GET + "\r\n" + POST + "-1\r\n"))
                .startsWith("HTTP/1.1 200")
                .contains("HTTP/1.1 400");
    }

    @Test
    void soIsOneThatComesWhenTheHeadIsThere() throws Exception {
        hub = new RunningHub(directory);
        try (Socket socket = new Socket("127.0.0.1", hub.hub.httpPort())) {
            String head = POST.replace("\r\n\r\n", "\r\nExpect: 100-continue\r\n\r\n");
            assertThat(RawHttp.answerTo(socket, head)).isEqualTo("HTTP/1.1 100");
            socket.getOutputStream().write("2\r\n[]\r\n-1\r\n".getBytes(StandardCharsets.ISO_8859_1));
            String rest = new String(socket.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
            assertThat(rest).contains("HTTP/1.1 400 Bad Request").containsIgnoringCase("connection: close");
            assertThat(count(rest)).isEqualTo(1);
        }
    }

    @Test
    void whereTheAnswerWasGivenTheConnectionIsClosedWithoutAnother() throws Exception {
        hub = new RunningHub(directory);
        try (Socket socket = new Socket("127.0.0.1", hub.hub.httpPort())) {
            assertThat(RawHttp.answerTo(socket, GET + "Transfer-Encoding: chunked\r\n\r\n"))
                    .isEqualTo("HTTP/1.1 200");
            socket.getOutputStream().write("-1\r\n".getBytes(StandardCharsets.ISO_8859_1));
            String rest = new String(socket.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
            assertThat(rest).doesNotContain("HTTP/1.1");
        }
    }

    @Test
    void extensionsOfChunksArePassedOver() throws Exception {
        hub = new RunningHub(directory);
        for (String extension : List.of(";x=y", ";x", ";x=\"y z\"", ";a;b=c")) {
            String request = POST.replace(HOST, HOST + "Connection: close\r\n") + "2" + extension + "\r\n[]\r\n0"
                    + extension + "\r\nX: y\r\n\r\n";
            assertThat(answers(request)).as(extension).startsWith("HTTP/1.1 404");
        }
    }

    @Test
    void requestsWhoseTargetIsNoPathAreToldWhatAllAreTold() throws Exception {
        hub = new RunningHub(directory);
        String evil = "Host: evil.example\r\n\r\n";
        for (String request : List.of(
                "CONNECT evil.example:80 HTTP/1.1\r\n" + evil,
                "CONNECT evil.example:80 HTTP/1.1\r\n" + HOST + "\r\n",
                "OPTIONS * HTTP/1.1\r\n" + evil,
                "GET nothing HTTP/1.1\r\n" + evil)) {
            assertThat(answers(request))
                    .as(request)
                    .startsWith("HTTP/1.1 421")
                    .contains("Content-Security-Policy", "X-Frame-Options", "http.hosts");
        }
        for (String request : List.of(
                "CONNECT 127.0.0.1:80 HTTP/1.1\r\n" + HOST + "\r\n", "OPTIONS * HTTP/1.1\r\n" + HOST + "\r\n")) {
            assertThat(answers(request))
                    .as(request)
                    .startsWith("HTTP/1.1 404")
                    .contains("Content-Security-Policy", "X-Content-Type-Options");
        }
        for (String host : List.of("evil@127.0.0.1", "127.0.0.1:99999999999", "[::1]evil.example")) {
            assertThat(answers("GET /healthz HTTP/1.1\r\nHost: " + host + "\r\nConnection: close\r\n\r\n"))
                    .as(host)
                    .startsWith("HTTP/1.1 400")
                    .contains("Content-Security-Policy", "Host must be a name");
        }
    }

    @Test
    void whoAsksForAnotherHostIsSentAwayWhateverItAsksFor() throws Exception {
        hub = new RunningHub(directory);
        String evil = "Host: evil.example\r\nOrigin: http://evil.example\r\nConnection: close\r\n";
        for (String path : List.of(
                "/", "/?token=" + RunningHub.TOKEN, "/js/app/main.js", "/healthz", "/eventbus/info", "/absent")) {
            assertThat(answers("GET " + path + " HTTP/1.1\r\n" + evil + "\r\n"))
                    .as(path)
                    .startsWith("HTTP/1.1 421")
                    .contains("http.hosts");
        }
        String upgrade = evil.replace("close", "Upgrade")
                + "Upgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n";
        for (String path : List.of("/eventbus/websocket", "/eventbus/000/abcdefgh/websocket")) {
            try (Socket socket = new Socket("127.0.0.1", hub.hub.httpPort())) {
                assertThat(RawHttp.answerTo(socket, "GET " + path + " HTTP/1.1\r\n" + upgrade + "\r\n"))
                        .isEqualTo("HTTP/1.1 421");
            }
        }
        assertThat(answers("POST /eventbus/000/abcdefgh/xhr HTTP/1.1\r\n" + evil + "Content-Length: 0\r\n\r\n"))
                .startsWith("HTTP/1.1 421");
        assertThat(answers("GET http://evil.example/healthz HTTP/1.1\r\n" + HOST + "Connection: close\r\n\r\n"))
                .startsWith("HTTP/1.1 421");
    }

    @Test
    void aTrustedProxyDoesNotMakeAnotherHostRight() throws Exception {
        hub = new RunningHub(directory, "proxy.addresses=127.0.0.1", "proxy.userHeader=X-User");
        assertThat(answers("GET /eventbus/info HTTP/1.1\r\nHost: evil.example\r\nX-Forwarded-Host: 127.0.0.1\r\n"
                        + "X-User: ann\r\nConnection: close\r\n\r\n"))
                .startsWith("HTTP/1.1 421");
    }

    @Test
    void thereIsOneHostAndItIsOne() throws Exception {
        hub = new RunningHub(directory, "http.hosts=hub.lan");
        String close = "Connection: close\r\n\r\n";
        assertThat(answers("GET /healthz HTTP/1.1\r\nHost: hub.lan:8080\r\n" + close))
                .startsWith("HTTP/1.1 200");
        assertThat(answers("GET /healthz HTTP/1.0\r\n\r\n")).startsWith("HTTP/1.0 200");
        for (String hosts : List.of("", HOST + HOST, HOST + "Host: evil.example\r\n", "Host: a@b\r\n", "Host:\r\n")) {
            assertThat(answers("GET /healthz HTTP/1.1\r\n" + hosts + close))
                    .as(hosts)
                    .startsWith("HTTP/1.1 400");
        }
    }

    @Test
    void webSocketsGoOnAsTheyDid() throws Exception {
        hub = new RunningHub(directory);
        Peer peer = hub.webSocket("/eventbus/websocket?token=" + RunningHub.TOKEN, Map.of());
        assertThat(peer.call("termbus.hub", "info", new JsonObject()).getString("role"))
                .isEqualTo("admin");
    }
}
