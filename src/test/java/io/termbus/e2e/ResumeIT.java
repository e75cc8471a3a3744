package io.termbus.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Connections that break in the middle of a flood. */
@Timeout(60)
class ResumeIT {
    /** All of the flood fits, so that every offset is still held. */
    private static final String BACKLOG = "flow.backlogBytes=16777216";

    private static final int MAX_DELIVERIES_PER_CONNECTION = 12;

    @TempDir
    Path directory;

    @ParameterizedTest
    @ValueSource(strings = {"skip", "block"})
    void noByteComesTwiceAndNoneIsMissing(String lag) throws Exception {
        Random random = new Random(5);
        MessageDigest digest = MessageDigest.getInstance("SHA-256");
        try (HubProcess hub = HubProcess.start(directory, BACKLOG);
                TcpClient operator = TcpClient.connect(hub)) {
            String session = operator.shell(Flood.SCRIPT);
            Subscription start = operator.attach(session, new JsonObject());
            start.untilText(Flood.READY + "\r\n");
            long offset = start.offset();
            operator.input(session, Flood.GO);
            @Nullable JsonObject exit = null;
            int connections = 0;
            while (exit == null) {
                connections++;
                try (Client client = connections % 2 == 0 ? TcpClient.connect(hub) : WebSocketClient.connect(hub)) {
                    JsonObject from = new JsonObject().put("lag", lag).put("from", offset);
                    Subscription subscription =
                            client.attach(session, from).digestedInto(digest).startingAt(offset);
                    exit = someDeliveries(subscription, 1 + random.nextInt(MAX_DELIVERIES_PER_CONNECTION));
                    offset = subscription.offset();
                    assertThat(subscription.snapshots()).isZero();
                }
            }
            assertThat(exit.getInteger("code")).isEqualTo(Flood.EXIT_CODE);
            assertThat(connections).isGreaterThan(10);
            assertThat(HexFormat.of().formatHex(digest.digest())).isEqualTo(Flood.sha256());
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {0, 1_000_000_000_000L})
    void anOffsetThatIsNotHeldBeginsWithASnapshot(long from) throws Exception {
        try (HubProcess hub = HubProcess.start(directory, "flow.backlogBytes=131072");
                TcpClient client = TcpClient.connect(hub)) {
            String session = client.shell(Flood.SCRIPT);
            Subscription whole = client.attach(session, new JsonObject().put("lag", "block"));
            whole.untilText(Flood.READY);
            client.input(session, Flood.GO);
            whole.until("exit");

            Subscription late = client.attach(session, new JsonObject().put("from", from));

            assertThat(late.next()).isEqualTo("snapshot");
            assertThat(late.offset()).isEqualTo(whole.offset());
            assertThat(late.next()).isEqualTo("exit");
        }
    }

    /** The exit where it comes among so many deliveries, otherwise null. */
    private static @Nullable JsonObject someDeliveries(Subscription subscription, int count) throws Exception {
        for (int i = 0; i < count; i++) {
            JsonObject delivery = subscription.take();
            if ("exit".equals(delivery.getJsonObject("headers").getString("kind"))) {
                return delivery.getJsonObject("body");
            }
        }
        return null;
    }
}
