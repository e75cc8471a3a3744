package io.termbus.security;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.slf4j.LoggerFactory;

/** What a token gives, and how it ends, for clients of SockJS without a WebSocket. */
@Timeout(180)
class PollingTest {
    private static final String HUB = "termbus.hub";
    private static final JsonObject NOTHING = new JsonObject();
    private static final int GONE = 404;

    @TempDir
    Path directory;

    private RunningHub hub;
    private Peer admin;
    private String session;

    @BeforeEach
    void start() throws Exception {
        hub = new RunningHub(directory);
        admin = hub.admin();
        session = admin.create("cat");
    }

    @AfterEach
    void stop() throws Exception {
        hub.close();
    }

    private JsonObject share(String role) throws Exception {
        return admin.call(HUB, "share", new JsonObject().put("session", session).put("role", role));
    }

    private JsonObject typed(String text) {
        return Peer.message("termbus.session." + session, "input", new JsonObject().put("data", text));
    }

    private String screen() throws Exception {
        return admin.call("termbus.session." + session, "snapshot", new JsonObject().put("format", "text"))
                .getString("data");
    }

    private static int code(JsonObject frame) {
        return frame.getInteger("failureCode", 0);
    }

    private static boolean isError(JsonObject frame) {
        return "err".equals(frame.getString("type"));
    }

    @ParameterizedTest
    @EnumSource
    void aViewerNeverWritesResizesSignalsOrKills(Polling transport) throws Exception {
        Poller viewer = hub.poller(transport, share("viewer").getString("token"));

        Forbidden.toViewers(viewer.peer, session);

        assertThat(viewer.post(typed("not-asking"))).isIn(200, 204);
        viewer.peer.attach(session, "read");
        viewer.peer.delivery("snapshot");
        JsonObject info = admin.call("termbus.session." + session, "info", NOTHING);
        assertThat(info.getInteger("cols")).isEqualTo(80);
        assertThat(info.getString("state")).isEqualTo("running");
        assertThat(screen()).doesNotContain("not-asking");
    }

    @ParameterizedTest
    @EnumSource
    void nobodyListensToOrMovesAnothersSubscriber(Polling transport) throws Exception {
        String subscriber = admin.attach(session, "write");
        admin.delivery("snapshot");
        Poller stranger = hub.poller(transport, share("operator").getString("token"));

        Forbidden.toStrangers(stranger.peer, subscriber);

        admin.call("termbus.session." + session, "input", new JsonObject().put("data", "x"));
        admin.delivery("output");
        assertThat(admin.call("termbus.flow", "status", new JsonObject().put("subscriber", subscriber))
                        .getLong("unackedDeliveries"))
                .isEqualTo(2);
    }

    @ParameterizedTest
    @EnumSource
    void aRevokedTokensPollsAndPostsEndWithinASecond(Polling transport) throws Exception {
        InTime.withinASecond(() -> {
            JsonObject share = share("operator");
            Poller guest = hub.poller(transport, share.getString("token"));
            guest.peer.attach(session, "write");
            guest.peer.delivery("snapshot");

            long before = System.nanoTime();
            admin.call(HUB, "revoke", new JsonObject().put("id", share.getString("id")));
            JsonObject told = guest.peer.delivery("disconnected");
            JsonObject error = guest.peer.next(PollingTest::isError);
            guest.peer.awaitClosed();
            Duration taken = Duration.ofNanos(System.nanoTime() - before);

            assertThat(told.getJsonObject("body").getString("reason")).isEqualTo("kicked");
            assertThat(code(error)).isEqualTo(401);
            theyAreRefused(guest, transport, share);
            return taken;
        });
    }

    @ParameterizedTest
    @EnumSource
    void anExpiredTokensPollsAndPostsEndWithinASecond(Polling transport) throws Exception {
        InTime.withinASecond(() -> {
            JsonObject share = admin.call(
                    HUB, "share", new JsonObject().put("role", "operator").put("expiresInSeconds", 2));
            Poller guest = hub.poller(transport, share.getString("token"));

            assertThat(guest.peer.next(PollingTest::isError).getString("message"))
                    .contains("expired");
            guest.peer.awaitClosed();

            Duration taken = Duration.between(Instant.parse(share.getString("expiresAt")), Instant.now());
            assertThat(taken).isGreaterThanOrEqualTo(Duration.ZERO);
            theyAreRefused(guest, transport, share);
            return taken;
        });
    }

    /** Neither the old session nor a new one of that token does anything. */
    private void theyAreRefused(Poller guest, Polling transport, JsonObject share) throws Exception {
        assertThat(guest.post(typed("too-late"))).isEqualTo(GONE);
        Poller again = hub.poller(transport, share.getString("token"));
        assertThat(again.peer.refusal("termbus.session." + session, "input", new JsonObject().put("data", "too-late")))
                .isEqualTo(401);
        again.peer.close();
        assertThat(screen()).doesNotContain("too-late");
    }

