package io.termbus.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.termbus.e2e.ClientScript.Language;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * The judge of the clients outside Java: the same scenes for all, against the jar. {@code -Dtermbus.clientCuts=50} cuts more
 * often than each build does.
 */
@Timeout(300)
class ClientsIT {
    private static final int CUTS = Integer.getInteger("termbus.clientCuts", 6);
    /** All of the flood is held. */
    private static final String BACKLOG = "flow.backlogBytes=16777216";
    /** Of the flood, which has 7 MiB: the rest is for what is around it, and comes twice. */
    private static final int BYTES_WITH_CUTS = 5_000_000;

    private static final Duration LIMIT = Duration.ofSeconds(60);

    @TempDir
    Path directory;

    /** A session that is ready to count, and where its output stands. */
    private record Ready(TcpClient operator, String session, long offset) {
        static Ready in(HubProcess hub, String script) throws Exception {
            TcpClient operator = TcpClient.connect(hub);
            String session = operator.shell(script);
            Subscription start = operator.attach(session, new JsonObject());
            start.untilText(Flood.READY + "\r\n");
            operator.request(Client.FLOW, "detach", new JsonObject().put("subscriber", start.id()));
            return new Ready(operator, session, start.offset());
        }

        JsonObject follow(String lag) {
            return new JsonObject().put("session", session).put("from", offset).put("lag", lag);
        }

        void go() throws Exception {
            operator.input(session, Flood.GO);
        }

        /** Waits until one subscriber listens, and is in this zone. */
        void awaitOne(String zone) {
            Awaitility.await().atMost(LIMIT).until(() -> {
                JsonArray all = operator.request(Client.FLOW, "subscribers", new JsonObject().put("session", session))
                        .getJsonArray("subscribers");
                return all.size() == 1
                        && all.getJsonObject(0).getBoolean("listening")
                        && all.getJsonObject(0).getString("zone").equals(zone);
            });
        }
    }

    private ClientScript play(Language language, HubProcess hub, String scene, JsonObject arguments) throws Exception {
        return ClientScript.play(language, directory, scene, language.port(hub), hub.token(), arguments);
    }

    private static void assertWhole(JsonObject exit) throws Exception {
        assertThat(exit.getInteger("code")).isEqualTo(Flood.EXIT_CODE);
        assertThat(exit.getInteger("snapshots")).isZero();
        assertThat(exit.getInteger("gaps")).isZero();
        assertThat(exit.getString("sha256")).isEqualTo(Flood.sha256());
    }

    @ParameterizedTest
    @EnumSource(Language.class)
    void everyByteComesAndTheExitIsTheLast(Language language) throws Exception {
        try (HubProcess hub = HubProcess.start(directory)) {
            Ready flood = Ready.in(hub, Flood.SCRIPT);
            try (ClientScript client = play(language, hub, "follow", flood.follow("block"))) {
                flood.awaitOne("green");
                flood.go();
                JsonObject event = client.next();
                while ("zone".equals(event.getString("event"))) {
                    event = client.next();
                }
                assertWhole(event);
                client.next("end");
                client.awaitEnd();
            }
        }
    }

    @ParameterizedTest
    @EnumSource(Language.class)
    void noByteComesTwiceAndNoneIsMissingThroughCuts(Language language) throws Exception {
        long seed = Long.getLong("termbus.cutSeed", System.nanoTime());
        Random random = new Random(seed);
        try (HubProcess hub = HubProcess.start(directory, BACKLOG);
                CutProxy proxy = new CutProxy(language.port(hub))) {
            Ready flood = Ready.in(hub, Flood.SCRIPT);
            try (ClientScript client = ClientScript.play(
                    language, directory, "follow", proxy.port(), hub.token(), flood.follow("block"))) {
                flood.awaitOne("green");
                // in the middle of anything: of logins and attaches, and of output
                proxy.cutAfter(random.ints(CUTS, 0, 2)
                        .map(some -> 1 + random.nextInt(some == 0 ? 2_000 : BYTES_WITH_CUTS / CUTS))
                        .iterator());
                flood.go();
                JsonObject event = client.next();
                while ("zone".equals(event.getString("event"))) {
                    event = client.next();
                }
                assertThat(proxy.cuts()).as("seed %d", seed).isEqualTo(CUTS);
                assertWhole(event);
                client.next("end");
                client.awaitEnd();
            }
        }
    }

