package io.termbus.security;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.termbus.audit.Audit;
import io.termbus.audit.AuditPace;
import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.slf4j.LoggerFactory;

/** The audit log, and what no log holds. */
@Timeout(180)
class AuditTest {
    private static final JsonObject NOTHING = new JsonObject();

    @TempDir
    Path directory;

    private final Logger root = (Logger) LoggerFactory.getLogger("ROOT");
    private final ListAppender<ILoggingEvent> all = new ListAppender<>();
    private RunningHub hub;

    @BeforeEach
    void start() throws Exception {
        all.start();
        root.addAppender(all);
        hub = new RunningHub(directory);
    }

    @AfterEach
    void stop() throws Exception {
        hub.close();
        root.detachAppender(all);
    }

    private List<JsonObject> lines(String event) {
        return List.copyOf(all.list).stream()
                .filter(each -> each.getLoggerName().equals(Audit.LOGGER))
                .map(each -> new JsonObject(each.getFormattedMessage()))
                .filter(each -> each.getString("event").equals(event))
                .toList();
    }

    @Test
    void everythingThatMattersIsALine() throws Exception {
        hub.connect(Bridge.TCP).refusal("termbus.hub", "login", new JsonObject().put("token", "wrong-token-0000"));
        Peer admin = hub.admin();
        String session = admin.create("cat");
        JsonObject share = admin.call(
                "termbus.hub", "share", new JsonObject().put("session", session).put("role", "operator"));
        Peer guest = hub.login(Bridge.WEBSOCKET, share.getString("token"));
        String subscriber = guest.attach(session, "write");
        guest.refusal("termbus.session." + session, "kill", NOTHING);
        admin.call("termbus.flow", "detach", new JsonObject().put("subscriber", subscriber));
        admin.call("termbus.hub", "revoke", new JsonObject().put("id", share.getString("id")));
        guest.awaitClosed();
        admin.call("termbus.session." + session, "kill", NOTHING);
        Awaitility.await().until(() -> lines("kill").size() == 2);

        assertThat(lines("login"))
                .extracting(line -> line.getString("outcome"))
                .containsExactly("wrong token", "ok", "ok");
        assertThat(lines("login").get(2).getString("user")).isEqualTo("share:" + share.getString("id"));
        assertThat(lines("create").get(0).getString("id")).isEqualTo(session);
        assertThat(lines("share").get(0).getString("sharedRole")).isEqualTo("operator");
        assertThat(lines("attach").get(0).getString("session")).isEqualTo(session);
        assertThat(lines("kill").get(0).getString("outcome")).contains("admin");
        assertThat(lines("kill").get(1).getString("outcome")).isEqualTo("ok");
        assertThat(lines("disconnect").get(0).getString("outcome")).isEqualTo("kicked");
        assertThat(lines("revoke")).hasSize(1);
        assertThat(lines("expelled").get(0).getString("outcome")).contains("revoked");
        assertThat(lines("create").get(0).fieldNames()).contains("time", "peer", "connection", "user", "role");
    }

    @Test
    void theEndOfATokenAndOfWhoNeverAcksAreLines() throws Exception {
        hub.close();
        hub = new RunningHub(directory, "flow.stallSeconds=1");
        Peer admin = hub.admin();
        String session = admin.create("sh", "-c", "exec yes never-acked");
        JsonObject share = admin.call("termbus.hub", "share", new JsonObject().put("expiresInSeconds", 2));
        Peer guest = hub.login(Bridge.TCP, share.getString("token"));
        String subscriber = admin.attach(session, "read");

        guest.awaitClosed();
        admin.delivery("disconnected");
        admin.call("termbus.hub", "killAll", NOTHING);
        Awaitility.await().until(() -> lines("disconnect").size() == 1);

        assertThat(lines("expelled").get(0).getString("user")).isEqualTo("share:" + share.getString("id"));
        assertThat(lines("expelled").get(0).getString("outcome")).isEqualTo("the token has expired");
        assertThat(lines("disconnect").get(0).getString("outcome")).isEqualTo("stalled");
        assertThat(lines("disconnect").get(0).getString("subscriber")).isEqualTo(subscriber);
        assertThat(lines("disconnect").get(0).getString("session")).isEqualTo(session);
        assertThat(lines("killAll").get(0).getInteger("count")).isEqualTo(1);
        assertThat(lines("killAll").get(0).getString("user")).isEqualTo("admin");
    }

    /** How many times all lines of an event together tell of. */
    private long told(String event) {
        return lines(event).stream()
                .mapToLong(line -> line.getLong("times", 1L))
                .sum();
    }