    @ParameterizedTest
    @EnumSource(names = {"XHR", "JSONP"})
    void whoIsNotPollingWhenItsTokenIsRevokedHasNoSayEither(Polling transport) throws Exception {
        JsonObject share = share("operator");
        Poller guest = hub.poller(transport, share.getString("token"));
        guest.peer.call(HUB, "info", NOTHING);
        guest.stayAway();
        guest.post(Peer.message(HUB, "info", NOTHING).put("replyAddress", "ends-a-poll"));

        admin.call(HUB, "revoke", new JsonObject().put("id", share.getString("id")));

        Awaitility.await().until(() -> guest.post(typed("too-late")) == GONE);
        assertThat(screen()).doesNotContain("too-late");
    }

    @ParameterizedTest
    @EnumSource
    void whoKnowsTheIdOfAnothersSessionOfSockJsNeitherSpeaksNorListensInIt(Polling transport) throws Exception {
        Poller owner =
                hub.poller(transport, "known-id", "?token=" + RunningHub.TOKEN).open();
        String viewer = share("viewer").getString("token");
        String[] queries = {"", "?token=" + viewer, "?token=wrong", "?token=" + viewer + "&token=" + RunningHub.TOKEN};

        for (String query : queries) {
            Poller thief = hub.poller(transport, "known-id", query);
            assertThat(thief.poll()).as("poll with '%s'", query).isEqualTo(403);
            assertThat(thief.post(typed("stolen"))).as("post with '%s'", query).isEqualTo(403);
        }
        for (String named : new String[] {"?param0=known-id", "?session=known-id"}) {
            assertThat(hub.poller(transport, "other-id", named).post(typed("stolen")))
                    .as("the path alone says which session")
                    .isEqualTo(GONE);
        }

        assertThat(screen()).doesNotContain("stolen");
        assertThat(owner.peer.call(HUB, "info", NOTHING).getString("role")).isEqualTo("admin");
    }

    @ParameterizedTest
    @EnumSource(names = {"XHR", "JSONP"})
    void postsThatAreNoMessagesOrTooManyAreTheClientsFault(Polling transport) throws Exception {
        Poller client = hub.poller(transport, RunningHub.TOKEN);
        try (HubErrors errors = new HubErrors()) {
            for (String body :
                    new String[] {"[" + "\"\",".repeat(5000) + "\"\"]", "[{}]", "[null]", "[", "{}", "[]x"}) {
                assertThat(client.post(Polling.TEXT, body)).as("%.20s", body).isEqualTo(400);
                assertThat(client.post(Polling.FORM, "d=" + URLEncoder.encode(body, StandardCharsets.UTF_8)))
                        .as("%.20s", body)
                        .isEqualTo(400);
            }
            for (String body : new String[] {"d=%zz", "d=%5B%22%FF", "d=%5B%5D&d=%5B%5D", "e=%5B%5D", "d", "%"}) {
                assertThat(client.post(Polling.FORM, body)).as("%.20s", body).isEqualTo(400);
            }
            assertThat(client.post(Polling.TEXT, "x".repeat((1 << 20) + 1))).isEqualTo(413);
            assertThat(errors.texts()).isEmpty();
        }
        client.peer.call(HUB, "info", NOTHING);
    }

    @ParameterizedTest
    @EnumSource(names = {"XHR", "JSONP"})
    void aMessageOfHalfAMebibyteIsTaken(Polling transport) throws Exception {
        Poller client = hub.poller(transport, RunningHub.TOKEN);

        JsonObject answer = client.peer.ask(HUB, "info", new JsonObject().put("pad", "x".repeat(1 << 19)));

        assertThat(Peer.answer(answer).getString("role")).isEqualTo("admin");
    }

    @ParameterizedTest
    @EnumSource(names = {"XHR", "JSONP"})
    void whoAsksButNeverPollsIsCutOffByName(Polling transport) throws Exception {
        hub.close();
        hub = new RunningHub(
                directory, "flow.maxUnackedBytes=600000", "connection.maxUnflushedBytes=700000", "flow.stallSeconds=0");
        Poller deaf = hub.poller(transport, RunningHub.TOKEN);
        deaf.stayAway();
        JsonObject list = Peer.message(HUB, "list", NOTHING).put("replyAddress", "r".repeat(190));
        String posts = new JsonArray(Collections.nCopies(500, list.encode())).encode();

        Logger logger = (Logger) LoggerFactory.getLogger("io.termbus");
        ListAppender<ILoggingEvent> log = new ListAppender<>();
        log.start();
        logger.addAppender(log);
        Awaitility.await().until(() -> deaf.post(Polling.TEXT, posts) == GONE);
        logger.detachAppender(log);

        assertThat(List.copyOf(log.list))
                .extracting(ILoggingEvent::getFormattedMessage)
                .anyMatch(text -> text.endsWith("(connection.maxUnflushedBytes)"));
        assertThat(hub.admin().call(HUB, "info", NOTHING).getString("role")).isEqualTo("admin");
    }
}
