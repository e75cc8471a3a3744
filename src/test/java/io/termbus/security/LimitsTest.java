package io.termbus.security;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import java.io.DataInputStream;
import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Whatever a client can have too much of is refused by name. */
@Timeout(180)
class LimitsTest {
    private static final int SOCKET_MS = 60_000;
    private static final String HUB = "termbus.hub";
    private static final JsonObject NOTHING = new JsonObject();
    private static final JsonObject WRONG = new JsonObject().put("token", "wrong-token-0000");

    private static final JsonObject RIGHT = new JsonObject().put("token", RunningHub.TOKEN);

    @TempDir
    Path directory;

    private RunningHub hub;

    @AfterEach
    void stop() throws Exception {
        hub.close();
    }

    private static void refusedByName(JsonObject frame, String limit) {
        assertThat(frame.getInteger("failureCode")).isEqualTo(429);
        assertThat(frame.getString("message")).endsWith("(" + limit + ")");
    }

    private static boolean isError(JsonObject frame) {
        return "err".equals(frame.getString("type"));
    }

    @Test
    void aUserHasSoManySessionsAndAnotherHasItsOwn() throws Exception {
        hub = new RunningHub(directory, "session.maxPerUser=2");
        Peer admin = hub.admin();
        admin.create("cat");
        String second = admin.create("cat");

        refusedByName(admin.ask(HUB, "create", NOTHING), "session.maxPerUser");

        String token =
                admin.call(HUB, "share", new JsonObject().put("role", "admin")).getString("token");
        hub.login(Bridge.TCP, token).create("cat");
        admin.attach(second, "write");
        admin.call("termbus.session." + second, "kill", NOTHING);
        admin.delivery("exit");
        admin.create("cat");
    }

    @Test
    void aSessionHasSoManySubscribersOfAllConnections() throws Exception {
        hub = new RunningHub(directory, "session.maxSubscribers=2");
        Peer admin = hub.admin();
        String session = admin.create("cat");
        String first = admin.attach(session, "read");
        hub.admin().attach(session, "read");
        JsonObject attach = new JsonObject().put("session", session);

        refusedByName(admin.ask("termbus.flow", "attach", attach), "session.maxSubscribers");

        admin.call("termbus.flow", "detach", new JsonObject().put("subscriber", first));
        admin.attach(session, "read");
    }

    @Test
    void anAddressBehindATrustedProxyHasSoManyConnections() throws Exception {
        hub = new RunningHub(directory, "connection.maxPerAddress=2", "proxy.addresses=127.0.0.1");
        Map<String, String> from = Map.of("X-Forwarded-For", "198.51.100.1, 203.0.113.7");
        List<Peer> admitted =
                List.of(hub.webSocket("/eventbus/websocket", from), hub.webSocket("/eventbus/websocket", from));
        for (Peer each : admitted) {
            each.login(RunningHub.TOKEN);
        }

        Peer third = hub.webSocket("/eventbus/websocket", from);

        refusedByName(third.next(LimitsTest::isError), "connection.maxPerAddress");
        third.awaitClosed();
        hub.webSocket("/eventbus/websocket", Map.of("X-Forwarded-For", "203.0.113.8"))
                .login(RunningHub.TOKEN);
    }

    @ParameterizedTest
    @EnumSource
    void guessersOfTokensMustWaitAndTheRightOneNever(Bridge bridge) throws Exception {
        hub = new RunningHub(directory, "auth.maxFailures=3");
        JsonObject guest = new JsonObject()
                .put("token", hub.admin().call(HUB, "share", NOTHING).getString("token"));
        Awaitility.await().until(() -> mustWait(hub.connect(bridge), WRONG));

        for (int i = 0; i < 10; i++) {
            hub.connect(bridge).refusal(HUB, "login", WRONG);
            assertThat(hub.connect(bridge).call(HUB, "login", RIGHT).getString("role"))
                    .isEqualTo("admin");
            assertThat(hub.connect(bridge).call(HUB, "login", guest).getString("role"))
                    .isEqualTo("viewer");
        }
    }

