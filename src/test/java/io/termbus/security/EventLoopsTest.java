package io.termbus.security;

import static org.assertj.core.api.Assertions.assertThat;

import io.termbus.loop.Loops;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** All event loops serve HTTP: WebSockets live where they come, polls find their session wherever they come. */
@Timeout(180)
class EventLoopsTest {
    private static final String HUB = "termbus.hub";
    private static final JsonObject NOTHING = new JsonObject();

    @TempDir
    Path directory;

    private RunningHub hub;
    private Loops loops;

    @BeforeEach
    void start() throws Exception {
        hub = new RunningHub(directory);
        loops = Loops.of(hub.vertx);
    }

    @AfterEach
    void stop() throws Exception {
        hub.close();
    }

    /** The loops of the connections that create sessions, in that order. */
    private BlockingQueue<Integer> loopsThatCreate() {
        BlockingQueue<Integer> asking = new LinkedBlockingQueue<>();
        hub.vertx.eventBus().addOutboundInterceptor(sending -> {
            boolean creates = HUB.equals(sending.message().address())
                    && "create".equals(sending.message().headers().get("action"));
            if (creates) {
                asking.add(loops.current().orElse(-1));
            }
            sending.next();
        });
        return asking;
    }

    /** The last two digits of its id. */
    private static int loopOf(String session) {
        return Integer.parseInt(session.substring(session.length() - 2), 16);
    }

    @Test
    void webSocketsAreSpreadOverAllLoopsAndTheirSessionsLiveThereToo() throws Exception {
        BlockingQueue<Integer> asking = loopsThatCreate();
        int each = 3;
        List<Integer> homes = new ArrayList<>();

        for (int i = 0; i < each * loops.count(); i++) {
            Peer peer = hub.webSocket("/eventbus/websocket?token=" + RunningHub.TOKEN, Map.of());
            int home = loopOf(peer.create("cat"));
            assertThat(asking.remove()).isEqualTo(home);
            homes.add(home);
        }

        assertThat(homes.stream().collect(Collectors.groupingBy(loop -> loop, Collectors.counting())))
                .hasSize(loops.count())
                .allSatisfy((loop, count) -> assertThat(count).isEqualTo(each));
    }

    @Test
    void everyLoopServesThePagesAndTellsThatTheHubIsUp() throws Exception {
        for (int i = 0; i < 2 * loops.count(); i++) {
            assertThat(RawHttp.get(hub.hub.httpPort(), "/healthz")).startsWith("HTTP/1.1 200");
            assertThat(RawHttp.get(hub.hub.httpPort(), "/")).startsWith("HTTP/1.1 200");
            assertThat(RawHttp.get(hub.hub.httpPort(), "/eventbus/info")).startsWith("HTTP/1.1 200");
        }
    }

    @ParameterizedTest
    @EnumSource
    void pollsAndPostsOnAnyLoopLoseAndReorderNothing(Polling transport) throws Exception {
        List<Poller> pollers = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            pollers.add(hub.scattered(transport));
        }
        int questions = 60;
        String large = "x".repeat(200_000); // read on a worker

        for (int i = 0; i < questions; i++) {
            JsonObject body = new JsonObject().put("pad", i % 10 == 0 ? large : "");
            for (Poller each : pollers) {
                each.peer.say(Peer.message(HUB, "info", body).put("replyAddress", "answer-" + i));
            }
        }

        for (Poller each : pollers) {
            for (int i = 0; i < questions; i++) {
                assertThat(each.peer.next(any -> true).getString("address")).isEqualTo("answer-" + i);
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void megabytesOfOutputComeWholeAndInOrder(Polling transport) throws Exception {
        int lines = 200_000;
        Peer client = hub.scattered(transport).peer;
        String session = client.create("sh", "-c", "stty raw -echo; echo ready; read x; seq 1 " + lines + "; exec cat");
        JsonObject attached = client.call(
                "termbus.flow",
                "attach",
                new JsonObject().put("session", session).put("mode", "write").put("lag", "block"));
        client.say(new JsonObject().put("type", "register").put("address", attached.getString("address")));
        StringBuilder text = new StringBuilder();
        while (text.indexOf("ready") < 0) {
            text.append(take(client, attached));
        }
        text.setLength(0);

        client.say(Peer.message("termbus.session." + session, "input", new JsonObject().put("data", "\n")));
        String expected =
                IntStream.rangeClosed(1, lines).mapToObj(i -> i + "\n").collect(Collectors.joining());
        while (text.length() < expected.length()) {
            text.append(take(client, attached));
        }

        assertThat(text.toString()).isEqualTo(expected);
    }

    /** What the next delivery holds; it is acked. */
    private static String take(Peer client, JsonObject attached) throws Exception {
        String address = attached.getString("address");
        JsonObject delivery = client.next(frame -> address.equals(frame.getString("address"))
                && frame.getJsonObject("headers").containsKey("seq"));
        int seq = Integer.parseInt(delivery.getJsonObject("headers").getString("seq"));
        client.say(Peer.message(
                "termbus.flow",
                "ack",
                new JsonObject()
                        .put("subscriber", attached.getString("subscriber"))
                        .put("seq", seq)));
        byte[] data = Base64.getUrlDecoder().decode(delivery.getString("body"));
        return new String(data, StandardCharsets.UTF_8);
    }

    @Test
    void manySessionsOfPollsComeAndGoWhileOthersWork() throws Exception {
        Poller steady = hub.scattered(Polling.XHR);
        for (int round = 0; round < 5; round++) {
            List<Poller> visitors = new ArrayList<>();
            for (Polling transport : Polling.values()) {
                for (int i = 0; i < 4; i++) {
                    visitors.add(hub.scattered(transport));
                }
            }
            for (Poller each : visitors) {
                assertThat(each.peer.call(HUB, "info", NOTHING).getString("role"))
                        .isEqualTo("admin");
                each.stayAway();
            }
            assertThat(steady.peer.call(HUB, "info", NOTHING).getString("role")).isEqualTo("admin");
        }
    }
}
