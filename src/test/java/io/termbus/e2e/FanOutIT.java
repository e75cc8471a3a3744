package io.termbus.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonObject;
import java.io.DataInputStream;
import java.net.Socket;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** One flood, four kinds of client at once. */
@Timeout(60)
class FanOutIT {
    /** From there on deliveries wait for acks; the last one before may be a snapshot, which is sent whole. */
    private static final long MAX_UNACKED_BYTES = 4_194_304;

    private static final long LARGEST_SNAPSHOT = 1 << 20;

    /** What {@link Flood} writes, in two parts; the first is less than {@code flow.backlogBytes}, and more than red. */
    private static final String SCRIPT = "stty -echo; echo " + Flood.READY
            + "; read go; seq 1 100000; read go; seq 100001 " + Flood.LINES + "; exit " + Flood.EXIT_CODE;

    @TempDir
    Path directory;

    @Test
    void everyClientGetsWhatItsWayOfReadingAllows() throws Exception {
        ExecutorService threads = Executors.newCachedThreadPool();
        try (HubProcess hub = HubProcess.start(directory);
                TcpClient operator = TcpClient.connect(hub);
                TcpClient tcp = TcpClient.connect(hub);
                WebSocketClient web = WebSocketClient.connect(hub);
                TcpClient deaf = TcpClient.connect(hub);
                Socket stuck = TcpClient.open(hub, 4096)) {
            String session = operator.shell(SCRIPT);
            Subscription first = Flood.ready(tcp, session);
            Subscription second = Flood.ready(web, session);
            Subscription neverAcks = deaf.attach(session, new JsonObject()).neverAcks();
            neverAcks.untilText(Flood.READY);
            String neverReads = attachAndReadNoMore(stuck, hub, session);

            operator.input(session, Flood.GO);
            Future<Subscription.Seen> overTcp = threads.submit(first::toTheEnd);
            Future<Subscription.Seen> overWeb = threads.submit(second::toTheEnd);

            // who never acks gets all of the first part: its window opens by silence
            for (String subscriber : List.of(neverReads, neverAcks.id())) {
                Awaitility.await().until(() -> status(operator, subscriber).getString("zone"), "red"::equals);
            }
            operator.input(session, Flood.GO);

            long bytes = overTcp.get().bytes();
            assertThat(overTcp.get()).isEqualTo(overWeb.get());
            assertThat(overTcp.get()).isEqualTo(new Subscription.Seen(bytes, Flood.sha256(), 1, exit()));
            assertHeldInRed(status(operator, neverReads));
            assertHeldInRed(neverAcks.status(operator));
            // Its zone can only get worse: one warning for each change, the last before the last delivery.
            neverAcks.untilLevel("red");
            assertThat(neverAcks.levels()).isEqualTo(List.of("yellow", "red"));
        } finally {
            threads.shutdownNow();
        }
    }

    private static JsonObject exit() {
        return new JsonObject().put("code", Flood.EXIT_CODE);
    }

    /** Attaches over a socket that is not read afterwards; the subscriber. */
    private static String attachAndReadNoMore(Socket socket, HubProcess hub, String session) throws Exception {
        DataInputStream in = new DataInputStream(socket.getInputStream());
        JsonObject login = new JsonObject().put("token", hub.token());
        ask(socket, in, "termbus.hub", "login", login);
        JsonObject attached = ask(socket, in, "termbus.flow", "attach", new JsonObject().put("session", session));
        JsonObject register = new JsonObject().put("type", "register").put("address", attached.getString("address"));
        socket.getOutputStream().write(TcpClient.frame(register.encode()));
        return attached.getString("subscriber");
    }

    private static JsonObject ask(Socket socket, DataInputStream in, String address, String action, JsonObject body)
            throws Exception {
        JsonObject command = new JsonObject()
                .put("type", "send")
                .put("address", address)
                .put("replyAddress", "answer")
                .put("headers", new JsonObject().put("action", action))
                .put("body", body);
        socket.getOutputStream().write(TcpClient.frame(command.encode()));
        return TcpClient.readFrame(in).getJsonObject("body");
    }

    private static JsonObject status(Client asking, String subscriber) throws Exception {
        return asking.request(Client.FLOW, "status", new JsonObject().put("subscriber", subscriber));
    }

    /** Not disconnected, and no more is on its way to it than the settings allow. */
    private static void assertHeldInRed(JsonObject status) {
        assertThat(status.getString("zone")).isEqualTo("red");
        assertThat(status.getLong("unackedBytes")).isBetween(524_288L, MAX_UNACKED_BYTES + LARGEST_SNAPSHOT);
    }
}