    @Test
    void whoGuessesInLinksMustWaitAndTheRightLinkAndCookieNever() throws Exception {
        hub = new RunningHub(directory, "auth.maxFailures=3");
        int port = hub.hub.httpPort();

        Awaitility.await().until(() -> RawHttp.get(port, "/?token=guess").startsWith("HTTP/1.1 429"));

        assertThat(RawHttp.get(port, "/?token=" + RunningHub.TOKEN)).startsWith("HTTP/1.1 303");
        Peer byCookie = hub.webSocket("/eventbus/websocket", Map.of("Cookie", "termbus_token=" + RunningHub.TOKEN));
        assertThat(byCookie.call(HUB, "info", NOTHING).getString("role")).isEqualTo("admin");
        Peer byUrl = hub.webSocket("/eventbus/websocket?token=" + RunningHub.TOKEN, Map.of());
        assertThat(byUrl.call(HUB, "info", NOTHING).getString("role")).isEqualTo("admin");
    }

    @ParameterizedTest
    @EnumSource
    void aGuestWhoGuessesTheAdminTokenMustWaitHoweverOftenItsOwnIsRight(Bridge bridge) throws Exception {
        hub = new RunningHub(directory, "auth.maxFailures=3");
        JsonObject own = new JsonObject()
                .put("token", hub.admin().call(HUB, "share", NOTHING).getString("token"));

        Awaitility.await().until(() -> mustWait(hub.connect(bridge), own) || mustWait(hub.connect(bridge), WRONG));
    }

    @Test
    void aForgedAddressSparesNoGuesserTheWait() throws Exception {
        hub = new RunningHub(directory, "auth.maxFailures=3");
        AtomicInteger forged = new AtomicInteger();

        Awaitility.await()
                .until(() -> mustWait(
                        hub.webSocket(
                                "/eventbus/websocket",
                                Map.of(
                                        "X-Forwarded-For", "203.0.113." + forged.incrementAndGet(),
                                        "Forwarded", "for=203.0.113." + forged.get(),
                                        "X-Real-IP", "203.0.113." + forged.get())),
                        WRONG));
        assertThat(forged.get()).isGreaterThan(3);
    }

    @ParameterizedTest
    @EnumSource
    void aConnectionHasSoManySubscribers(Bridge bridge) throws Exception {
        hub = new RunningHub(directory, "connection.maxSubscribers=2");
        Peer peer = hub.login(bridge, RunningHub.TOKEN);
        String session = peer.create("cat");
        String first = peer.attach(session, "read");
        peer.attach(session, "read");
        JsonObject attach = new JsonObject().put("session", session);

        refusedByName(peer.ask("termbus.flow", "attach", attach), "connection.maxSubscribers");

        peer.call("termbus.flow", "detach", new JsonObject().put("subscriber", first));
        peer.attach(session, "read");
    }

    @ParameterizedTest
    @EnumSource
    void theNodeHasSoManySessionsAndEachSoMuchInputThatWaits(Bridge bridge) throws Exception {
        hub = new RunningHub(directory, "session.max=1", "session.inputQueueBytes=100000");
        Peer peer = hub.login(bridge, RunningHub.TOKEN);
        String session = "termbus.session." + peer.create("sh", "-c", "stty raw -echo; exec sleep 1000");

        refusedByName(peer.ask(HUB, "create", NOTHING), "session.max");
        JsonObject piece = new JsonObject().put("data", "x".repeat(60_000));
        Awaitility.await().until(() -> {
            JsonObject answer = peer.ask(session, "input", piece);
            if (isError(answer)) {
                refusedByName(answer, "session.inputQueueBytes");
            }
            return isError(answer);
        });
    }

    @Test
    void onlySoManySharesHold() throws Exception {
        hub = new RunningHub(directory);
        Peer admin = hub.admin();
        String first = admin.call(HUB, "share", NOTHING).getString("id");
        for (int i = 1; i < 1000; i++) {
            admin.call(HUB, "share", NOTHING);
        }

        refusedByName(admin.ask(HUB, "share", NOTHING), "live shares");

        admin.call(HUB, "revoke", new JsonObject().put("id", first));
        admin.call(HUB, "share", NOTHING);
    }

    private static boolean mustWait(Peer guesser, JsonObject token) throws Exception {
        JsonObject answer = guesser.ask(HUB, "login", token);
        guesser.close();
        if (!isError(answer) || answer.getInteger("failureCode") == 401) {
            return false;
        }
        refusedByName(answer, "auth.maxFailures");
        return true;
    }

    @ParameterizedTest
    @EnumSource
    void tooManyRequestsInASecondAreRefusedAndAFloodIsCutOff(Bridge bridge) throws Exception {
        hub = new RunningHub(directory, "connection.maxRequestsPerSecond=50");
        Peer peer = hub.login(bridge, RunningHub.TOKEN);

        for (int i = 0; i < 120; i++) {
            peer.say(Peer.message(HUB, "info", NOTHING).put("replyAddress", "r"));
        }
        refusedByName(peer.next(LimitsTest::isError), "connection.maxRequestsPerSecond");

        for (int i = 0; i < 2000; i++) {
            peer.say(new JsonObject().put("type", "ping"));
        }
        peer.awaitClosed();
        hub.login(bridge, RunningHub.TOKEN);
    }

