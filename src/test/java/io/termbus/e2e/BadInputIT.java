package io.termbus.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What a client may get wrong, on purpose or not. After each attack another client's echo still works. */
@Timeout(60)
class BadInputIT {
    private static final int MAX_FRAME = 1 << 20;
    private static final String ASK = "\"replyAddress\":\"answer\"";

    @TempDir
    static Path directory;

    private static HubProcess hub;
    private static TcpClient bystander;
    private static Subscription echo;
    private static String session;
    private static int echoes;

    @BeforeAll
    static void start() throws Exception {
        hub = HubProcess.start(directory);
        bystander = TcpClient.connect(hub);
        session = bystander.shell("stty -echo; echo on; exec cat");
        echo = bystander.attach(session, new JsonObject());
        echo.untilText("on");
    }

    @AfterAll
    static void stop() throws Exception {
        bystander.close();
        hub.close();
    }

    @AfterEach
    void anotherClientsEchoStillWorks() throws Exception {
        String word = "echo " + ++echoes;
        bystander.input(session, word + "\n");
        echo.untilText(word);
        assertThat(hub.log()).doesNotContain("Exception").doesNotContain(" ERROR ");
    }

    static Stream<Arguments> streamsThatAreCutOff() {
        return Stream.of(
                arguments("zero length", Buffer.buffer().appendInt(0), 400),
                arguments("negative length", Buffer.buffer().appendInt(-1), 400),
                arguments("smallest length", Buffer.buffer().appendInt(Integer.MIN_VALUE), 400),
                arguments("a byte too long", Buffer.buffer().appendInt(MAX_FRAME + 1), 413),
                arguments("2 GiB announced", Buffer.buffer().appendInt(Integer.MAX_VALUE), 413),
                arguments("a number", framed("5"), 400),
                arguments("null", framed("null"), 400),
                arguments("an array", framed("[{}]"), 400),
                arguments("cut off object", framed("{\"type\":"), 400),
                arguments("two objects", framed("{}{}"), 400),
                arguments("not a number", framed("{\"type\":NaN}"), 400),
                arguments("a number of 100000 digits", framed("{\"a\":" + "9".repeat(100_000) + "}"), 400),
                arguments("deep arrays", framed("[".repeat(100_000)), 400),
                arguments("deep objects", framed("{\"a\":".repeat(100_000) + "1" + "}".repeat(100_000)), 400),
                arguments("no UTF-8", framed(new byte[] {'{', '"', (byte) 0xff, '"', ':', '1', '}'}), 400),
                arguments("cut off UTF-8", framed(new byte[] {'{', '"', (byte) 0xc3, '"', ':', '1', '}'}), 400));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("streamsThatAreCutOff")
    void whatIsNoFrameWithAnObjectGetsOneErrorAndTheEnd(String name, Buffer bytes, int code) throws Exception {
        try (TcpClient client = TcpClient.connectOnly(hub)) {
            client.sendBytes(bytes.getBytes());

            JsonObject error = client.next(message -> true);
            assertThat(error.getString("type")).isEqualTo("err");
            assertThat(error.getInteger("failureCode")).isEqualTo(code);
            assertThat(error.getString("message")).isNotBlank();
            assertThat(client.awaitEnd()).as("messages after the error").isEmpty();
        }
    }

    static Stream<Arguments> messagesThatAreRefused() {
        String hubAsked = "\"address\":\"termbus.hub\"," + ASK;
        String create = hubAsked + ",\"headers\":{\"action\":\"create\"}";
        String flow = "\"address\":\"termbus.flow\"," + ASK;
        return Stream.of(
                arguments("{}", 400, "type"),
                arguments("{\"type\":5}", 400, "type"),
                arguments("{\"type\":\"explode\"}", 400, "type"),
                arguments("{\"type\":\"send\"," + ASK + "}", 400, "address"),
                arguments("{\"type\":\"send\",\"address\":5," + ASK + "}", 400, "address"),
                arguments(
                        "{\"type\":\"send\",\"address\":\"" + "a".repeat(100_000) + "\"," + ASK + "}", 400, "address"),
                arguments("{\"type\":\"send\"," + hubAsked + "}", 400, "action"),
                arguments("{\"type\":\"send\"," + hubAsked + ",\"headers\":[]}", 400, "headers"),
                arguments("{\"type\":\"send\"," + hubAsked + ",\"headers\":{\"action\":7}}", 400, "action"),
                arguments("{\"type\":\"send\"," + hubAsked + ",\"headers\":{\"action\":\"nothing\"}}", 404, "nothing"),
                arguments("{\"type\":\"send\"," + create + ",\"body\":\"text\"}", 400, "body"),
                arguments("{\"type\":\"send\"," + create + ",\"body\":{\"cols\":0}}", 400, "cols"),
                arguments("{\"type\":\"send\"," + create + ",\"body\":{\"rows\":1.5}}", 400, "rows"),
                arguments("{\"type\":\"send\"," + create + ",\"body\":{\"command\":\"sh\"}}", 400, "command"),
                arguments("{\"type\":\"send\"," + create + ",\"body\":{\"command\":[]}}", 400, "command"),
                arguments("{\"type\":\"send\"," + create + ",\"body\":{\"command\":[\"/no/such\"]}}", 400, "/no/such"),
                arguments("{\"type\":\"send\"," + create + ",\"body\":{\"cwd\":\"/no/such\"}}", 400, "/no/such"),
                arguments("{\"type\":\"send\"," + create + ",\"body\":{\"env\":{\"A\":1}}}", 400, "env.A"),
                arguments(
                        "{\"type\":\"send\"," + hubAsked
                                + ",\"headers\":{\"action\":\"list\",\"Termbus-role\":\"admin\"}}",
                        403,
                        "Termbus-role"),
                arguments("{\"type\":\"register\",\"address\":\"termbus.hub\"}", 403, "termbus.hub"),
                arguments("{\"type\":\"register\",\"address\":\"__vertx.reply.1\"}", 403, "__vertx.reply.1"),
                arguments("{\"type\":\"register\",\"address\":\"" + bystandersAddress() + "\"}", 403, ""),
                arguments("{\"type\":\"unregister\",\"address\":\"termbus.events\"}", 404, "termbus.events"),
                arguments(command("termbus.session.none", "info", "{}"), 404, "none"),
                arguments(command("termbus.warnings", "info", "{}"), 403, "termbus.warnings"),
                arguments(command(bystandersAddress(), "info", "{}"), 403, ""),
                arguments(command("termbus.internal.hub", "create", "{}"), 403, ""),
                arguments(command("__vertx.reply.1", "info", "{}"), 403, "__vertx.reply.1"),
                arguments(command("termbus.session." + session, "resize", "{\"cols\":1001,\"rows\":1}"), 400, "cols"),
                arguments(command("termbus.session." + session, "resize", "{\"cols\":10}"), 400, "rows"),
                arguments(command("termbus.session." + session, "signal", "{\"signal\":\"NONE\"}"), 400, "signal"),
                arguments(command("termbus.session." + session, "input", "{}"), 400, "data"),
                arguments(command("termbus.session." + session, "input", "{\"base64\":\"*\"}"), 400, "base64"),
                arguments(command("termbus.session." + session, "snapshot", "{\"format\":\"png\"}"), 400, "format"),
                arguments(command("termbus.session." + session, "snapshot", "{\"scrollback\":-1}"), 400, "scrollback"),
                arguments("{\"type\":\"send\"," + flow + ",\"headers\":{\"action\":\"attach\"}}", 400, "session"),
                arguments(command("termbus.flow", "attach", "{\"session\":\"none\"}"), 404, "none"),
                arguments(attach("\"lag\":\"both\""), 400, "lag"),
                arguments(attach("\"mode\":\"admin\""), 400, "mode"),
                arguments(attach("\"from\":-1"), 400, "from"),
                arguments(command("termbus.flow", "status", "{\"subscriber\":\"none\"}"), 404, "none"),
                arguments(command("termbus.flow", "ack", "{\"subscriber\":\"none\",\"seq\":1}"), 404, "none"),
                arguments(command("termbus.flow", "ack", "{\"subscriber\":\"" + echo.id() + "\",\"seq\":1}"), 403, ""));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("messagesThatAreRefused")
    void whatIsNoProperMessageIsAnsweredAndTheConnectionStays(String message, int code, String named) throws Exception {
        try (TcpClient client = TcpClient.connect(hub)) {
            client.sendBytes(TcpClient.frame(message));

            JsonObject error = client.next(answer -> true);
            assertThat(error.getString("type")).isEqualTo("err");
            assertThat(error.getInteger("failureCode")).as(error.encode()).isEqualTo(code);
            assertThat(error.getString("message")).contains(named);
            assertThat(client.request(Client.HUB, "info", new JsonObject()).getInteger("protocol"))
                    .isEqualTo(1);
        }
    }

    static Stream<Arguments> wildAcks() {
        return Stream.of(
                arguments("{\"seq\":-1}", 400),
                arguments("{\"seq\":1.5}", 400),
                arguments("{\"seq\":\"1\"}", 400),
                arguments("{\"seq\":10000000000000000000}", 400),
                arguments("{\"count\":-5}", 400),
                arguments("{\"count\":true}", 400),
                arguments("{\"seq\":1,\"count\":1}", 400),
                arguments("{}", 400),
                arguments("{\"seq\":0}", 1),
                arguments("{\"seq\":9223372036854775807}", 0),
                arguments("{\"count\":9223372036854775807}", 0));
    }

    /** @param expected the failure code, or, below 400, what is left unacked of one delivery */
    @ParameterizedTest(name = "{0}")
    @MethodSource("wildAcks")
    void acksNeverCountBelowZeroOrAboveWhatWasSent(String ack, int expected) throws Exception {
        try (TcpClient client = TcpClient.connect(hub)) {
            Subscription subscription = client.attach(session, new JsonObject()).neverAcks();
            subscription.until("snapshot");
            JsonObject body = new JsonObject(ack).put("subscriber", subscription.id());
            int code = 0;
            try {
                client.request(Client.FLOW, "ack", body);
            } catch (Client.Refused e) {
                code = e.code();
            }
            assertThat(code).isEqualTo(expected >= 400 ? expected : 0);
            assertThat(subscription.status(client).getInteger("unackedDeliveries"))
                    .isEqualTo(expected >= 400 ? 1 : expected);
        }
    }

    private static Buffer framed(String json) {
        return framed(json.getBytes(StandardCharsets.UTF_8));
    }

    private static Buffer framed(byte[] bytes) {
        return Buffer.buffer().appendInt(bytes.length).appendBytes(bytes);
    }

    private static String command(String address, String action, String body) {
        return "{\"type\":\"send\",\"address\":\"" + address + "\"," + ASK + ",\"headers\":{\"action\":\"" + action
                + "\"},\"body\":" + body + "}";
    }

    private static String attach(String option) {
        return command("termbus.flow", "attach", "{\"session\":\"" + session + "\"," + option + "}");
    }

    private static String bystandersAddress() {
        return "termbus.out." + echo.id();
    }
}
