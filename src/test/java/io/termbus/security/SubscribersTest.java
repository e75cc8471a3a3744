package io.termbus.security;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.termbus.audit.Audit;
import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.slf4j.LoggerFactory;

/** Who may see who watches, and who may end whose subscription. */
@Timeout(120)
class SubscribersTest {
    private static final String HUB = "termbus.hub";
    private static final String FLOW = "termbus.flow";
    private static final JsonObject NOTHING = new JsonObject();

    @TempDir
    Path directory;

    private RunningHub hub;
    private Peer admin;
    private String session;
    private String other;

    @BeforeEach
    void start() throws Exception {
        hub = new RunningHub(directory);
        admin = hub.admin();
        session = admin.create("cat");
        other = admin.create("cat");
    }

    @AfterEach
    void stop() throws Exception {
        hub.close();
    }

    private Peer guest(Bridge bridge, String role) throws Exception {
        return hub.login(bridge, token(role, new JsonObject().put("session", session)));
    }

    private Peer guestOfAll(String role) throws Exception {
        return hub.login(Bridge.WEBSOCKET, token(role, new JsonObject()));
    }

    private String token(String role, JsonObject share) throws Exception {
        return admin.call(HUB, "share", share.put("role", role)).getString("token");
    }

    private static JsonObject of(String id) {
        return new JsonObject().put("session", id);
    }

    private static JsonObject named(String subscriber) {
        return new JsonObject().put("subscriber", subscriber);
    }

    private static Map<String, JsonObject> bySubscriber(JsonObject answer) {
        return answer.getJsonArray("subscribers").stream()
                .map(JsonObject.class::cast)
                .collect(Collectors.toMap(each -> each.getString("subscriber"), each -> each));
    }

    @ParameterizedTest
    @EnumSource
    void whoMayReadASessionSeesWhoWatchesItButNotFromWhere(Bridge bridge) throws Exception {
        Peer viewer = guest(bridge, "viewer");
        String own = viewer.attach(session, "read");
        String others = admin.attach(session, "write");
        admin.attach(other, "read");

        Map<String, JsonObject> seen = bySubscriber(viewer.call(FLOW, "subscribers", of(session)));

        assertThat(seen).containsOnlyKeys(own, others);
        assertThat(seen.get(own).getString("role")).isEqualTo("viewer");
        assertThat(seen.get(own).getString("user")).startsWith("share:");
        assertThat(seen.get(own).getString("transport")).isEqualTo(bridge == Bridge.TCP ? "tcp" : "websocket");
        assertThat(seen.get(others).getString("user")).isEqualTo("admin");
        assertThat(seen.get(others).getString("mode")).isEqualTo("write");
        assertThat(Instant.parse(seen.get(others).getString("attachedAt"))).isBefore(Instant.now());
        assertThat(seen.values())
                .allSatisfy(each -> assertThat(each.fieldNames())
                        .contains(
                                "session",
                                "node",
                                "lag",
                                "zone",
                                "unackedDeliveries",
                                "unackedBytes",
                                "lagBytes",
                                "lagMs",
                                "delivered",
                                "deliveredBytes",
                                "skippedBytes")
                        .doesNotContain("peer"));
    }

    @Test
    void anAdministratorSeesEverySubscriberOfTheHubAndItsPeer() throws Exception {
        String here = admin.attach(session, "write");
        String there = guestOfAll("operator").attach(other, "write");

        JsonObject answer = admin.call(FLOW, "subscribers", NOTHING);

        assertThat(answer.getLong("total")).isEqualTo(2);
        assertThat(bySubscriber(answer)).containsOnlyKeys(here, there);
        assertThat(bySubscriber(answer).get(there).getString("session")).isEqualTo(other);
        assertThat(bySubscriber(answer).get(there).getString("peer")).startsWith("127.0.0.1:");
        assertThat(bySubscriber(answer).get(there).getString("node"))
                .isEqualTo(admin.call(HUB, "info", NOTHING).getString("node"));
    }