    @ParameterizedTest
    @EnumSource
    void tooManyBytesInASecondAreRefusedAndAFloodIsCutOff(Bridge bridge) throws Exception {
        hub = new RunningHub(directory, "connection.maxInputBytesPerSecond=100000");
        Peer peer = hub.login(bridge, RunningHub.TOKEN);
        JsonObject large = Peer.message(HUB, "info", new JsonObject().put("data", "x".repeat(60_000)))
                .put("replyAddress", "r");

        // of three, two come within one second; a flood at once could have the connection reset before this is read
        for (int i = 0; i < 3; i++) {
            peer.say(large);
        }
        refusedByName(peer.next(LimitsTest::isError), "connection.maxInputBytesPerSecond");

        for (int i = 0; i < 100; i++) {
            peer.say(large);
        }
        peer.awaitClosed();
        hub.login(bridge, RunningHub.TOKEN);
    }

    @ParameterizedTest
    @EnumSource
    void aPasteOfMegabytesIsNoFlood(Bridge bridge) throws Exception {
        hub = new RunningHub(directory, "session.inputQueueBytes=50000000");
        Peer peer = hub.login(bridge, RunningHub.TOKEN);
        String session = "termbus.session." + peer.create("sh", "-c", "stty raw -echo; exec cat > /dev/null");
        JsonObject piece = new JsonObject().put("data", "x".repeat(100_000));

        for (int i = 0; i < 100; i++) {
            peer.call(session, "input", piece);
        }
    }

    @Test
    void aFrameOfVeryManyMessagesClosesItsConnectionAndHoldsNobodyUp() throws Exception {
        hub = new RunningHub(directory);
        Peer honest = hub.webSocket("/eventbus/websocket?token=" + RunningHub.TOKEN, Map.of());
        Peer attacker = hub.framed("/eventbus/000/attacker/websocket?token=" + RunningHub.TOKEN);

        attacker.raw(Buffer.buffer("[" + "\"{}\",".repeat(200_000) + "\"{}\"]"), Bridge.WEBSOCKET);

        attacker.awaitClosed();
        assertThat(honest.call(HUB, "info", NOTHING).getString("role")).isEqualTo("admin");
    }

    @Test
    void aFloodOfPingsIsAnsweredByFewPongsTheNewestAmongThem() throws Exception {
        hub = new RunningHub(directory);
        try (Socket socket = new Socket("127.0.0.1", hub.hub.httpPort())) {
            String upgrade =
                    "GET /eventbus/websocket HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                            + "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n";
            assertThat(RawHttp.answerTo(socket, upgrade)).isEqualTo("HTTP/1.1 101");
            int count = 20_000;
            Buffer pings = Buffer.buffer();
            for (int i = 1; i <= count; i++) {
                pings.appendUnsignedByte((short) 0x89)
                        .appendUnsignedByte((short) 0x84)
                        .appendInt(0)
                        .appendInt(i);
            }
            socket.getOutputStream().write(pings.getBytes());

            int pongs = 0;
            int newest = 0;
            DataInputStream in = new DataInputStream(socket.getInputStream());
            while (newest < count) {
                if (in.readUnsignedByte() == 0x8A) {
                    assertThat(in.readUnsignedByte()).isEqualTo(4);
                    newest = in.readInt();
                    pongs++;
                }
            }
            assertThat(pongs).isLessThan(count / 10);
        }
    }

    @ParameterizedTest
    @EnumSource
    void whoIsRefusedIsNotToldTheToken(Bridge bridge) throws Exception {
        hub = new RunningHub(directory);

        assertThat(hub.connect(bridge).ask(HUB, "login", WRONG).encode()).doesNotContain("wrong-token-0000");

        String page = RawHttp.get(hub.hub.httpPort(), "/?token=wrong-token-0000");
        assertThat(page).startsWith("HTTP/1.1 401").doesNotContain("wrong-token-0000");
    }

    @Test
    void connectionsOverHttpAreLimitedInAllAndTheOneThatWasIdleForLongestGoes() throws Exception {
        hub = new RunningHub(directory, "http.maxConnections=3");
        List<Socket> sockets = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            Socket socket = new Socket("127.0.0.1", hub.hub.httpPort());
            sockets.add(socket);
            RawHttp.answerTo(socket, "GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n");
        }

