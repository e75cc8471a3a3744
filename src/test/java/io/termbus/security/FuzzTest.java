package io.termbus.security;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Messages that are almost right, and bytes that are none, over both bridges: 110,000 in all. */
@Timeout(180)
class FuzzTest {
    private static final int ROUNDS = 110;
    private static final int MESSAGES = 500;

    @TempDir
    Path directory;

    private final HubErrors errors = new HubErrors();
    private RunningHub hub;

    @BeforeEach
    void start() throws Exception {
        hub = new RunningHub(directory, "connection.maxRequestsPerSecond=1000000", "auth.maxFailures=1000000");
    }

    @AfterEach
    void stop() throws Exception {
        hub.close();
        errors.close();
    }

    @ParameterizedTest
    @EnumSource
    void nothingThatAClientSaysBreaksTheHub(Bridge bridge) throws Exception {
        Random random = Mutations.random("FuzzTest " + bridge);
        Peer admin = hub.admin();
        String session = admin.create("cat");
        String token = admin.call(
                        "termbus.hub",
                        "share",
                        new JsonObject().put("session", session).put("role", "operator"))
                .getString("token");
        String subscriber = admin.attach(session, "write");
        Mutations mutations = new Mutations(random, session, subscriber);

        int sent = 0;
        for (int round = 0; round < ROUNDS; round++) {
            Peer peer = hub.connect(bridge);
            if (round % 4 != 0) {
                peer.login(token);
            }
            for (int i = 0; i < MESSAGES; i++) {
                peer.raw(mutations.message(), bridge);
                sent++;
            }
            peer.ask("termbus.hub", "info", new JsonObject());
            peer.raw(mutations.garbage(), bridge);
            if (bridge == Bridge.TCP) {
                peer.awaitClosed();
            } else {
                peer.ask("termbus.hub", "info", new JsonObject());
                peer.close();
            }
        }

        assertThat(sent).isEqualTo(ROUNDS * MESSAGES);
        assertThat(errors.texts()).isEmpty();
        assertThat(admin.call("termbus.hub", "list", new JsonObject()).getJsonArray("sessions"))
                .hasSize(1);
        assertThat(admin.call("termbus.flow", "status", new JsonObject().put("subscriber", subscriber))
                        .getString("session"))
                .isEqualTo(session);
        assertThat(admin.call("termbus.session." + session, "info", new JsonObject())
                        .getString("state"))
                .isEqualTo("running");
    }
}
