package io.termbus.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Vertx;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.core.net.NetClient;
import io.vertx.core.net.NetSocket;
import io.vertx.ext.eventbus.bridge.tcp.impl.protocol.FrameHelper;
import io.vertx.ext.eventbus.bridge.tcp.impl.protocol.FrameParser;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Base64;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Clients that know nothing of Termbus but its addresses. */
@Timeout(60)
class StockClientsIT {
    private static final int LIMIT_SECONDS = 30;

    @TempDir
    Path directory;

    @Test
    void theJavaScriptClientWorksOverEachTransportAndReconnects() throws Exception {
        try (HubProcess hub = HubProcess.start(directory)) {
            NodeScript.run(
                    directory.resolve("node.log"),
                    LIMIT_SECONDS,
                    "e2e/stock-client.mjs",
                    Integer.toString(hub.httpPort()),
                    hub.token());
        }
    }

    /** {@link FrameHelper} writes and {@link FrameParser} reads, as in every Java client of the TCP bridge. */
    private static final class StockTcpClient extends Client {
        private final NetClient client;
        private final NetSocket socket;

        StockTcpClient(Vertx vertx, HubProcess hub) throws Exception {
            client = vertx.createNetClient();
            socket = client.connect(hub.tcpPort(), "127.0.0.1")
                    .toCompletionStage()
                    .toCompletableFuture()
                    .get(LIMIT_SECONDS, TimeUnit.SECONDS);
            socket.handler(new FrameParser(parsed -> arrived(parsed.result())));
            socket.closeHandler(done -> ended());
        }

        @Override
        void send(JsonObject message) {
            FrameHelper.sendFrame(
                    message.getString("type"),
                    message.getString("address"),
                    message.getString("replyAddress"),
                    message.getJsonObject("headers"),
                    true,
                    message.getJsonObject("body"),
                    socket);
        }

        @Override
        public void close() throws IOException {
            client.close().toCompletionStage().toCompletableFuture().join();
        }
    }

    @Test
    void theJavaTcpClientCreatesAttachesTypesAndReads() throws Exception {
        Vertx vertx = Vertx.vertx();
        try (HubProcess hub = HubProcess.start(directory);
                StockTcpClient client = new StockTcpClient(vertx, hub)) {
            client.login(hub);
            String session = client.shell("stty -echo; echo on; exec cat");
            Subscription subscription = client.attach(session, new JsonObject().put("from", 0));
            subscription.untilText("on\r\n");
            subscription.startOver();

            client.request(Client.session(session), "input", new JsonObject().put("base64", base64("zwölf €\n")));
            subscription.untilText("zwölf €\r\n");

            assertThat(subscription.snapshots()).isZero();
            JsonArray sessions =
                    client.request(Client.HUB, "list", new JsonObject()).getJsonArray("sessions");
            assertThat(sessions).hasSize(1);
            assertThat(sessions.getJsonObject(0).getLong("outputBytes")).isEqualTo(subscription.offset());
            client.send(new JsonObject().put("type", "ping"));
            client.next(message -> "pong".equals(message.getString("type")));
        } finally {
            vertx.close().toCompletionStage().toCompletableFuture().get(LIMIT_SECONDS, TimeUnit.SECONDS);
        }
    }

    private static String base64(String text) {
        return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }
}
