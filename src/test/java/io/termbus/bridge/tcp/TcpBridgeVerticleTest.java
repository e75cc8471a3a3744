package io.termbus.bridge.tcp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.termbus.bridge.BridgeContext;
import io.termbus.bridge.FloodedSubscriber;
import io.termbus.bridge.TestHub;
import io.termbus.protocol.Addresses;
import io.termbus.protocol.LocalCodec;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import io.vertx.core.net.NetClient;
import io.vertx.core.net.NetSocket;
import io.vertx.ext.eventbus.bridge.tcp.impl.protocol.FrameHelper;
import java.io.Closeable;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.Socket;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.Channels;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class TcpBridgeVerticleTest {
    private static final String PING = "{\"type\":\"ping\"}";

    private Vertx vertx;

    @BeforeEach
    void start() {
        vertx = newVertx();
    }

    @AfterEach
    void stop() throws Exception {
        await(vertx.close());
    }

    private static Vertx newVertx() {
        Vertx vertx = Vertx.vertx();
        LocalCodec.register(vertx);
        return vertx;
    }

    private static <T> T await(Future<T> future) throws Exception {
        return future.toCompletionStage().toCompletableFuture().get(20, TimeUnit.SECONDS);
    }

    private int deploy(BridgeContext hub) throws Exception {
        TcpBridgeVerticle verticle = new TcpBridgeVerticle(hub);
        await(vertx.deployVerticle(verticle));
        return verticle.port();
    }

    /** A blocking client, so that bytes can be sent as ugly as wanted. */
    private record Client(DataInputStream in, DataOutputStream out, Closeable socket) implements Closeable {
        static Client connect(int port) throws IOException {
            Socket socket = new Socket("127.0.0.1", port);
            socket.setSoTimeout(20_000);
            return new Client(
                    new DataInputStream(socket.getInputStream()),
                    new DataOutputStream(socket.getOutputStream()),
                    socket);
        }

        static Client connect(Path path) throws IOException {
            SocketChannel channel = SocketChannel.open(UnixDomainSocketAddress.of(path));
            return new Client(
                    new DataInputStream(Channels.newInputStream(channel)),
                    new DataOutputStream(Channels.newOutputStream(channel)),
                    channel);
        }

        void send(String json) throws IOException {
            byte[] bytes = json.getBytes(StandardCharsets.UTF_8);
            out.writeInt(bytes.length);
            out.write(bytes);
            out.flush();
        }

        JsonObject read() throws IOException {
            byte[] bytes = new byte[in.readInt()];
            in.readFully(bytes);
            return new JsonObject(Buffer.buffer(bytes));
        }

        /** Waits for the end of the stream. */
        void assertClosed() throws IOException {
            assertThat(in.read()).isEqualTo(-1);
        }

        void assertPong() throws IOException {
            send(PING);
            assertThat(read().getString("type")).isEqualTo("pong");
        }

        @Override
        public void close() throws IOException {
            socket.close();
        }
    }

    @Test
    void halfFramesAreJoined() throws Exception {
        try (Client client = Client.connect(deploy(new TestHub().context()))) {
            byte[] bytes = PING.getBytes(StandardCharsets.UTF_8);
            client.out().writeShort(0);
            client.out().flush();
            client.out().writeShort(bytes.length);
            client.out().write(bytes, 0, 5);
            client.out().flush();
            client.out().write(bytes, 5, bytes.length - 5);
            client.send(PING);
            assertThat(client.read().getString("type")).isEqualTo("pong");
            assertThat(client.read().getString("type")).isEqualTo("pong");
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, -5, (1 << 20) + 1, Integer.MAX_VALUE})
    void badLengthGetsOneErrorAndTheEnd(int length) throws Exception {
        try (Client client = Client.connect(deploy(new TestHub().context()))) {
            // in one write: the connection may be closed before a second one
            client.out()
                    .write(Buffer.buffer().appendInt(length).appendString(PING).getBytes());
            JsonObject error = client.read();
            assertThat(error.getString("type")).isEqualTo("err");
            assertThat(error.getInteger("failureCode")).isEqualTo(length > 0 ? 413 : 400);
            assertThat(error.getString("message")).contains(Integer.toString(length));
            client.assertClosed();
        }
    }

    @Test
    void garbageGetsOneErrorAndTheEnd() throws Exception {
        BridgeContext hub = new TestHub().context();
        try (Client client = Client.connect(deploy(hub))) {
            client.send("garbage");
            assertThat(client.read().getInteger("failureCode")).isEqualTo(400);
            client.assertClosed();
        }
        Awaitility.await().until(() -> hub.slots().taken() == 0);
    }

    @Test
    void connectionsBeyondTheLimitAreToldItsName() throws Exception {
        int port = deploy(new TestHub().connections(1).context());
        try (Client first = Client.connect(port)) {
            first.assertPong();
            try (Client second = Client.connect(port)) {
                // who has not logged in makes room
                JsonObject error = first.read();
                assertThat(error.getInteger("failureCode")).isEqualTo(429);
                assertThat(error.getString("message")).contains("connection.max");
                first.assertClosed();
                second.assertPong();
            }
        }
    }

    @Test
    void instancesShareARandomPort() throws Exception {
        BridgeContext hub = new TestHub().context();
        List<TcpBridgeVerticle> verticles = new ArrayList<>();
        await(vertx.deployVerticle(
                () -> {
                    TcpBridgeVerticle verticle = new TcpBridgeVerticle(hub);
                    verticles.add(verticle);
                    return verticle;
                },
                new DeploymentOptions().setInstances(2)));
        assertThat(verticles).hasSize(2);
        assertThat(verticles.get(0).port())
                .isPositive()
                .isEqualTo(verticles.get(1).port());
        try (Client first = Client.connect(verticles.get(0).port());
                Client second = Client.connect(verticles.get(0).port())) {
            first.assertPong();
            second.assertPong();
        }
    }

    @Test
    void stockClientTalksToTheBridge() throws Exception {
        vertx.eventBus()
                .<JsonObject>consumer(
                        Addresses.HUB,
                        message -> message.reply(
                                new JsonObject().put("action", message.headers().get("action"))));
        NetClient client = vertx.createNetClient(); // closed, and its sockets with it, once nobody refers to it
        NetSocket socket = await(client.connect(deploy(new TestHub().context()), "127.0.0.1"));
        BlockingQueue<JsonObject> received = new LinkedBlockingQueue<>();
        socket.handler(
                new io.vertx.ext.eventbus.bridge.tcp.impl.protocol.FrameParser(frame -> received.add(frame.result())));
        FrameHelper.sendFrame("ping", socket);
        assertThat(received.poll(20, TimeUnit.SECONDS).getString("type")).isEqualTo("pong");
        JsonObject action = new JsonObject().put("action", "login");
        JsonObject token = new JsonObject().put("token", "admin");
        FrameHelper.sendFrame("send", Addresses.HUB, "r1", action, null, token, socket);
        JsonObject login = received.poll(20, TimeUnit.SECONDS);
        assertThat(login.getString("address")).isEqualTo("r1");
        assertThat(login.getJsonObject("body").getString("role")).isEqualTo("admin");
        JsonObject list = new JsonObject().put("action", "list");
        FrameHelper.sendFrame("send", Addresses.HUB, "r2", list, true, new JsonObject(), socket);
        assertThat(received.poll(20, TimeUnit.SECONDS).getJsonObject("body").getString("action"))
                .isEqualTo("list");
        await(client.close());
    }

    @Test
    void clientThatDoesNotReadIsCutOffAndLeavesNothing() throws Exception {
        BridgeContext hub = new TestHub().unflushed(1 << 20).context();
        try (Client client = Client.connect(deploy(hub))) {
            client.assertPong();
            client.send("{\"type\":\"send\",\"address\":\"termbus.hub\",\"headers\":{\"action\":\"login\"},"
                    + "\"body\":{\"token\":\"admin\"},\"replyAddress\":\"r\"}");
            client.read();
            FloodedSubscriber subscriber = new FloodedSubscriber(vertx);
            client.send(subscriber.attach().encode());
            client.send(subscriber.register().encode());
            Awaitility.await().until(() -> {
                subscriber.flood();
                return hub.slots().taken() == 0;
            });
        }
    }

    @Test
    void unixSocketIsPrivateServedAndRemoved(@TempDir Path directory) throws Exception {
        Path path = directory.resolve("hub.sock");
        String id = await(vertx.deployVerticle(
                new TcpBridgeVerticle(new TestHub().socket(path).context())));
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(path)))
                .isEqualTo("rw-------");
        try (Client client = Client.connect(path)) {
            client.assertPong();
        }
        await(vertx.undeploy(id));
        try (var left = Files.list(directory)) {
            assertThat(left).isEmpty();
        }
    }

    @Test
    void unixSocketOfADeadHubIsReplacedAndOfALiveOneIsNot(@TempDir Path directory) throws Exception {
        Path path = directory.resolve("hub.sock");
        try (ServerSocketChannel dead = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            dead.bind(UnixDomainSocketAddress.of(path));
        }
        assertThat(path).exists();
        deploy(new TestHub().socket(path).context());
        try (Client client = Client.connect(path)) {
            client.assertPong();
            Vertx other = newVertx();
            assertThatThrownBy(() -> await(other.deployVerticle(
                            new TcpBridgeVerticle(new TestHub().socket(path).context()))))
                    .hasMessageContaining("tcp.socket");
            await(other.close());
            client.assertPong();
        }
        try (Client again = Client.connect(path)) {
            again.assertPong();
        }
    }

    @Test
    void fileThatIsNoSocketIsNotReplaced(@TempDir Path directory) throws Exception {
        Path path = Files.writeString(directory.resolve("precious"), "data");
        assertThatThrownBy(() -> deploy(new TestHub().socket(path).context())).hasMessageContaining("no socket");
        assertThat(path).hasContent("data");
    }
}
