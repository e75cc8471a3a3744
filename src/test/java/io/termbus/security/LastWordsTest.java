package io.termbus.security;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a client sent before it closed is done, although it had to wait for its turn. */
@Timeout(120)
class LastWordsTest {
    private static final JsonObject BYTE = new JsonObject().put("data", "x");

    @TempDir
    Path directory;

    private RunningHub hub;

    @AfterEach
    void stop() throws Exception {
        hub.close();
    }

    /** A session that ends when it has got so many bytes. */
    private static String counting(Peer peer, int bytes) throws Exception {
        String session = peer.create("sh", "-c", "stty raw -echo; printf ready; exec head -c " + bytes);
        Awaitility.await().until(() -> outputBytes(peer, session) == "ready".length());
        return session;
    }

    @ParameterizedTest
    @CsvSource({"TCP, 500", "TCP, 8000", "WEBSOCKET, 500", "WEBSOCKET, 8000"})
    void inputsThatNobodyWaitsForAllReachTheSession(Bridge bridge, int count) throws Exception {
        hub = new RunningHub(directory);
        Peer watcher = hub.admin();
        String session = counting(watcher, count);
        watcher.attach(session, "read");
        Peer hasty = hub.login(bridge, RunningHub.TOKEN);

        JsonObject input = Peer.message("termbus.session." + session, "input", BYTE);
        for (int i = 0; i < count; i++) {
            hasty.say(input);
        }
        hasty.close();

        JsonObject exit = watcher.delivery("exit");
        assertThat(exit.getJsonObject("body").getInteger("code")).isZero();
        assertThat(outputBytes(watcher, session)).isEqualTo("ready".length() + count);
    }

    /** All output of the session. */
    private static long outputBytes(Peer peer, String session) throws Exception {
        return peer.call("termbus.session." + session, "info", new JsonObject()).getLong("outputBytes");
    }
}
