package io.termbus.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Binary frames against a real hub, over TCP, the Unix socket and a WebSocket. */
@Timeout(60)
class BinaryFramesIT {
    private static final JsonObject LOSSLESS = new JsonObject().put("lag", "block");
    private static final int FUZZED_CONNECTIONS = 60;

    @TempDir
    Path directory;

    private HubProcess hub;
    private Path socket;

    @BeforeEach
    void start() throws Exception {
        socket = directory.resolve("hub.sock");
        hub = HubProcess.start(directory, "tcp.socket=" + socket);
    }

    @AfterEach
    void stop() throws Exception {
        hub.close();
    }

    /** Subscriptions check seq, offset and acks; here only the bytes are left to compare. */
    @Test
    void everyTransportGetsTheSameBytes() throws Exception {
        try (TcpClient json = TcpClient.connect(hub);
                BinaryClient tcp = BinaryClient.tcp(hub);
                BinaryClient unix = BinaryClient.unix(hub, socket);
                WebSocketClient web = WebSocketClient.binary(hub)) {
            String session = json.shell("stty -echo; echo on; read line; seq 1 100000");
            Subscription byJson = json.attach(session, LOSSLESS);
            Subscription byTcp = tcp.attach(session, LOSSLESS);
            Subscription byUnix = unix.attach(session, LOSSLESS);
            Subscription byWeb = web.attach(session, LOSSLESS);
            byJson.untilText("on\r\n");
            byTcp.untilText("on\r\n");
            byUnix.untilText("on\r\n");
            byWeb.untilText("on\r\n");
            byJson.startOver();
            byTcp.startOver();
            byUnix.startOver();
            byWeb.startOver();
            web.sendFrame(BinaryDeliveries.input(web.deliveries().channel(), "g".getBytes(StandardCharsets.UTF_8)));
            tcp.inputBinary(tcp.channel(), "o\r".getBytes(StandardCharsets.UTF_8));
            byJson.until("exit");
            byTcp.until("exit");
            byUnix.until("exit");
            byWeb.until("exit");
            String digest = byJson.sha256();
            assertThat(byJson.outputBytes()).isEqualTo(688_895);
            assertThat(byTcp.sha256()).isEqualTo(digest);
            assertThat(byUnix.sha256()).isEqualTo(digest);
            assertThat(byWeb.sha256()).isEqualTo(digest);
            assertThat(tcp.binaryDeliveries()).isPositive();
            assertThat(unix.binaryDeliveries()).isPositive();
            assertThat(web.deliveries().count()).isPositive();
        }
    }

    @Test
    void binaryAcksCount() throws Exception {
        try (BinaryClient client = BinaryClient.tcp(hub)) {
            String session = client.shell("stty -echo; echo on; exec cat");
            Subscription subscription = client.attach(session, new JsonObject()).neverAcks();
            subscription.untilText("on");
            JsonObject before = subscription.status(client);
            assertThat(before.getInteger("unackedDeliveries")).isPositive();
            client.ackBinary(client.channel(), before.getLong("delivered"));
            assertThat(subscription.status(client).getInteger("unackedDeliveries"))
                    .isZero();
        }
    }

    /** Frames that are almost right: each connection goes on or ends with one error, and the hub stays well. */
    @Test
    void randomFramesHurtNobodyElse() throws Exception {
        long seed = Long.getLong("termbus.fuzz.seed", System.nanoTime());
        Random random = new Random(seed);
        try (TcpClient bystander = TcpClient.connect(hub)) {
            String session = bystander.shell("stty raw -echo; echo on; exec cat > /dev/null");
            for (int i = 0; i < FUZZED_CONNECTIONS; i++) {
                try (BinaryClient client = BinaryClient.tcp(hub)) {
                    client.attach(session, new JsonObject());
                    for (int j = 0; j < 200; j++) {
                        client.sendFrame(almostRight(random, client.channel()));
                    }
                    client.sendFrame(Buffer.buffer(new byte[] {(byte) random.nextInt(3), 0, 0}));
                    client.next(message -> Integer.valueOf(400).equals(message.getInteger("failureCode")));
                    client.awaitEnd();
                }
            }
            assertThat(bystander
                            .request(Client.session(session), "info", new JsonObject())
                            .getString("state"))
                    .as("seed %d", seed)
                    .isEqualTo("running");
        }
        assertThat(hub.log()).as("seed %d", seed).doesNotContain("Exception").doesNotContain(" ERROR ");
    }

    /** An ack or input, of this channel, another or none. */
    private static Buffer almostRight(Random random, int channel) {
        int to = random.nextInt(3) == 0 ? random.nextInt() : channel;
        Buffer frame =
                Buffer.buffer().appendByte((byte) (3 + random.nextInt(2))).appendInt(to);
        if (frame.getByte(0) == 3) {
            return frame.appendLong(random.nextLong() >>> 1 + random.nextInt(63));
        }
        byte[] bytes = new byte[1 + random.nextInt(100)];
        random.nextBytes(bytes);
        return frame.appendBytes(bytes);
    }
}