    /** Who acked what it was sent, and not what was consumed, would stay green. */
    @ParameterizedTest
    @EnumSource(Language.class)
    void aConsumerThatStopsGoesRedAndComesBackGreen(Language language) throws Exception {
        try (HubProcess hub = HubProcess.start(directory, "flow.yellow.bytes=16384", "flow.red.bytes=65536")) {
            Ready flood = Ready.in(hub, Flood.SCRIPT.replace("; exit", "; read end; exit"));
            try (ClientScript client =
                    play(language, hub, "follow", flood.follow("skip").put("pauses", true))) {
                flood.awaitOne("green");
                flood.go();
                client.next("paused");
                flood.awaitOne("red");
                client.say("go on");
                List<String> levels = new ArrayList<>();
                while (!levels.contains("green")) {
                    levels.add(client.next("zone").getString("level"));
                }
                assertThat(levels).contains("red");
                flood.awaitOne("green");
                flood.go();
                JsonObject event = client.next();
                while ("zone".equals(event.getString("event"))) {
                    event = client.next();
                }
                assertThat(event.getInteger("code")).isEqualTo(Flood.EXIT_CODE);
                client.next("end");
                client.awaitEnd();
            }
        }
    }

    @ParameterizedTest
    @EnumSource(Language.class)
    void refusalsHaveTheHubsCodes(Language language) throws Exception {
        try (HubProcess hub = HubProcess.start(directory);
                TcpClient operator = TcpClient.connect(hub)) {
            String exited = operator.shell("exit 0");
            operator.attach(exited, new JsonObject()).until("exit");
            try (ClientScript client = play(language, hub, "errors", new JsonObject().put("session", exited))) {
                JsonObject codes = client.next("errors");
                assertThat(codes.getInteger("attach")).isEqualTo(404);
                assertThat(codes.getInteger("create")).isEqualTo(400);
                assertThat(codes.getInteger("input")).isEqualTo(410);
                assertThat(codes.getInteger("action")).isEqualTo(404);
                client.awaitEnd();
            }
        }
    }

    @ParameterizedTest
    @EnumSource(Language.class)
    void aWrongTokenIsRefusedOnce(Language language) throws Exception {
        try (HubProcess hub = HubProcess.start(directory);
                CutProxy proxy = new CutProxy(language.port(hub));
                ClientScript client =
                        ClientScript.play(language, directory, "errors", proxy.port(), "wrong", new JsonObject())) {
            assertThat(client.next("refused").getInteger("code")).isEqualTo(401);
            client.awaitEnd();
            assertThat(proxy.accepted()).isEqualTo(1);
        }
    }

    @ParameterizedTest
    @EnumSource(Language.class)
    void aHubThatRestartsHasNoSuchSessionAnyMoreAndIsUsedAgain(Language language) throws Exception {
        assertAfterRestart(language, 404, 0);
    }

    @ParameterizedTest
    @EnumSource(Language.class)
    void aTokenThatIsWrongAfterARestartIsNotTriedAgainAndAgain(Language language) throws Exception {
        assertAfterRestart(language, 401, 401, "auth.token=another");
    }

    private void assertAfterRestart(Language language, int code, int again, String... settings) throws Exception {
        try (HubProcess first = HubProcess.start(directory)) {
            Ready quiet = Ready.in(first, Flood.SCRIPT);
            try (ClientScript client = play(language, first, "follow", quiet.follow("skip"))) {
                quiet.awaitOne("green");
                first.signal("KILL");
                first.exitStatus(); // so that its ports are free
                List<String> all =
                        new ArrayList<>(List.of("tcp.port=" + first.tcpPort(), "http.port=" + first.httpPort()));
                all.addAll(List.of(settings));
                try (HubProcess second = HubProcess.start(directory, all.toArray(String[]::new))) {
                    assertThat(client.next("error").getInteger("code")).isEqualTo(code);
                    assertThat(client.next("again").getInteger("code")).isEqualTo(again);
                    client.awaitEnd();
                    assertThat(second.isAlive()).isTrue();
                }
            }
        }
    }

    @Test
    void pythonRunsProgramsToTheirEnd() throws Exception {
        try (HubProcess hub = HubProcess.start(directory);
                ClientScript client = play(Language.PYTHON, hub, "run", new JsonObject())) {
            JsonObject ran = client.next("run");
            assertThat(ran.getBoolean("failed")).isTrue();
            assertThat(ran.getInteger("killed")).isEqualTo(137);
            assertThat(ran.getString("signal")).isEqualTo("SIGKILL");
            assertThat(ran.getInteger("deaf")).isZero();
            assertThat(ran.getBoolean("hashed")).isTrue();
            assertThat(ran.getString("environment")).isEqualTo("/\nb\n");
            assertThat(ran.getInteger("missing")).isEqualTo(400);
            client.awaitEnd();
        }
    }
}