    @ParameterizedTest
    @EnumSource
    void onlyAdministratorsOfTheWholeHubListAllOfIt(Bridge bridge) throws Exception {
        assertThat(guest(bridge, "viewer").refusal(FLOW, "subscribers", NOTHING))
                .isEqualTo(403);
        assertThat(guest(bridge, "admin").refusal(FLOW, "subscribers", NOTHING)).isEqualTo(403);
        assertThat(guestOfAll("operator").refusal(FLOW, "subscribers", NOTHING)).isEqualTo(403);
        assertThat(guestOfAll("viewer").refusal(FLOW, "subscribers", new JsonObject().putNull("session")))
                .isEqualTo(403);
        assertThat(hub.connect(bridge).refusal(FLOW, "subscribers", NOTHING)).isEqualTo(401);
        assertThat(guestOfAll("admin").call(FLOW, "subscribers", NOTHING).getLong("total"))
                .isZero();
    }

    @Test
    void aSessionThatIsNotThereOrOutOfReachHasNoSubscribers() throws Exception {
        assertThat(admin.refusal(FLOW, "subscribers", of("absent"))).isEqualTo(404);
        assertThat(guest(Bridge.TCP, "admin").refusal(FLOW, "subscribers", of(other)))
                .isEqualTo(404);
    }

    @Test
    void wrongTypesAreNamed() throws Exception {
        JsonObject frame = admin.ask(FLOW, "subscribers", new JsonObject().put("session", 7));
        assertThat(frame.getInteger("failureCode")).isEqualTo(400);
        assertThat(frame.getString("message")).contains("'session'");
        assertThat(admin.refusal(FLOW, "disconnect", NOTHING)).isEqualTo(400);
        assertThat(admin.refusal(FLOW, "disconnect", new JsonObject().put("subscriber", true)))
                .isEqualTo(400);
        assertThat(admin.refusal(FLOW, "disconnect", named(""))).isEqualTo(404);
        assertThat(admin.refusal(FLOW, "disconnect", named("zz-no-such-shard"))).isEqualTo(404);
        assertThat(admin.refusal(FLOW, "disconnect", named("00-no-such-subscriber")))
                .isEqualTo(404);
        assertThat(admin.refusal(FLOW, "disconnect", named("x".repeat(101)))).isEqualTo(400);
    }

    @ParameterizedTest
    @EnumSource
    void whoIsDisconnectedIsToldAndKeepsTheConnection(Bridge bridge) throws Exception {
        Peer viewer = guest(bridge, "viewer");
        String subscriber = viewer.attach(session, "read");
        viewer.delivery("snapshot");

        assertThat(guest(bridge, "operator").call(FLOW, "disconnect", named(subscriber)))
                .isEqualTo(NOTHING);

        assertThat(viewer.delivery("disconnected").getJsonObject("body").getString("reason"))
                .isEqualTo("kicked");
        assertThat(viewer.call(HUB, "info", NOTHING).getString("role")).isEqualTo("viewer");
        assertThat(bySubscriber(admin.call(FLOW, "subscribers", of(session)))).isEmpty();
        viewer.attach(session, "read");
        viewer.delivery("snapshot");
    }

    @ParameterizedTest
    @EnumSource
    void whoIsDisconnectedBeforeItListensIsToldWhenItDoes(Bridge bridge) throws Exception {
        Peer viewer = guest(bridge, "viewer");
        JsonObject attached = viewer.call(FLOW, "attach", of(session).put("mode", "read"));

        admin.call(FLOW, "disconnect", named(attached.getString("subscriber")));
        viewer.say(new JsonObject().put("type", "register").put("address", attached.getString("address")));

        JsonObject told = viewer.delivery("disconnected");
        assertThat(told.getJsonObject("body").getString("reason")).isEqualTo("kicked");
        assertThat(told.getJsonObject("headers").getString("session")).isEqualTo(session);
    }

    @Test
    void viewersAndOperatorsOfOtherSessionsDisconnectNobody() throws Exception {
        String here = admin.attach(session, "write");
        String there = admin.attach(other, "write");
        Peer viewer = guest(Bridge.TCP, "viewer");
        String own = viewer.attach(session, "read");

        assertThat(viewer.refusal(FLOW, "disconnect", named(here))).isEqualTo(403);
        assertThat(viewer.refusal(FLOW, "disconnect", named(own))).isEqualTo(403);
        for (String role : new String[] {"operator", "admin"}) {
            assertThat(guest(Bridge.WEBSOCKET, role).refusal(FLOW, "disconnect", named(there)))
                    .as(role)
                    .isEqualTo(404);
        }
        assertThat(bySubscriber(admin.call(FLOW, "subscribers", NOTHING))).containsOnlyKeys(here, there, own);
        guestOfAll("operator").call(FLOW, "disconnect", named(there));
        assertThat(bySubscriber(admin.call(FLOW, "subscribers", NOTHING))).containsOnlyKeys(here, own);
    }