        assertThat(RawHttp.get(hub.hub.httpPort(), "/healthz")).startsWith("HTTP/1.1 200");

        sockets.get(0).setSoTimeout(SOCKET_MS);
        assertThat(endOf(sockets.get(0))).isTrue();
        for (Socket each : sockets.subList(1, 3)) {
            readToEnd(each);
            assertThat(RawHttp.answerTo(each, "GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n"))
                    .isEqualTo("HTTP/1.1 200");
        }
        for (Socket each : sockets) {
            each.close();
        }
    }

    @Test
    void aPollMakesNoRoomWhereAnotherConnectionTakesLongOverARequest() throws Exception {
        hub = new RunningHub(directory, "http.maxConnections=2");
        try (Socket polls = new Socket("127.0.0.1", hub.hub.httpPort());
                Socket slow = new Socket("127.0.0.1", hub.hub.httpPort())) {
            String poll = "POST /eventbus/000/polls/xhr HTTP/1.1\r\nHost: localhost\r\nContent-Length: 0\r\n\r\n";
            assertThat(RawHttp.answerTo(polls, poll)).isEqualTo("HTTP/1.1 200");
            readToEnd(polls);
            polls.getOutputStream().write(poll.getBytes(StandardCharsets.US_ASCII));
            String cut = "POST /eventbus/000/slow/xhr_send HTTP/1.1\r\nHost: localhost\r\nContent-Length: 9\r\n\r\n";
            slow.getOutputStream().write(cut.getBytes(StandardCharsets.US_ASCII));
            Awaitility.await().until(() -> RawHttp.get(hub.hub.httpPort(), "/healthz"), it -> it.contains(" 200"));

            slow.setSoTimeout(SOCKET_MS);
            assertThat(endOf(slow)).isTrue();
        }
    }

    /** What has come is taken. */
    private static void readToEnd(Socket socket) throws IOException {
        socket.setSoTimeout(SOCKET_MS);
        while (socket.getInputStream().available() > 0) {
            socket.getInputStream().skipNBytes(socket.getInputStream().available());
        }
    }

    @Test
    void whoNeverLogsInKeepsNobodyOut() throws Exception {
        hub = new RunningHub(directory, "connection.max=4");
        Peer honest = hub.admin();
        List<Socket> strangers = new ArrayList<>();
        for (int i = 0; i < 12; i++) {
            strangers.add(new Socket("127.0.0.1", hub.hub.tcpPort()));
        }
        // All have arrived: one that comes later could take the place of who is about to log in.
        Awaitility.await()
                .until(() -> strangers.stream().filter(LimitsTest::isTold).count() == 9);

        for (Bridge bridge : Bridge.values()) {
            assertThat(hub.login(bridge, RunningHub.TOKEN)
                            .call(HUB, "info", NOTHING)
                            .getString("role"))
                    .isEqualTo("admin");
        }

        assertThat(honest.call(HUB, "info", NOTHING).getString("role")).isEqualTo("admin");
        for (Socket each : strangers) {
            each.close();
        }
    }

    /** Why it is closed. */
    private static boolean isTold(Socket stranger) {
        try {
            return stranger.getInputStream().available() > 0;
        } catch (IOException e) {
            return false;
        }
    }

    @Test
    void requestsWhoseHeadNeverEndsAreCutOff() throws Exception {
        hub = new RunningHub(directory);
        try (Socket drip = new Socket("127.0.0.1", hub.hub.httpPort())) {
            drip.setSoTimeout(100_000);
            drip.getOutputStream().write("GET / HTTP/1.1\r\nHost: localhost\r\nX-Slow: ".getBytes("US-ASCII"));

            assertThat(endOf(drip)).isTrue();
        }
    }

    @Test
    void aTcpClientThatNeverFinishesItsLoginIsCutOff() throws Exception {
        hub = new RunningHub(directory, "connection.loginSeconds=1");
        try (Socket drip = new Socket("127.0.0.1", hub.hub.tcpPort())) {
            drip.setSoTimeout(100_000);
            drip.getOutputStream().write(new byte[] {0, 0, 1, 0, '{'});

            assertThat(endOf(drip)).isTrue();
        }
    }

    private static boolean endOf(Socket socket) {
        try {
            socket.getInputStream().readAllBytes();
            return true;
        } catch (java.net.SocketTimeoutException e) {
            return false;
        } catch (IOException reset) {
            return true;
        }
    }
}
