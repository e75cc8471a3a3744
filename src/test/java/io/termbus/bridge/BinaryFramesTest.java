package io.termbus.bridge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.termbus.protocol.Addresses;
import io.termbus.protocol.Delivery;
import io.termbus.protocol.FlowMessage;
import io.termbus.protocol.HubException;
import io.termbus.protocol.LocalCodec;
import io.termbus.protocol.Payload;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.eventbus.Message;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class BinaryFramesTest {
    private static final int FUZZED_FRAMES = 20_000;
    private static final HexFormat HEX = HexFormat.of();

    private Vertx vertx;
    private FakeFlow flow;
    private final BlockingQueue<Message<Object>> typed = new LinkedBlockingQueue<>();

    @BeforeEach
    void start() {
        vertx = Vertx.vertx();
        LocalCodec.register(vertx);
        flow = new FakeFlow(vertx);
        vertx.eventBus().<Object>consumer(Addresses.session("s1"), typed::add);
    }

    @AfterEach
    void stop() throws Exception {
        vertx.close().toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS);
    }

    private TestClient connect(Dialect dialect) {
        return TestClient.connect(vertx, new TestHub().context(), dialect, Optional.empty());
    }

    private static JsonObject login(TestClient client, String role, Object frames) {
        return client.ask(
                Addresses.HUB, "login", new JsonObject().put("token", role).put("frames", frames));
    }

    private TestClient binary(String role) {
        TestClient client = connect(Dialect.TCP);
        assertThat(login(client, role, "binary").getJsonObject("body").getString("frames"))
                .isEqualTo("binary");
        return client;
    }

    private JsonObject attach(TestClient client, String mode) throws Exception {
        JsonObject attached = client.ask(
                        Addresses.FLOW,
                        "attach",
                        new JsonObject().put("session", "s1").put("mode", mode))
                .getJsonObject("body");
        flow.commands.take();
        client.register(attached.getString("address"));
        assertThat(flow.told.take()).isEqualTo(new FlowMessage.Listening(attached.getString("subscriber")));
        return attached;
    }

    private void deliver(JsonObject attached, Delivery delivery) {
        vertx.eventBus().send(attached.getString("address"), delivery);
    }

    private static String nextHex(TestClient client) throws Exception {
        return HEX.formatHex(client.binary.poll(10, TimeUnit.SECONDS).getBytes());
    }

    private static Buffer hex(String text) {
        return Buffer.buffer(HEX.parseHex(text.replace(" ", "")));
    }

    @Test
    void outputAndSnapshotAreWrittenAsTheProtocolShows() throws Exception {
        TestClient client = binary("viewer");
        JsonObject attached = attach(client, "read");
        assertThat(attached.getInteger("channel")).isEqualTo(1);
        deliver(
                attached,
                new Delivery.Counted(Delivery.Kind.SNAPSHOT, "s1", 1, 258, 7, 80, 24, Payload.ofText("\033[H")));
        deliver(attached, new Delivery.Counted(Delivery.Kind.OUTPUT, "s1", 2, 263, 7, 0, 0, Payload.ofText("hällo")));
        assertThat(nextHex(client))
                .isEqualTo("02" + "00000001" + "0000000000000001" + "0000000000000102" + "0050" + "0018" + "1b5b48");
        assertThat(nextHex(client))
                .isEqualTo("01" + "00000001" + "0000000000000002" + "0000000000000107"
                        + HEX.formatHex("hällo".getBytes(StandardCharsets.UTF_8)));
        assertThat(client.received).isEmpty();
    }

    @Test
    void noticesStayJsonAndKeepTheirPlace() throws Exception {
        TestClient client = binary("viewer");
        JsonObject attached = attach(client, "read");
        deliver(attached, new Delivery.Notice(Delivery.Kind.EXIT, "s1", new JsonObject().put("code", 3)));
        JsonObject exit = client.next();
        assertThat(exit.getString("address")).isEqualTo(attached.getString("address"));
        assertThat(exit.getJsonObject("body").getInteger("code")).isEqualTo(3);
    }

    @Test
    void whoDidNotAskGetsJsonAndSoDoSubscribersFromBefore() throws Exception {
        TestClient client = connect(Dialect.TCP);
        assertThat(login(client, "viewer", null).getJsonObject("body").fieldNames())
                .doesNotContain("frames");
        JsonObject before = attach(client, "read");
        assertThat(before.fieldNames()).doesNotContain("channel");
        login(client, "viewer", "binary");
        JsonObject after = attach(client, "read");
        assertThat(after.getInteger("channel")).isEqualTo(1);
        deliver(before, new Delivery.Counted(Delivery.Kind.OUTPUT, "s1", 1, 1, 7, 0, 0, Payload.ofText("x")));
        deliver(after, new Delivery.Counted(Delivery.Kind.OUTPUT, "s1", 1, 1, 7, 0, 0, Payload.ofText("x")));
        assertThat(client.next().getString("body")).isEqualTo("eA");
        assertThat(nextHex(client)).endsWith("0000000000000001" + "78");
    }

    @ParameterizedTest
    @ValueSource(strings = {"\"bson\"", "\"\"", "7", "true", "[\"binary\"]"})
    void unknownFramesAreRefusedByName(String frames) {
        Object value = new JsonObject("{\"frames\":" + frames + "}").getValue("frames");
        JsonObject error = login(connect(Dialect.TCP), "viewer", value);
        assertThat(error.getInteger("failureCode")).isEqualTo(400);
        assertThat(error.getString("message")).contains("'frames'");
    }

    @Test
    void sockJsHasNoBinaryFrames() {
        JsonObject error = login(connect(Dialect.SOCKJS), "viewer", "binary");
        assertThat(error.getInteger("failureCode")).isEqualTo(400);
        assertThat(error.getString("message")).contains("'frames'");
        assertThat(login(connect(Dialect.SOCKJS), "viewer", "json").getString("type"))
                .isEqualTo("rec");
    }

    @Test
    void aWebSocketThatAskedForFramesHasThemAlsoWithoutALogin() throws Exception {
        TestClient client =
                TestClient.connect(vertx, new TestHub().context(), Dialect.WEBSOCKET_FRAMES, Optional.of("operator"));
        JsonObject attached = attach(client, "write");
        assertThat(attached.getInteger("channel")).isEqualTo(1);
        deliver(attached, new Delivery.Counted(Delivery.Kind.OUTPUT, "s1", 1, 1, 7, 0, 0, Payload.ofText("x")));
        assertThat(nextHex(client)).isEqualTo("01" + "00000001" + "0000000000000001" + "0000000000000001" + "78");
        client.raw(hex("04 00000001 6c730d"));
        assertThat(typed.take().body()).isEqualTo(new JsonObject().put("base64", "bHMN"));
        client.raw("{\"type\":\"ping\"}");
        assertThat(client.next()).isEqualTo(new JsonObject().put("type", "pong"));
    }

    @Test
    void aLoginOverAWebSocketWithFramesMayTurnThemOff() throws Exception {
        TestClient client = connect(Dialect.WEBSOCKET_FRAMES);
        assertThat(login(client, "viewer", null).getJsonObject("body").getString("frames"))
                .isEqualTo("binary");
        assertThat(login(client, "viewer", "json").getJsonObject("body").fieldNames())
                .doesNotContain("frames");
        assertThat(attach(client, "read").fieldNames()).doesNotContain("channel");
    }

    /** Before login too. */
    @ParameterizedTest
    @ValueSource(strings = {"", "03", "04 00000001", "05 00000001 00", "00", "ff ff", "22 22", "5b 5d"})
    void garbageOverAWebSocketWithFramesGetsOneErrorAndTheEnd(String frame) {
        TestClient client = connect(Dialect.WEBSOCKET_FRAMES);
        client.raw(hex(frame));
        assertThat(client.next().getInteger("failureCode")).isEqualTo(400);
        assertThat(client.closed).succeedsWithin(10, TimeUnit.SECONDS);
        assertThat(client.received).isEmpty();
    }

    @Test
    void wrongTokenDoesNotTurnBinaryFramesOn() {
        TestClient client = connect(Dialect.TCP);
        assertThat(login(client, "wrong", "binary").getInteger("failureCode")).isEqualTo(401);
        client.raw(hex("03 00000001 0000000000000001"));
        assertThat(client.next().getInteger("failureCode")).isEqualTo(400);
        assertThat(client.closed).succeedsWithin(10, TimeUnit.SECONDS);
    }

    @Test
    void binaryAckIsTheAckOfTheSubscriber() throws Exception {
        TestClient client = binary("viewer");
        JsonObject attached = attach(client, "read");
        client.raw(hex("03 00000001 0000000000000011"));
        Message<Object> ack = flow.commands.take();
        assertThat(ack.headers().get("action")).isEqualTo("ack");
        assertThat(ack.body())
                .isEqualTo(new JsonObject()
                        .put("subscriber", attached.getString("subscriber"))
                        .put("seq", 17L));
    }

    @Test
    void binaryInputIsTheInputOfTheSession() throws Exception {
        TestClient client = binary("operator");
        attach(client, "write");
        client.raw(hex("04 00000001 6c730d"));
        Message<Object> input = typed.take();
        assertThat(input.headers().get("action")).isEqualTo("input");
        assertThat(input.headers().get("termbus-role")).isEqualTo("operator");
        assertThat(input.body()).isEqualTo(new JsonObject().put("base64", "bHMN"));
    }

    @Test
    void rolesAndModesHoldForBinaryInput() throws Exception {
        TestClient viewer = binary("viewer");
        attach(viewer, "read");
        viewer.raw(hex("04 00000001 78"));
        JsonObject error = viewer.next();
        assertThat(error.getInteger("failureCode")).isEqualTo(403);
        assertThat(typed).isEmpty();
    }

    @Test
    void unknownChannelIsNotFoundAndAGoneOneIsPassedOver() throws Exception {
        TestClient client = binary("operator");
        JsonObject attached = attach(client, "write");
        client.raw(hex("04 00000002 78"));
        JsonObject error = client.next();
        assertThat(error.getInteger("failureCode")).isEqualTo(404);
        assertThat(error.getString("message")).contains("channel 2");
        client.raw(hex("03 ffffffff 0000000000000001"));
        assertThat(client.next().getString("message")).contains("channel 4294967295");
        client.ask(Addresses.FLOW, "detach", new JsonObject().put("subscriber", attached.getString("subscriber")));
        client.raw(hex("03 00000001 0000000000000001"));
        client.raw(hex("04 00000001 78"));
        client.say(new JsonObject().put("type", "ping"));
        assertThat(client.next().getString("type")).isEqualTo("pong");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "00",
                "01 00000001 0000000000000001 0000000000000001",
                "03",
                "03 00000001",
                "03 00000001 00000000000001",
                "03 00000001 000000000000000100",
                "03 00000001 8000000000000000",
                "04",
                "04 000001",
                "04 00000001",
                "05 00000001 00",
                "08",
                "80",
                "ff ff",
                "61"
            })
    void malformedFramesGetOneErrorAndTheEnd(String frame) throws Exception {
        TestClient client = binary("operator");
        attach(client, "write");
        client.raw(hex(frame));
        assertThat(client.next().getInteger("failureCode")).isEqualTo(400);
        assertThat(client.closed).succeedsWithin(10, TimeUnit.SECONDS);
        assertThat(client.received).isEmpty();
    }

    /** Whatever the bytes: an ack, input, or a refusal that says what would have been right. */
    @Test
    void randomFramesAreTakenOrRefused() {
        long seed = Long.getLong("termbus.fuzz.seed", System.nanoTime());
        Random random = new Random(seed);
        for (int i = 0; i < FUZZED_FRAMES; i++) {
            byte[] bytes = new byte[1 + random.nextInt(24)];
            random.nextBytes(bytes);
            bytes[0] = (byte) random.nextInt(9);
            Buffer frame = Buffer.buffer(bytes);
            assertThat(BinaryFrames.isBinary(frame)).isTrue();
            boolean ack = bytes[0] == BinaryFrames.ACK && bytes.length == 13 && frame.getLong(5) >= 0;
            boolean input = bytes[0] == BinaryFrames.INPUT && bytes.length > 5;
            if (ack || input) {
                assertThat(BinaryFrames.parse(frame).channel()).isEqualTo(frame.getInt(1));
            } else {
                assertThatThrownBy(() -> BinaryFrames.parse(frame))
                        .as("seed %d, frame %s", seed, HEX.formatHex(bytes))
                        .isInstanceOf(HubException.class)
                        .hasMessageContaining("binary frame");
            }
        }
    }
}