    @Test
    void aGuestDoesNotWashTheLinesOfOthersOut() throws Exception {
        Peer admin = hub.admin();
        String session = admin.create("cat");
        JsonObject share = admin.call("termbus.hub", "share", new JsonObject().put("session", session));
        Peer guest = hub.login(Bridge.TCP, share.getString("token"));
        String longId = "x".repeat(100_000);
        for (int i = 0; i < 500; i++) {
            guest.refusal("termbus.hub", "create", new JsonObject().put("id", longId));
            String subscriber = guest.attach(session, "read");
            guest.call("termbus.flow", "detach", new JsonObject().put("subscriber", subscriber));
        }
        for (int i = 0; i < 150; i++) {
            hub.login(Bridge.TCP, share.getString("token")).close();
        }
        Awaitility.await()
                .atMost(Duration.ofSeconds(60))
                .until(() -> told("create") == 501 && told("attach") == 500 && told("detach") == 500);
        Awaitility.await().until(() -> told("login") == 152);
        admin.call("termbus.session." + session, "kill", NOTHING);

        assertThat(lines("create").get(0).getString("user")).isEqualTo("admin");
        assertThat(lines("create").get(1).getString("id")).hasSizeLessThan(2000);
        assertThat(lines("kill")).hasSize(1);
        long all = Stream.of("create", "attach", "detach", "login")
                .mapToLong(event -> lines(event).size())
                .sum();
        assertThat(all).isLessThan(AuditPace.BURST_LINES + 60);
    }

    @Test
    void whatChangesSomethingIsALineEach() throws Exception {
        Peer admin = hub.admin();
        for (int i = 0; i < AuditPace.BURST_LINES + 20; i++) {
            JsonObject share = admin.call("termbus.hub", "share", NOTHING);
            admin.call("termbus.hub", "revoke", new JsonObject().put("id", share.getString("id")));
        }
        assertThat(lines("share")).hasSize(AuditPace.BURST_LINES + 20);
        assertThat(lines("revoke")).hasSize(AuditPace.BURST_LINES + 20);
    }

    @ParameterizedTest
    @EnumSource
    void loginsOverHttpAreLinesWithWhereTheyCameFrom(Polling transport) throws Exception {
        hub.poller(transport, RunningHub.TOKEN).peer.call("termbus.hub", "info", NOTHING);
        hub.poller(transport, "wrong-token-0000").peer.refusal("termbus.hub", "info", NOTHING);

        assertThat(lines("login")).extracting(line -> line.getString("outcome")).containsExactly("ok", "wrong token");
        assertThat(lines("login"))
                .allSatisfy(line -> assertThat(line.getString("peer")).startsWith("127.0.0.1:"));
    }

    @Test
    void loginsByUrlAreLines() throws Exception {
        for (String token : List.of("wrong-token-0000", RunningHub.TOKEN)) {
            RawHttp.get(hub.hub.httpPort(), "/?token=" + token);
        }

        assertThat(lines("login")).extracting(line -> line.getString("outcome")).containsExactly("wrong token", "ok");
        assertThat(lines("login"))
                .allSatisfy(line -> assertThat(line.getString("peer")).startsWith("127.0.0.1:"))
                .noneMatch(line -> line.encode().contains("token-0000"));
        assertThat(lines("login").get(1).getString("user")).isEqualTo("admin");
    }

    @Test
    void noLogHoldsTokensOrWhatTerminalsShow() throws Exception {
        Peer admin = hub.admin();
        JsonObject share = admin.call("termbus.hub", "share", NOTHING);
        Peer guest = hub.login(Bridge.TCP, share.getString("token"));
        hub.connect(Bridge.TCP)
                .refusal("termbus.hub", "login", new JsonObject().put("token", "a-wrong-secret-of-somebody"));
        String session = admin.create("sh", "-c", "echo shown-on-the-screen; exec cat");
        admin.attach(session, "write");
        admin.delivery("snapshot");
        admin.call("termbus.session." + session, "input", new JsonObject().put("data", "typed-into-it\r"));
        admin.delivery("output");
        guest.close();
        for (Polling transport : Polling.values()) {
            Poller poller = hub.poller(transport, RunningHub.TOKEN);
            poller.peer.attach(session, "write");
            poller.peer.delivery("snapshot");
            poller.peer.call("termbus.session." + session, "input", new JsonObject().put("data", "typed-into-it\r"));
        }

        assertThat(List.copyOf(all.list))
                .extracting(ILoggingEvent::getFormattedMessage)
                .noneMatch(line -> line.contains(RunningHub.TOKEN)
                        || line.contains(share.getString("token"))
                        || line.contains("a-wrong-secret-of-somebody")
                        || line.contains("shown-on-the-screen")
                        || line.contains("typed-into-it"));
    }
}
