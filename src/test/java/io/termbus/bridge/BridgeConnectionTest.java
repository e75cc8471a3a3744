package io.termbus.bridge;

import static org.assertj.core.api.Assertions.assertThat;

import io.termbus.guard.FairShare;
import io.termbus.protocol.Addresses;
import io.termbus.protocol.Delivery;
import io.termbus.protocol.ErrorCode;
import io.termbus.protocol.FlowMessage;
import io.termbus.protocol.HubException;
import io.termbus.protocol.LocalCodec;
import io.termbus.protocol.Payload;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.eventbus.Message;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(30)
class BridgeConnectionTest {
    private static final JsonObject NONE = new JsonObject();

    private Vertx vertx;
    private FakeFlow flow;

    @BeforeEach
    void start() {
        vertx = Vertx.vertx();
        LocalCodec.register(vertx);
        flow = new FakeFlow(vertx);
    }

    @AfterEach
    void stop() throws Exception {
        vertx.close().toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS);
    }

    private TestClient connect(BridgeContext hub, Dialect dialect, String token) {
        return TestClient.connect(vertx, hub, dialect, Optional.of(token));
    }

    private TestClient tcp(String token) {
        return connect(new TestHub().context(), Dialect.TCP, token);
    }

    private TestClient stranger(BridgeContext hub) {
        return TestClient.connect(vertx, hub, Dialect.TCP, Optional.empty());
    }

    private static JsonObject session(String id) {
        return new JsonObject().put("session", id);
    }

    private static JsonObject subscriber(String id) {
        return new JsonObject().put("subscriber", id);
    }

    private static String attach(TestClient client, String session, String mode) {
        JsonObject answer =
                client.ask(Addresses.FLOW, "attach", session(session).put("mode", mode));
        assertThat(answer.getString("type")).as(answer.encode()).isNotEqualTo("err");
        return answer.getJsonObject("body").getString("subscriber");
    }

    private String listening(TestClient client, String session) throws Exception {
        String id = attach(client, session, "read");
        client.register(Addresses.out(id));
        assertThat(flow.told.poll(10, TimeUnit.SECONDS)).isEqualTo(new FlowMessage.Listening(id));
        return id;
    }

    private static void assertError(JsonObject frame, int code, String text) {
        assertThat(frame.getString("type")).as(frame.encode()).isEqualTo("err");
        assertThat(frame.getInteger("failureCode")).as(frame.encode()).isEqualTo(code);
        assertThat(frame.getString("message")).contains(text);
        assertThat(frame.getString("failureType")).isNotEmpty();
    }

    private static Delivery.Counted output(long seq, byte[] bytes) {
        return new Delivery.Counted(Delivery.Kind.OUTPUT, "s1", seq, 1000 + seq, 7, 80, 24, Payload.of(bytes));
    }

    private static Delivery.Notice disconnected() {
        return new Delivery.Notice(Delivery.Kind.DISCONNECTED, "s1", new JsonObject().put("reason", "kicked"));
    }

    @Test
    void pingIsAnsweredOverTcpOnly() {
        TestClient tcp = tcp("viewer");
        TestClient sockJs = connect(new TestHub().context(), Dialect.SOCKJS, "viewer");
        tcp.say(new JsonObject().put("type", "ping"));
        assertThat(tcp.next()).isEqualTo(new JsonObject().put("type", "pong"));
        sockJs.say(new JsonObject().put("type", "ping"));
        assertThat(sockJs.received).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{} | 'type'",
                "{\"type\":7} | 'type'",
                "{\"type\":\"dance\"} | dance",
                "{\"type\":\"send\"} | 'address'",
                "{\"type\":\"send\",\"address\":{}} | 'address'",
                "{\"type\":\"register\"} | 'address'",
                "{\"type\":\"send\",\"address\":\"termbus.hub\",\"headers\":[]} | 'headers'",
                "{\"type\":\"send\",\"address\":\"termbus.hub\",\"headers\":{\"action\":1}} | 'headers.action'",
                "{\"type\":\"send\",\"address\":\"termbus.hub\",\"replyAddress\":5} | 'replyAddress'",
                "{\"type\":\"send\",\"address\":\"termbus.hub\"} | 'action'",
            })
    void malformedMessageNamesItsFieldAndTheConnectionSurvives(String text, String named) {
        TestClient client = tcp("admin");
        client.raw(text);
        assertError(client.next(), 400, named);
        client.say(new JsonObject().put("type", "ping"));
        assertThat(client.next().getString("type")).isEqualTo("pong");
    }

    @ParameterizedTest
    @ValueSource(strings = {"no json", "[1]", "\"text\"", "null", "{\"a\":", "{} {}", ""})
    void garbageClosesTcpButNotSockJs(String text) throws Exception {
        TestClient tcp = tcp("admin");
        tcp.raw(text);
        assertError(tcp.next(), 400, "JSON object");
        tcp.closed.get(10, TimeUnit.SECONDS);
        tcp.say(new JsonObject().put("type", "ping"));
        assertThat(tcp.received).isEmpty();

        TestClient sockJs = connect(new TestHub().context(), Dialect.SOCKJS, "admin");
        sockJs.raw(text);
        assertError(sockJs.next(), 400, "JSON object");
        assertThat(sockJs.closed).isNotDone();
    }

    @Test
    void malformedRequestIsAnsweredAtItsReplyAddress() {
        TestClient client = tcp("admin");
        client.raw("{\"type\":\"send\",\"address\":\"termbus.hub\",\"headers\":3,\"replyAddress\":\"r\"}");
        assertThat(client.next().getString("address")).isEqualTo("r");
    }

    @ParameterizedTest
    @ValueSource(strings = {"termbus-connection", "TERMBUS-ROLE", "Termbus-x"})
    void reservedHeaderIsRefusedByName(String name) {
        TestClient client = tcp("viewer");
        JsonObject message = TestClient.message("send", Addresses.HUB, "list", NONE);
        message.getJsonObject("headers").put(name, "admin");
        client.say(message);
        assertError(client.next(), 403, name);
    }

    @Test
    void commandIsStampedWithWhoSendsIt() {
        vertx.eventBus()
                .<JsonObject>consumer(
                        Addresses.HUB,
                        message -> message.reply(new JsonObject()
                                .put("connection", message.headers().get("termbus-connection"))
                                .put("role", message.headers().get("termbus-role"))
                                .put("peer", message.headers().get("termbus-peer"))));
        TestClient client = tcp("operator");
        JsonObject stamps = client.ask(Addresses.HUB, "list", NONE).getJsonObject("body");
        assertThat(stamps.getString("connection")).isEqualTo(client.connection.id());
        assertThat(stamps.getString("role")).isEqualTo("operator");
        assertThat(stamps.getString("peer")).isEqualTo("test:1");
    }

    @Test
    void strangerMayPingAndLogInOnly() {
        TestClient client = stranger(new TestHub().context());
        assertError(client.ask(Addresses.HUB, "list", NONE), 401, "login");
        assertError(client.ask(Addresses.HUB, "info", NONE), 401, "login");
        client.register(Addresses.EVENTS);
        assertError(client.next(), 401, "login");
        client.unregister(Addresses.EVENTS);
        assertError(client.next(), 401, "login");
        client.say(new JsonObject().put("type", "ping"));
        assertThat(client.next().getString("type")).isEqualTo("pong");
        assertError(client.ask(Addresses.HUB, "login", new JsonObject().put("token", "wrong")), 401, "token");
        assertError(client.ask(Addresses.HUB, "login", new JsonObject().put("token", 7)), 400, "token");
        JsonObject info = client.ask(Addresses.HUB, "login", new JsonObject().put("token", "admin"))
                .getJsonObject("body");
        assertThat(info)
                .isEqualTo(new JsonObject()
                        .put("connection", client.connection.id())
                        .put("node", "node1")
                        .put("role", "admin")
                        .put("version", "1.2.3")
                        .put("protocol", 1)
                        .put("time", info.getLong("time")));
        JsonObject again = client.ask(Addresses.HUB, "info", NONE).getJsonObject("body");
        assertThat(again.getLong("time")).isGreaterThanOrEqualTo(info.getLong("time"));
        assertThat(again.put("time", info.getLong("time"))).isEqualTo(info);
    }

    @Test
    void wrongTokenAtConnectLeavesAStranger() {
        TestClient client = tcp("wrong");
        assertError(client.ask(Addresses.HUB, "info", NONE), 401, "login");
        assertThat(client.closed).isNotDone();
    }

    @Test
    void connectionWithoutLoginIsClosedInTime() throws Exception {
        TestClient client = stranger(new TestHub().login(Duration.ofMillis(20)).context());
        assertError(client.next(), 401, "connection.login");
        client.closed.get(10, TimeUnit.SECONDS);
    }

    @ParameterizedTest
    @CsvSource({
        "elsewhere, 403",
        "termbus.warnings, 403",
        "termbus.events, 403",
        "termbus.out.x, 403",
        "termbus.internal.flow.0, 403",
        "termbus.internal.connection.closed, 403",
        "termbus.session., 403",
    })
    void onlyCommandAddressesCanBeSentTo(String address, int code) {
        TestClient client = tcp("admin");
        JsonObject error = client.ask(address, "x", NONE);
        assertError(error, code, address);
        assertThat(error.getString("sourceAddress")).isEqualTo(address);
        client.say(TestClient.message("publish", address, "x", NONE));
        assertError(client.next(), code, address);
    }

    @Test
    void failureOfTheOwnerReachesTheClientAsIs() {
        vertx.eventBus()
                .<JsonObject>consumer(Addresses.session("s1"), message -> message.fail(410, "session has exited"));
        JsonObject error = tcp("admin").ask(Addresses.session("s1"), "info", NONE);
        assertError(error, 410, "session has exited");
        assertThat(error.getString("failureType")).isEqualTo("RECIPIENT_FAILURE");
        assertThat(error.getString("sourceAddress")).isEqualTo(Addresses.session("s1"));
    }

    @Test
    void missingSessionIsNotFound() {
        JsonObject error = tcp("admin").ask(Addresses.session("nope"), "info", NONE);
        assertError(error, 404, "nope");
        assertThat(error.getString("failureType")).isEqualTo("NO_HANDLERS");
    }

    @ParameterizedTest
    @EnumSource(Dialect.class)
    void replyKeepsItsKindOfBody(Dialect dialect) {
        vertx.eventBus().<JsonObject>consumer(Addresses.session("s1"), message -> {
            switch (message.body().getString("want")) {
                case "buffer" -> message.reply(Buffer.buffer(new byte[] {-1, -2, -3, -4}));
                case "object" -> message.reply(new JsonObject().put("a", 1));
                default -> message.reply(null);
            }
        });
        TestClient client = connect(new TestHub().context(), dialect, "admin");
        JsonObject buffer = client.ask(Addresses.session("s1"), "info", new JsonObject().put("want", "buffer"));
        assertThat(buffer.getValue("body")).isEqualTo("__79_A");
        assertThat(buffer.getString("type")).isEqualTo(dialect == Dialect.SOCKJS ? "rec" : "message");
        assertThat(buffer.getBoolean("send")).isEqualTo(dialect == Dialect.SOCKJS ? null : true);
        JsonObject object = client.ask(Addresses.session("s1"), "info", new JsonObject().put("want", "object"));
        assertThat(object.getJsonObject("body").getInteger("a")).isEqualTo(1);
        JsonObject nothing = client.ask(Addresses.session("s1"), "info", new JsonObject().put("want", "null"));
        assertThat(nothing.containsKey("body")).isTrue();
        assertThat(nothing.getValue("body")).isNull();
    }

    @ParameterizedTest
    @CsvSource({
        "viewer, create, 403", "operator, create, 403", "admin, create, 200",
        "viewer, killAll, 403", "operator, killAll, 403", "admin, killAll, 200",
        "viewer, list, 200", "viewer, dance, 404", "admin, dance, 404",
    })
    void hubActionsTakeRoles(String role, String action, int code) {
        vertx.eventBus().<JsonObject>consumer(Addresses.HUB, message -> message.reply(NONE));
        assertCode(tcp(role).ask(Addresses.HUB, action, NONE), code);
    }

    @ParameterizedTest
    @CsvSource({
        "viewer, info, 200", "viewer, snapshot, 200", "viewer, input, 403", "viewer, resize, 403",
        "viewer, signal, 403", "viewer, clear, 403", "viewer, rename, 403", "viewer, kill, 403",
        "operator, input, 200", "operator, resize, 200", "operator, signal, 200", "operator, clear, 200",
        "operator, rename, 200", "operator, kill, 403", "admin, kill, 200",
    })
    void sessionActionsTakeRoles(String role, String action, int code) {
        vertx.eventBus().<JsonObject>consumer(Addresses.session("s1"), message -> message.reply(NONE));
        assertCode(tcp(role).ask(Addresses.session("s1"), action, NONE), code);
    }

    private static void assertCode(JsonObject answer, int code) {
        assertThat(answer.getInteger("failureCode", 200)).as(answer.encode()).isEqualTo(code);
    }

    @Test
    void viewerAttachesToReadOnly() {
        TestClient client = tcp("viewer");
        assertError(client.ask(Addresses.FLOW, "attach", session("s1")), 403, "write");
        assertError(client.ask(Addresses.FLOW, "attach", session("s1").put("mode", "both")), 400, "mode");
        attach(client, "s1", "read");
    }

    @Test
    void whoOnlyWatchesASessionMayNotWriteToIt() {
        vertx.eventBus().<JsonObject>consumer(Addresses.session("s1"), message -> message.reply(NONE));
        TestClient client = tcp("admin");
        attach(client, "s1", "read");
        for (String action : new String[] {"input", "resize", "signal"}) {
            assertError(client.ask(Addresses.session("s1"), action, NONE), 403, "mode read");
        }
        attach(client, "s1", "write");
        assertCode(client.ask(Addresses.session("s1"), "input", NONE), 200);
    }

    @Test
    void attachGoesToTheOwnerOfTheSessionAndAckToTheOwnerOfTheSubscriber() throws Exception {
        TestClient client = tcp("admin");
        String id = attach(client, "s1", "read");
        Message<Object> attach = flow.commands.take();
        assertThat(attach.address()).isEqualTo(TestHub.SHARDS.addressOfSession("s1"));
        client.command(Addresses.FLOW, "ack", subscriber(id).put("seq", 1));
        Message<Object> ack = flow.commands.poll(10, TimeUnit.SECONDS);
        assertThat(ack.address())
                .isEqualTo(TestHub.SHARDS.addressOfSubscriber(id).orElseThrow());
        assertThat(ack.replyAddress()).isNull();
        assertThat(client.received).isEmpty();
    }

    @Test
    void attachWithoutReplyAddressIsRefused() {
        TestClient client = tcp("admin");
        client.command(Addresses.FLOW, "attach", session("s1"));
        assertError(client.next(), 400, "replyAddress");
    }

    @Test
    void othersSubscribersAreOutOfReach() {
        TestClient owner = tcp("admin");
        String id = attach(owner, "s1", "read");
        TestClient other = tcp("operator");
        other.register(Addresses.out(id));
        assertError(other.next(), 403, id);
        assertError(other.ask(Addresses.FLOW, "ack", subscriber(id)), 403, id);
        assertError(other.ask(Addresses.FLOW, "status", subscriber(id)), 403, id);
        assertError(other.ask(Addresses.FLOW, "detach", subscriber(id)), 403, id);
        TestClient admin = tcp("admin");
        assertError(admin.ask(Addresses.FLOW, "ack", subscriber(id)), 403, id);
        assertCode(admin.ask(Addresses.FLOW, "status", subscriber(id)), 200);
        assertCode(admin.ask(Addresses.FLOW, "detach", subscriber(id)), 200);
        assertError(admin.ask(Addresses.FLOW, "status", subscriber("zz9")), 404, "zz9");
        assertError(admin.ask(Addresses.FLOW, "status", NONE), 400, "subscriber");
    }

    @Test
    void idThatNoSubscriberCanHaveIsNotFound() {
        TestClient client = tcp("operator");
        for (String action : new String[] {"ack", "status", "detach"}) {
            assertError(client.ask(Addresses.FLOW, action, subscriber("nope")), 404, "nope");
        }
        client.register(Addresses.out("nope"));
        assertError(client.next(), 404, "nope");
    }

    @Test
    void connectionStepsUpByLoginButNeverDown() {
        TestClient client = tcp("viewer");
        assertCode(client.ask(Addresses.HUB, "login", new JsonObject().put("token", "admin")), 200);
        assertError(client.ask(Addresses.HUB, "login", new JsonObject().put("token", "viewer")), 409, "admin");
        assertThat(client.ask(Addresses.HUB, "info", NONE).getJsonObject("body").getString("role"))
                .isEqualTo("admin");
    }

    /** It would be work for nothing, and without a limit. */
    @Test
    void whatOnlyAnswersIsNotDoneForWhoWaitsForNoAnswer() throws Exception {
        List<String> asked = new CopyOnWriteArrayList<>();
        vertx.eventBus().<JsonObject>consumer(Addresses.HUB, message -> {
            asked.add(message.headers().get("action"));
            message.reply(NONE);
        });
        TestClient client = tcp("admin");
        client.say(TestClient.message("publish", Addresses.HUB, "list", NONE));
        client.ask(Addresses.HUB, "shares", NONE);
        assertThat(asked).containsExactly("shares");
    }

    @Test
    void publishedCommandIsDispatchedLikeOneWithoutReply() throws Exception {
        BlockingQueue<Message<JsonObject>> heard = new LinkedBlockingQueue<>();
        vertx.eventBus().<JsonObject>consumer(Addresses.session("s1"), heard::add);
        TestClient client = tcp("operator");
        client.say(TestClient.message("publish", Addresses.session("s1"), "input", new JsonObject().put("data", "x")));
        Message<JsonObject> message = heard.poll(10, TimeUnit.SECONDS);
        assertThat(message.headers().get("action")).isEqualTo("input");
        assertThat(message.replyAddress()).isNull();
        client.say(TestClient.message("publish", Addresses.session("s1"), "kill", NONE));
        assertError(client.next(), 403, "admin");
    }

    @Test
    void subscribersOfAConnectionAreLimited() {
        TestClient client = connect(new TestHub().subscribers(2).context(), Dialect.TCP, "admin");
        String first = attach(client, "s1", "read");
        client.say(TestClient.message("send", Addresses.FLOW, "attach", session(FakeFlow.SILENT))
                .put("replyAddress", "later"));
        JsonObject refused = client.ask(Addresses.FLOW, "attach", session("s1"));
        assertError(refused, 429, "connection.maxSubscribers");
        assertCode(client.ask(Addresses.FLOW, "detach", subscriber(first)), 200);
        attach(client, "s1", "read");
    }

    @Test
    void failedAttachDoesNotCount() {
        TestClient client = connect(new TestHub().subscribers(1).context(), Dialect.TCP, "admin");
        assertError(client.ask(Addresses.FLOW, "attach", session("missing")), 404, "missing");
        attach(client, "s1", "read");
    }

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "WEBSOCKET_FRAMES")
    void deliveryHasTheFormOfTheStockBridge(Dialect dialect) throws Exception {
        TestClient client = connect(new TestHub().context(), dialect, "admin");
        String id = listening(client, "s1");
        vertx.eventBus().send(Addresses.out(id), output(7, new byte[] {-1, -2, -3, -4}));
        JsonObject expected = new JsonObject()
                .put("type", dialect == Dialect.TCP ? "message" : "rec")
                .put("address", Addresses.out(id))
                .put(
                        "headers",
                        new JsonObject()
                                .put("session", "s1")
                                .put("kind", "output")
                                .put("seq", "7")
                                .put("offset", "1007")
                                .put("time", "7"))
                .put("body", "__79_A");
        if (dialect == Dialect.TCP) {
            expected.put("send", true);
        }
        assertThat(client.next()).isEqualTo(expected);
    }

    @Test
    void snapshotSaysItsSizeAndNoticesAreJson() throws Exception {
        TestClient client = tcp("viewer");
        String id = listening(client, "s1");
        vertx.eventBus()
                .send(
                        Addresses.out(id),
                        new Delivery.Counted(Delivery.Kind.SNAPSHOT, "s1", 1, 5, 7, 132, 43, Payload.ofText("x")));
        JsonObject headers = client.next().getJsonObject("headers");
        assertThat(headers.getString("cols")).isEqualTo("132");
        assertThat(headers.getString("rows")).isEqualTo("43");
        JsonObject size = new JsonObject().put("cols", 1).put("rows", 2);
        vertx.eventBus().send(Addresses.out(id), new Delivery.Notice(Delivery.Kind.RESIZE, "s1", size));
        JsonObject notice = client.next();
        assertThat(notice.getJsonObject("body")).isEqualTo(size);
        assertThat(notice.getJsonObject("headers"))
                .isEqualTo(new JsonObject().put("kind", "resize").put("session", "s1"));
    }

    @Test
    void addressesWithQuotesStayJson() {
        String head = new String(
                new FrameEncoder(Dialect.TCP, Envelope.NONE).head("a\"b\\\u0001", "ü"), StandardCharsets.UTF_8);
        JsonObject frame = new JsonObject(head + "}}");
        assertThat(frame.getString("address")).isEqualTo("a\"b\\\u0001");
        assertThat(frame.getJsonObject("headers").getString("session")).isEqualTo("ü");
    }

    @Test
    void registeringTwiceIsAConflictAndElsewhereAnError() throws Exception {
        TestClient client = tcp("admin");
        String id = listening(client, "s1");
        client.register(Addresses.out(id));
        JsonObject twice = client.next();
        assertError(twice, 409, id);
        assertThat(twice.getString("address")).isEqualTo(Addresses.out(id));
        client.register("elsewhere");
        assertError(client.next(), 403, "elsewhere");
        client.register(Addresses.HUB);
        assertError(client.next(), 403, Addresses.HUB);
        client.register(Addresses.CONNECTION_CLOSED);
        assertError(client.next(), 403, Addresses.CONNECTION_CLOSED);
        client.register(Addresses.out("00stranger"));
        assertError(client.next(), 403, "00stranger");
    }

    @Test
    void registeringIsAnsweredBeforeAnythingComesAndUnregisteringAfterIt() throws Exception {
        TestClient client = tcp("admin");
        String id = attach(client, "s1", "write");
        String address = Addresses.out(id);

        client.say(registration("register", address, "r1"));
        assertThat(client.next()).isEqualTo(answer("r1"));
        assertThat(flow.told.poll(10, TimeUnit.SECONDS)).isEqualTo(new FlowMessage.Listening(id));
        client.say(registration("register", address, "r2"));
        JsonObject twice = client.next();
        assertError(twice, 409, id);
        assertThat(twice.getString("address")).isEqualTo("r2");

        client.say(registration("unregister", address, "r3"));
        assertThat(client.next()).isEqualTo(answer("r3"));
        client.say(registration("unregister", address, "r4"));
        JsonObject unknown = client.next();
        assertError(unknown, 404, id);
        assertThat(unknown.getString("address")).isEqualTo("r4");
    }

    @Test
    void registeringAtATopicIsAnsweredToo() {
        TestClient admin = tcp("admin");

        admin.say(registration("register", Addresses.EVENTS, "r1"));
        assertThat(admin.next()).isEqualTo(answer("r1"));
        admin.say(registration("unregister", Addresses.EVENTS, "r2"));
        assertThat(admin.next()).isEqualTo(answer("r2"));
    }

    private static JsonObject registration(String type, String address, String replyAddress) {
        return new JsonObject().put("type", type).put("address", address).put("replyAddress", replyAddress);
    }

    private static JsonObject answer(String replyAddress) {
        return new JsonObject()
                .put("type", "message")
                .put("address", replyAddress)
                .put("headers", new JsonObject())
                .put("send", true)
                .put("body", new JsonObject());
    }

    @Test
    void topicsAreForAdmins() {
        TestClient operator = tcp("operator");
        operator.register(Addresses.WARNINGS);
        assertError(operator.next(), 403, "admin");
        TestClient admin = tcp("admin");
        admin.register(Addresses.WARNINGS);
        admin.run(() -> {});
        vertx.eventBus().publish(Addresses.WARNINGS, new JsonObject().put("level", "red"));
        JsonObject warning = admin.next();
        assertThat(warning.getJsonObject("body").getString("level")).isEqualTo("red");
        assertThat(warning.getBoolean("send")).isFalse();
    }

    @Test
    void unregisteringStopsDeliveriesAndTellsTheOwner() throws Exception {
        TestClient client = tcp("admin");
        String id = listening(client, "s1");
        client.unregister(Addresses.out(id));
        assertThat(flow.told.poll(10, TimeUnit.SECONDS)).isEqualTo(new FlowMessage.NotListening(id, 0, false));
        vertx.eventBus().send(Addresses.out(id), output(1, new byte[1]));
        client.unregister(Addresses.out(id));
        assertError(client.next(), 404, id);
        client.register(Addresses.out(id));
        assertThat(flow.told.poll(10, TimeUnit.SECONDS)).isEqualTo(new FlowMessage.Listening(id));
    }

    @Test
    void disconnectedSubscriberNoLongerCountsAndMayBeUnregistered() throws Exception {
        TestClient client = connect(new TestHub().subscribers(1).context(), Dialect.TCP, "admin");
        String id = listening(client, "s1");
        vertx.eventBus().send(Addresses.out(id), disconnected());
        assertThat(client.next().getJsonObject("headers").getString("kind")).isEqualTo("disconnected");
        client.unregister(Addresses.out(id));
        attach(client, "s1", "read");
        assertThat(client.received).isEmpty();
        client.register(Addresses.out(id));
        assertError(client.next(), 404, id);
    }

    @Test
    void closingLeavesNothingBehind() throws Exception {
        BridgeContext hub = new TestHub().context();
        TestClient client = connect(hub, Dialect.TCP, "admin");
        String id = listening(client, "s1");
        client.register(Addresses.EVENTS);
        assertThat(hub.slots().taken()).isEqualTo(1);
        client.run(client.connection::closed);
        client.run(client.connection::closed);
        assertThat(flow.closedConnections.poll(10, TimeUnit.SECONDS)).isEqualTo(client.connection.id());
        assertThat(flow.closedConnections).isEmpty();
        assertThat(hub.slots().taken()).isZero();
        Throwable nobody = vertx.eventBus()
                .request(Addresses.out(id), disconnected())
                .toCompletionStage()
                .toCompletableFuture()
                .handle((reply, failure) -> failure)
                .get(10, TimeUnit.SECONDS);
        assertThat(nobody).hasMessageContaining("No handlers");
    }

    @Test
    void connectionsAreLimitedByName() throws Exception {
        BridgeContext hub = new TestHub().connections(1).context();
        TestClient first = connect(hub, Dialect.TCP, "admin");
        TestClient second = connect(hub, Dialect.TCP, "admin");
        assertError(second.next(), 429, "connection.max");
        second.closed.get(10, TimeUnit.SECONDS);
        assertThat(hub.slots().taken()).isEqualTo(1);
        first.run(first.connection::closed);
        TestClient third = connect(hub, Dialect.TCP, "admin");
        assertCode(third.ask(Addresses.HUB, "info", NONE), 200);
    }

    private static JsonObject attached(int number) {
        return new JsonObject()
                .put("event", "subscriber.attached")
                .put("session", "s1")
                .put("subscriber", "a-subscriber-of-usual-length-" + number)
                .put("connection", "a-connection-of-usual-length");
    }

    @Test
    void aFloodOfGuestsIsCountedAndHidesNothingOfSessions() {
        TestClient admin = tcp("admin");
        admin.say(registration("register", Addresses.EVENTS, "r"));
        assertThat(admin.next().getString("address")).isEqualTo("r");
        for (int i = 0; i < 2000; i++) {
            vertx.eventBus().publish(Addresses.EVENTS, attached(i));
        }
        vertx.eventBus().publish(Addresses.EVENTS, new JsonObject().put("event", "session.exited"));

        int heard = 0;
        JsonObject body = admin.next().getJsonObject("body");
        while (body.getString("event").equals("subscriber.attached")) {
            heard++;
            body = admin.next().getJsonObject("body");
        }

        assertThat(heard).isBetween(100, 1500);
        assertThat(body.getString("event")).isEqualTo("session.exited");
        JsonObject skipped = admin.next();
        assertThat(skipped.getString("address")).isEqualTo(Addresses.EVENTS);
        assertThat(skipped.getJsonObject("body"))
                .isEqualTo(new JsonObject().put("event", "skipped").put("count", 2000 - heard));
        vertx.eventBus().publish(Addresses.EVENTS, attached(2000));
        assertThat(admin.next().getJsonObject("body")).isEqualTo(attached(2000));
    }

    @Test
    void aFloodOfWarningsIsCountedToo() {
        TestClient admin = tcp("admin");
        admin.say(registration("register", Addresses.WARNINGS, "r"));
        assertThat(admin.next().getString("address")).isEqualTo("r");
        for (int i = 0; i < 2000; i++) {
            vertx.eventBus().publish(Addresses.WARNINGS, session("s1").put("level", "yellow"));
        }

        long heard = 0;
        JsonObject body = admin.next().getJsonObject("body");
        while (!body.containsKey("event")) {
            heard++;
            body = admin.next().getJsonObject("body");
        }

        assertThat(body).isEqualTo(new JsonObject().put("event", "skipped").put("count", (int) (2000 - heard)));
        assertThat(heard).isGreaterThan(10);
    }

    @Test
    void deliveriesToAStuckClientAreNotEncoded() throws Exception {
        TestClient client = connect(new TestHub().unflushed(64 << 20).context(), Dialect.TCP, "admin");
        String id = listening(client, "s1");
        client.stopReading();
        long before = client.writtenBytes;
        byte[] chunk = new byte[64 * 1024];
        for (int i = 1; i <= 100; i++) {
            vertx.eventBus().send(Addresses.out(id), output(i, chunk));
        }
        JsonObject last = client.next();
        client.run(() -> {});
        assertThat(client.writtenBytes - before).isLessThanOrEqualTo(Outbox.IN_FLIGHT_BYTES + 90_000);
        client.readOn();
        for (int i = 2; i <= 100; i++) {
            last = client.next();
        }
        assertThat(last.getJsonObject("headers").getString("seq")).isEqualTo("100");
    }

    @Test
    void whereAllConnectionsHaveTooMuchTheOneWithTheMostIsClosed() throws Exception {
        BridgeContext hub = withPool(new TestHub().unflushed(64 << 20).context(), 2 << 20);
        TestClient stuck = connect(hub, Dialect.TCP, "admin");
        TestClient other = connect(hub, Dialect.TCP, "admin");
        String id = listening(stuck, "s1");
        stuck.stopReading();
        for (int i = 1; i <= 100; i++) {
            vertx.eventBus().send(Addresses.out(id), output(i, new byte[64 * 1024]));
        }

        stuck.closed.get(10, TimeUnit.SECONDS);
        assertCode(other.ask(Addresses.HUB, "info", NONE), 200);
        stuck.run(() -> {});
        assertThat(hub.unread().held()).isZero();
    }

    @Test
    void whatWentAtOnceOrWasReadLaterIsNotHeldAnyMore() throws Exception {
        BridgeContext hub = withPool(new TestHub().unflushed(64 << 20).context(), 64 << 20);
        TestClient client = connect(hub, Dialect.TCP, "admin");
        String id = listening(client, "s1");
        vertx.eventBus().send(Addresses.out(id), output(1, new byte[1024]));
        client.next();
        assertThat(hub.unread().held()).isZero();

        client.stopReading();
        for (int i = 2; i <= 100; i++) {
            vertx.eventBus().send(Addresses.out(id), output(i, new byte[64 * 1024]));
        }
        client.next();
        client.run(() -> assertThat(hub.unread().held()).isGreaterThan(5 << 20));
        client.readOn();
        for (int i = 3; i <= 100; i++) {
            client.next();
        }
        client.run(() -> assertThat(hub.unread().held()).isZero());
    }

    private static BridgeContext withPool(BridgeContext hub, long bytes) {
        return new BridgeContext(
                hub.node(),
                hub.version(),
                hub.config(),
                hub.shards(),
                hub.authenticator(),
                hub.slots(),
                hub.tls(),
                hub.addresses(),
                hub.httpSlots(),
                hub.crowd(),
                hub.admission(),
                new UnreadPool(bytes),
                hub.debts(),
                hub.longs(),
                hub.audit(),
                hub.embedding(),
                hub.connections(),
                hub.meters(),
                hub.number());
    }

    @Test
    void smallFramesThatHadToWaitShareWritesInOrder() throws Exception {
        TestClient client = tcp("admin");
        String id = listening(client, "s1");
        client.stopReading();
        vertx.eventBus().send(Addresses.out(id), output(1, new byte[256 * 1024]));
        client.next();
        for (int i = 2; i <= 200; i++) {
            vertx.eventBus().send(Addresses.out(id), output(i, new byte[20]));
        }
        vertx.eventBus().send(Addresses.out(id), disconnected());
        client.run(() -> {});
        int before = client.writes.get();
        client.readOn();
        for (int i = 2; i <= 200; i++) {
            assertThat(client.next().getJsonObject("headers").getString("seq")).isEqualTo(Integer.toString(i));
        }
        assertThat(client.next().getJsonObject("headers").getString("kind")).isEqualTo("disconnected");
        assertThat(client.writes.get() - before).isLessThan(20);
    }

    @Test
    void whatWaitsIsOvertakenByRepliesButForTheOneToDetach() throws Exception {
        TestClient client = tcp("admin");
        String id = listening(client, "s1");
        client.stopReading();
        vertx.eventBus().send(Addresses.out(id), output(1, new byte[256 * 1024]));
        client.next();
        vertx.eventBus().send(Addresses.out(id), output(2, new byte[20]));
        client.say(TestClient.message("send", Addresses.FLOW, "status", subscriber(id))
                .put("replyAddress", "the status"));
        client.say(TestClient.message("send", Addresses.FLOW, "detach", subscriber(id))
                .put("replyAddress", "the detach"));
        while (!flow.commands.take().headers().get("action").equals("detach")) {
            client.run(() -> {});
        }
        client.run(() -> {});
        client.readOn();

        assertThat(client.next().getString("address")).isEqualTo("the status");
        assertThat(client.next().getJsonObject("headers").getString("seq")).isEqualTo("2");
        assertThat(client.next().getString("address")).isEqualTo("the detach");
    }

    @Test
    void clientThatNeverReadsIsClosedByName() throws Exception {
        BridgeContext hub = new TestHub().unflushed(1 << 20).context();
        TestClient client = connect(hub, Dialect.TCP, "admin");
        String id = listening(client, "s1");
        client.stopReading();
        for (int i = 1; i <= 20; i++) {
            vertx.eventBus().send(Addresses.out(id), output(i, new byte[64 * 1024]));
        }
        client.closed.get(10, TimeUnit.SECONDS);
        assertThat(flow.closedConnections.poll(10, TimeUnit.SECONDS)).isEqualTo(client.connection.id());
        org.awaitility.Awaitility.await().until(() -> hub.slots().taken() == 0);
    }

    @Test
    void slowClientThatIsClosedLearnsWhy() throws Exception {
        TestClient client = connect(new TestHub().unflushed(1 << 20).context(), Dialect.TCP, "admin");
        String id = listening(client, "s1");
        client.stopReading();
        for (int i = 1; i <= 20; i++) {
            vertx.eventBus().send(Addresses.out(id), output(i, new byte[64 * 1024]));
        }
        assertThat(flow.closedConnections.poll(10, TimeUnit.SECONDS)).isNotNull();
        client.readOn();
        JsonObject frame = client.next();
        while (!frame.getString("type").equals("err")) {
            frame = client.next();
        }
        assertError(frame, 429, "connection.maxUnflushedBytes");
        client.closed.get(10, TimeUnit.SECONDS);
    }

    /** Handles as many inputs as the client sent in one go before {@code end}; returns how many are handled in all. */
    private int inputsHandled(TestClient client, int sent, Runnable end) throws Exception {
        AtomicInteger inputs = new AtomicInteger();
        client.run(() -> vertx.eventBus().consumer(Addresses.session("s1"), message -> inputs.incrementAndGet()));
        Buffer input = TestClient.message("send", Addresses.session("s1"), "input", new JsonObject().put("data", "x"))
                .toBuffer();
        client.run(() -> {
            for (int i = 0; i < sent; i++) {
                client.connection.received(input);
            }
            end.run();
        });
        assertThat(flow.closedConnections.poll(10, TimeUnit.SECONDS)).isEqualTo(client.connection.id());
        client.run(() -> {});
        return inputs.get();
    }

    @Test
    void whatThePeerSentBeforeItClosedIsDone() throws Exception {
        BridgeContext hub = new TestHub().context();
        TestClient client = connect(hub, Dialect.TCP, "operator");

        assertThat(inputsHandled(client, 1000, client.connection::closed)).isEqualTo(1000);
        org.awaitility.Awaitility.await().until(() -> hub.slots().taken() == 0);
    }

    @Test
    void whatWaitsWhenTheHubEndsTheConnectionIsDroppedEvenIfThePeerClosedBefore() throws Exception {
        // time stands still, or a slow machine's turn would have fewer messages
        TestClient client =
                TestClient.connect(vertx, new TestHub().context(), Dialect.TCP, Optional.of("operator"), () -> 1);
        HubException reason = new HubException(ErrorCode.NOT_LOGGED_IN, "the token was revoked");

        assertThat(inputsHandled(client, 1000, () -> {
                    client.connection.closed();
                    client.connection.end(reason);
                }))
                .isEqualTo(ReadBudget.TURN_MESSAGES);
        client.closed.get(10, TimeUnit.SECONDS);
    }

    @Test
    void bodyMustBeAnObject() {
        TestClient client = tcp("admin");
        client.say(TestClient.message("send", Addresses.HUB, "list", NONE)
                .put("body", new JsonArray().add(1))
                .put("replyAddress", "r"));
        assertError(client.next(), 400, "body");
    }

    @Test
    void whatLastsIsSmall() {
        TestClient client = tcp("admin");
        String session = Addresses.session("here0000");
        JsonObject padded = TestClient.message("send", session, "wait", NONE).put("replyAddress", "r");
        client.say(padded.copy().put("body", new JsonObject().put("pad", "x".repeat(Commands.MAX_LASTING_BYTES))));
        assertError(client.next(), 413, "65536 bytes");

        JsonObject headers = padded.getJsonObject("headers").copy().put("pad", "x".repeat(Commands.MAX_LASTING_BYTES));
        client.say(padded.copy().put("headers", headers));
        assertError(client.next(), 413, "65536 bytes");
    }

    @Test
    void pendingRequestsAreLimited() {
        vertx.eventBus().<JsonObject>consumer(Addresses.HUB, message -> {});
        TestClient client = tcp("admin");
        JsonObject message =
                TestClient.message("send", Addresses.HUB, "nodes", NONE).put("replyAddress", "r");
        client.run(() -> {
            for (int i = 0; i <= Commands.MAX_PENDING_REQUESTS; i++) {
                client.connection.received(message.toBuffer());
            }
        });
        assertError(client.next(), 429, "pending requests");
    }

    /** A session that answers with so many characters, once it may. */
    private final class Talker {
        final BlockingQueue<Message<JsonObject>> asked = new LinkedBlockingQueue<>();
        final AtomicInteger all = new AtomicInteger();

        Talker(String id) {
            vertx.eventBus().<JsonObject>consumer(Addresses.session(id), message -> {
                all.incrementAndGet();
                asked.add(message);
            });
        }

        void answer(int count, int chars) throws Exception {
            for (int i = 0; i < count; i++) {
                Message<JsonObject> next = asked.poll(10, TimeUnit.SECONDS);
                assertThat(next).isNotNull();
                next.reply(new JsonObject().put("data", "x".repeat(chars)));
            }
        }
    }

    private static void send(TestClient client, String action, int count) {
        Buffer message = TestClient.message("send", Addresses.session("s1"), action, new JsonObject())
                .put("replyAddress", "r")
                .toBuffer();
        client.run(() -> {
            for (int i = 0; i < count; i++) {
                client.connection.received(message);
            }
        });
    }

    @Test
    void aConnectionIsReadNoFurtherWhileItsLongAnswersAreUnderWay() throws Exception {
        BridgeContext hub = new TestHub().context();
        TestClient client = connect(hub, Dialect.TCP, "admin");
        Talker session = new Talker("s1");
        send(client, "info", 20);
        send(client, "rename", 1);
        org.awaitility.Awaitility.await().until(() -> session.all.get() == LongAnswers.MOST_OF_CONNECTION);
        client.run(() -> {});
        assertThat(hub.longs().underWay()).isEqualTo(LongAnswers.MOST_OF_CONNECTION);

        session.answer(20, 100_000);
        for (int i = 0; i < 20; i++) {
            assertThat(client.next().getJsonObject("body").getString("data")).hasSize(100_000);
        }
        session.answer(1, 1);
        assertThat(client.next().getJsonObject("body").getString("data")).hasSize(1);
        client.run(() -> {});
        assertThat(hub.longs().underWay()).isZero();
    }

    @Test
    void whoDoesNotReadHasNoMoreThanSoManyLongAnswersAndLosesNone() throws Exception {
        BridgeContext hub = withPool(new TestHub().unflushed(64 << 20).context(), 64 << 20);
        TestClient client = connect(hub, Dialect.TCP, "admin").stopReading();
        Talker session = new Talker("s1");
        send(client, "snapshot", 20);
        // one is written, and so in flight
        session.answer(1 + LongAnswers.MOST_OF_CONNECTION, 1 << 20);
        client.next();
        org.awaitility.Awaitility.await().until(() -> {
            client.run(() -> {});
            return hub.unread().held() > LongAnswers.MOST_OF_CONNECTION << 20;
        });
        assertThat(session.all).hasValue(1 + LongAnswers.MOST_OF_CONNECTION);
        assertThat(hub.unread().held()).isLessThan(10 << 20);

        client.readOn();
        session.answer(20 - 1 - LongAnswers.MOST_OF_CONNECTION, 1 << 20);
        for (int i = 1; i < 20; i++) {
            client.next();
        }
        client.run(() -> {});
        assertThat(hub.unread().held()).isZero();
        assertThat(hub.longs().underWay()).isZero();
    }

    @Test
    void whoIsGoneIsAskedAndWrittenNothingMoreFor() throws Exception {
        BridgeContext hub = new TestHub().context();
        TestClient client = connect(hub, Dialect.TCP, "admin");
        Talker session = new Talker("s1");
        send(client, "info", 20);
        send(client, "rename", 1);
        client.run(client.connection::closed);
        // what changes something is done all the same
        org.awaitility.Awaitility.await().until(() -> session.all.get() == 1 + LongAnswers.MOST_OF_CONNECTION);

        session.answer(1 + LongAnswers.MOST_OF_CONNECTION, 1 << 20);

        org.awaitility.Awaitility.await().until(() -> hub.longs().underWay() == 0);
        assertThat(hub.unread().held()).isZero();
        assertThat(hub.slots().taken()).isZero();
    }

    @Test
    void whoComesBackRestsFromWhatItDidBeforeAndOthersDoNot() throws Exception {
        BridgeContext hub = new TestHub().context();
        TestClient guest = TestClient.connect(vertx, hub, Dialect.TCP, Optional.of("operator"), () -> 1);
        assertThat(inputsHandled(guest, 100, guest.connection::closed)).isEqualTo(100);
        assertThat(hub.debts().of("operator@", 1)).isPositive();
        hub.debts().left("operator@", new Debts.Work(0, FairShare.MOST_REST_NANOS, 0), 1);
        AtomicInteger inputs = new AtomicInteger();
        vertx.eventBus().consumer(Addresses.session("s2"), message -> inputs.incrementAndGet());
        JsonObject input =
                TestClient.message("send", Addresses.session("s2"), "input", new JsonObject().put("data", "x"));

        TestClient back = TestClient.connect(vertx, hub, Dialect.TCP, Optional.empty(), () -> 1);
        assertCode(back.ask(Addresses.HUB, "login", new JsonObject().put("token", "operator")), 200);
        back.say(input);
        assertThat(inputs).hasValue(0);
        TestClient other = TestClient.connect(vertx, hub, Dialect.TCP, Optional.of("admin"), () -> 1);
        other.say(input);

        org.awaitility.Awaitility.await().until(() -> inputs.get() == 1);
        assertThat(hub.debts().of("operator@", 1)).isEqualTo(FairShare.MOST_REST_NANOS);
        org.awaitility.Awaitility.await().until(() -> inputs.get() == 2);
    }

    private static JsonObject piece(TestClient client, JsonObject body) {
        return client.ask(Addresses.session("s1"), "snapshot", body);
    }

    /** A session whose snapshot is that; tells what it was asked for. */
    private BlockingQueue<JsonObject> snapshotOf(String data) {
        BlockingQueue<JsonObject> asked = new LinkedBlockingQueue<>();
        vertx.eventBus().<JsonObject>consumer(Addresses.session("s1"), message -> {
            asked.add(message.body());
            message.reply(new JsonObject().put("offset", 7).put("data", data));
        });
        return asked;
    }

    @Test
    void aSnapshotComesInPiecesAsTheyAreAskedFor() throws Exception {
        BridgeContext hub = new TestHub().context();
        TestClient client = connect(hub, Dialect.TCP, "viewer");
        String all = "x".repeat(299) + "\ud83d\ude00" + "y".repeat(700);
        BlockingQueue<JsonObject> asked = snapshotOf(all);

        JsonObject first = piece(client, new JsonObject().put("piece", 300).put("scrollback", 9))
                .getJsonObject("body");
        assertThat(asked.take()).isEqualTo(new JsonObject().put("scrollback", 9));
        assertThat(first.getString("data")).isEqualTo("x".repeat(299));
        assertThat(first.getInteger("chars")).isEqualTo(1001);
        assertThat(first.getInteger("offset")).isEqualTo(7);
        assertThat(hub.unread().held()).isEqualTo(2 * 1001);
        JsonObject second = piece(client, new JsonObject().put("piece", 600).put("next", first.getString("next")))
                .getJsonObject("body");
        JsonObject third = piece(client, new JsonObject().put("next", second.getString("next")))
                .getJsonObject("body");

        assertThat(second.getString("data")).hasSize(600);
        assertThat(second.fieldNames()).containsExactlyInAnyOrder("data", "next");
        assertThat(first.getString("data") + second.getString("data") + third.getString("data"))
                .isEqualTo(all);
        assertThat(third.fieldNames()).containsExactly("data");
        client.run(() -> assertThat(hub.unread().held()).isZero());
        assertThat(asked).isEmpty();
    }

    @Test
    void theRestOfASnapshotIsThereOnceAndForItsOwnConnectionAndSession() {
        BridgeContext hub = new TestHub().context();
        TestClient client = connect(hub, Dialect.TCP, "viewer");
        snapshotOf("x".repeat(1000));
        String next = piece(client, new JsonObject().put("piece", 300))
                .getJsonObject("body")
                .getString("next");
        JsonObject wanted = new JsonObject().put("next", next);

        assertError(piece(connect(hub, Dialect.TCP, "admin"), wanted), 404, "no such rest of a snapshot");
        assertError(client.ask(Addresses.session("s2"), "snapshot", wanted), 404, "no such rest of a snapshot");
        assertCode(piece(client, wanted), 200);
        assertError(piece(client, wanted), 404, "no such rest of a snapshot");
        assertError(piece(client, new JsonObject().put("piece", 255)), 400, "piece");
        assertError(piece(client, new JsonObject().put("piece", 65_537)), 400, "piece");
    }

    @Test
    void aNewSnapshotTakesThePlaceOfTheRestOfAnotherAndTheEndOfTheConnectionToo() throws Exception {
        BridgeContext hub = new TestHub().context();
        TestClient client = connect(hub, Dialect.TCP, "viewer");
        snapshotOf("x".repeat(1000));
        String old = piece(client, new JsonObject().put("piece", 300))
                .getJsonObject("body")
                .getString("next");
        piece(client, new JsonObject().put("piece", 300));

        assertError(piece(client, new JsonObject().put("next", old)), 404, "no such rest of a snapshot");
        assertThat(hub.unread().held()).isEqualTo(2000);
        client.run(client.connection::closed);

        org.awaitility.Awaitility.await().until(() -> hub.unread().held() == 0);
    }
}