    @Test
    void aSubscriberThatIsGoneCannotBeDisconnectedAndTwoWhoTryAtOnceDoItOnce() throws Exception {
        Peer viewer = guest(Bridge.TCP, "viewer");
        String detached = viewer.attach(session, "read");
        viewer.call(FLOW, "detach", named(detached));
        assertThat(admin.refusal(FLOW, "disconnect", named(detached))).isEqualTo(404);

        String closed = viewer.attach(session, "read");
        viewer.close();
        viewer.awaitClosed();
        Awaitility.await()
                .until(() -> admin.call(FLOW, "subscribers", of(session))
                        .getJsonArray("subscribers")
                        .isEmpty());
        assertThat(admin.refusal(FLOW, "disconnect", named(closed))).isEqualTo(404);

        String contested = admin.attach(session, "read");
        Peer second = hub.admin();
        admin.say(Peer.message(FLOW, "disconnect", named(contested)).put("replyAddress", "first"));
        second.say(Peer.message(FLOW, "disconnect", named(contested)).put("replyAddress", "second"));
        List<Integer> codes = List.of(
                code(admin.next(frame -> "first".equals(frame.getString("address")))),
                code(second.next(frame -> "second".equals(frame.getString("address")))));
        assertThat(codes).containsExactlyInAnyOrder(0, 404);
    }

    private static int code(JsonObject frame) {
        return frame.getInteger("failureCode", 0);
    }

    @Test
    void lagIsToldInMilliseconds() throws Exception {
        String subscriber = admin.attach(session, "write");
        JsonObject snapshot = admin.delivery("snapshot");
        admin.call("termbus.session." + session, "input", new JsonObject().put("data", "hello\n"));
        JsonObject output = admin.delivery("output");

        Awaitility.await()
                .until(() -> admin.call(FLOW, "status", named(subscriber)).getLong("lagMs") >= 20);
        assertThat(admin.call(FLOW, "subscribers", of(session))
                        .getJsonArray("subscribers")
                        .getJsonObject(0)
                        .getLong("lagMs"))
                .isGreaterThanOrEqualTo(20);

        assertThat(snapshot.getJsonObject("headers").getString("seq")).isEqualTo("1");
        assertThat(output.getJsonObject("headers").getString("seq")).isEqualTo("2");
        Awaitility.await().until(() -> {
            admin.call(FLOW, "ack", named(subscriber).put("seq", Long.MAX_VALUE));
            return admin.call(FLOW, "status", named(subscriber)).getLong("lagMs") == 0;
        });
    }

    @Test
    void disconnectionsAreInTheAuditLogWithWhoDidIt() throws Exception {
        Logger logger = (Logger) LoggerFactory.getLogger(Audit.LOGGER);
        ListAppender<ILoggingEvent> lines = new ListAppender<>();
        lines.start();
        logger.addAppender(lines);
        try {
            String subscriber = admin.attach(session, "read");
            guest(Bridge.TCP, "viewer").refusal(FLOW, "disconnect", named(subscriber));
            guest(Bridge.TCP, "operator").call(FLOW, "disconnect", named(subscriber));
            Awaitility.await().until(() -> events(lines).size() == 3);

            assertThat(events(lines))
                    .allSatisfy(line -> assertThat(line.getString("subscriber")).isEqualTo(subscriber));
            assertThat(events(lines))
                    .extracting(line -> line.getString("role"))
                    .containsExactlyInAnyOrder("viewer", "operator", null);
            assertThat(events(lines))
                    .extracting(line -> line.getString("outcome"))
                    .contains("ok", "kicked");
        } finally {
            logger.detachAppender(lines);
        }
    }

    private static List<JsonObject> events(ListAppender<ILoggingEvent> lines) {
        return List.copyOf(lines.list).stream()
                .map(each -> new JsonObject(each.getFormattedMessage()))
                .filter(each -> each.getString("event").equals("disconnect"))
                .toList();
    }
}
