package io.termbus.security;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonObject;
import java.net.Socket;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Clients that take all they can get, and one that wants to work meanwhile. */
@Timeout(180)
class FloodTest {
    private static final JsonObject NOTHING = new JsonObject();

    @TempDir
    Path directory;

    private RunningHub hub;

    @AfterEach
    void stop() throws Exception {
        hub.close();
    }

    private boolean admitted() throws Exception {
        Peer peer = hub.connect(Bridge.TCP);
        peer.say(new JsonObject().put("type", "ping"));
        boolean pong = peer.nextUnlessClosed()
                .filter(frame -> "pong".equals(frame.getString("type")))
                .isPresent();
        peer.close();
        return pong;
    }

    /** Types into a session and waits for what comes back. */
    private static void echo(Peer peer, String session) throws Exception {
        peer.call("termbus.session." + session, "input", new JsonObject().put("data", "x"));
        peer.delivery("output");
    }

    @Test
    void aFloodOfConnectionsIsRefusedByNameAndThoseThatAreInWorkOn() throws Exception {
        hub = new RunningHub(directory, "connection.max=20", "connection.loginSeconds=1");
        Peer honest = hub.admin();
        String session = honest.create("cat");
        honest.attach(session, "write");
        honest.delivery("snapshot");
        List<Socket> flood = new ArrayList<>();
        Awaitility.await().until(() -> {
            for (int i = 0; i < 250; i++) {
                flood.add(new Socket("127.0.0.1", hub.hub.tcpPort()));
            }
            return hub.connect(Bridge.TCP)
                    .next(frame -> true)
                    .getString("message")
                    .endsWith("(connection.max)");
        });
        echo(honest, session);

        Awaitility.await().until(this::admitted);
        for (Socket each : flood) {
            each.close();
        }
    }

    @Test
    void someRequestsMayBeSentAheadAndManyEndTheConnection() throws Exception {
        hub = new RunningHub(directory);
        Peer honest = hub.login(Bridge.WEBSOCKET, RunningHub.TOKEN);
        String session = honest.create("cat");
        honest.attach(session, "write");
        honest.delivery("snapshot");

        assertThat(RawHttp.ahead(hub.hub.httpPort(), 16)).isEqualTo(16);
        for (int i = 0; i < 20; i++) {
            assertThat(RawHttp.ahead(hub.hub.httpPort(), 50_000)).isLessThan(50_000);
        }
        echo(honest, session);
    }

    @ParameterizedTest
    @EnumSource
    void whoNeverAcksIsDisconnectedAndHoldsNobodyUp(Bridge bridge) throws Exception {
        hub = new RunningHub(directory, "flow.stallSeconds=1");
        Peer honest = hub.admin();
        String session = honest.create("sh", "-c", "exec yes never-acked");
        Peer silent = hub.login(bridge, RunningHub.TOKEN);
        silent.attach(session, "read");

        String other = honest.create("cat");
        honest.attach(other, "write");
        honest.delivery("snapshot");
        echo(honest, other);

        assertThat(silent.delivery("disconnected").getJsonObject("body").getString("reason"))
                .isEqualTo("stalled");
    }

    @ParameterizedTest
    @EnumSource
    void whoStallsWhileItDoesNotListenIsToldWhenItDoes(Bridge bridge) throws Exception {
        hub = new RunningHub(directory, "flow.stallSeconds=1");
        Peer honest = hub.admin();
        String session = honest.create("cat");
        Peer silent = hub.login(bridge, RunningHub.TOKEN);
        String address = "termbus.out." + silent.attach(session, "read");
        silent.delivery("snapshot");

        silent.say(new JsonObject().put("type", "unregister").put("address", address));
        Awaitility.await()
                .until(() -> honest.call("termbus.flow", "subscribers", new JsonObject().put("session", session))
                                .getInteger("total")
                        == 0);
        silent.say(new JsonObject().put("type", "register").put("address", address));

        assertThat(silent.delivery("disconnected").getJsonObject("body").getString("reason"))
                .isEqualTo("stalled");
    }

    @Test
    void whoNeverReadsIsCutOff() throws Exception {
        hub = new RunningHub(
                directory, "flow.maxUnackedBytes=600000", "connection.maxUnflushedBytes=700000", "flow.stallSeconds=0");
        Peer honest = hub.admin();
        try (Socket deaf = new Socket()) {
            deaf.setReceiveBufferSize(4096);
            deaf.connect(new java.net.InetSocketAddress("127.0.0.1", hub.hub.tcpPort()));
            RawTcp.send(deaf, Peer.message("termbus.hub", "login", new JsonObject().put("token", RunningHub.TOKEN)));
            JsonObject list = Peer.message("termbus.hub", "list", NOTHING).put("replyAddress", "r".repeat(190));
            for (int i = 0; i < 10; i++) {
                honest.create("cat");
            }
            Awaitility.await().until(() -> {
                try {
                    for (int i = 0; i < 900; i++) {
                        RawTcp.send(deaf, list);
                    }
                    return false;
                } catch (java.io.IOException cut) {
                    return true;
                }
            });
        }
        assertThat(honest.call("termbus.hub", "list", NOTHING).getJsonArray("sessions"))
                .hasSize(10);
    }

    @ParameterizedTest
    @EnumSource
    void nobodyListensToOrMovesAnothersSubscriber(Bridge bridge) throws Exception {
        hub = new RunningHub(directory);
        Peer admin = hub.admin();
        String session = admin.create("cat");
        String subscriber = admin.attach(session, "write");
        admin.delivery("snapshot");
        String token = admin.call("termbus.hub", "share", new JsonObject().put("role", "operator"))
                .getString("token");
        Peer stranger = hub.login(bridge, token);

        Forbidden.toStrangers(stranger, subscriber);

        echo(admin, session);
    }
}
