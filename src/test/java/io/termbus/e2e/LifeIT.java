package io.termbus.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** How hubs, sessions and subscribers end. */
@Timeout(60)
class LifeIT {
    private static final String STUBBORN = "trap '' HUP TERM INT; echo up; while :; do sleep 1; done";

    @TempDir
    Path directory;

    @Test
    void sigtermTellsSubscribersEndsChildrenAndExitsWith0() throws Exception {
        try (HubProcess hub = HubProcess.start(directory);
                TcpClient client = TcpClient.connect(hub)) {
            String session = client.shell(STUBBORN);
            Subscription subscription = client.attach(session, new JsonObject());
            subscription.untilText("up");
            ProcessHandle child = childOf(client, session);

            hub.signal("TERM");

            assertThat(subscription.until("disconnected").getJsonObject("body"))
                    .isEqualTo(new JsonObject().put("reason", "shutdown"));
            assertThat(hub.exitStatus()).isZero();
            assertThat(runs(child)).isFalse();
            client.awaitEnd();
            assertThat(hub.log()).doesNotContain("Exception").doesNotContain(" ERROR ");
        }
    }

    @Test
    void aKilledHubLeavesNoChild() throws Exception {
        try (HubProcess hub = HubProcess.start(directory);
                TcpClient client = TcpClient.connect(hub)) {
            String session = client.shell("echo up; cat");
            client.attach(session, new JsonObject()).untilText("up");
            ProcessHandle child = childOf(client, session);
            List<ProcessHandle> family =
                    List.of(child, child.children().findFirst().orElse(child));

            hub.signal("KILL");

            assertThat(hub.exitStatus()).isEqualTo(128 + 9);
            Awaitility.await()
                    .atMost(Duration.ofSeconds(10))
                    .until(() -> family.stream().noneMatch(LifeIT::runs));
        }
    }

    @Test
    void theExitComesAfterTheLastByteWithTheCode() throws Exception {
        try (HubProcess hub = HubProcess.start(directory);
                TcpClient client = TcpClient.connect(hub)) {
            String session = client.shell("read go; printf 'the last words'; exit 42");
            Subscription subscription = client.attach(session, new JsonObject().put("from", 0));
            client.input(session, "\n");

            assertThat(subscription.until("exit").getJsonObject("body")).isEqualTo(new JsonObject().put("code", 42));
            subscription.untilText("the last words");
            assertThat(info(client, session).getJsonObject("exit")).isEqualTo(new JsonObject().put("code", 42));
            assertThat(refusal(client, Client.session(session), "input", new JsonObject().put("data", "x")))
                    .hasValue(410);
        }
    }

    @Test
    void aSignalIsTold() throws Exception {
        Map<String, Integer> codes = Map.of("KILL", 137, "SIGTERM", 143, "HUP", 129);
        try (HubProcess hub = HubProcess.start(directory);
                TcpClient client = TcpClient.connect(hub)) {
            for (Map.Entry<String, Integer> sent : codes.entrySet()) {
                String session = client.shell("echo up; exec sleep 1000");
                Subscription subscription = client.attach(session, new JsonObject());
                subscription.untilText("up");
                client.request(Client.session(session), "signal", new JsonObject().put("signal", sent.getKey()));

                assertThat(subscription.until("exit").getJsonObject("body"))
                        .isEqualTo(new JsonObject()
                                .put("code", sent.getValue())
                                .put("signal", "SIG" + sent.getKey().replace("SIG", "")));
            }
        }
    }

    @Test
    void aSecondSignalEndsTheHubAtOnceAndLeavesNoChild() throws Exception {
        try (HubProcess hub = HubProcess.start(directory);
                TcpClient client = TcpClient.connect(hub)) {
            String session = client.shell(STUBBORN);
            Subscription subscription = client.attach(session, new JsonObject());
            subscription.untilText("up");
            ProcessHandle child = childOf(client, session);

            hub.signal("TERM");
            subscription.until("disconnected");
            hub.signal("TERM");

            assertThat(hub.exitStatus()).isEqualTo(128 + 15);
            Awaitility.await().atMost(Duration.ofSeconds(10)).until(() -> !runs(child));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"skip", "block"})
    void whoNeverAcksIsDisconnectedAsStalled(String lag) throws Exception {
        try (HubProcess hub = HubProcess.start(directory, "flow.stallSeconds=1");
                TcpClient client = TcpClient.connect(hub)) {
            String session = client.shell("exec cat");
            Subscription subscription =
                    client.attach(session, new JsonObject().put("lag", lag)).neverAcks();

            assertThat(subscription.untilDisconnected()).isEqualTo("stalled");
            // The session hears of it a moment later than the subscriber.
            Awaitility.await()
                    .atMost(Duration.ofSeconds(10))
                    .until(() -> info(client, session).getInteger("subscribers") == 0);
        }
    }

    @Test
    void zonesChangeAtTheirThresholdsUntilTheQueueOverflows() throws Exception {
        try (HubProcess hub = HubProcess.start(
                        directory,
                        "flow.yellow.deliveries=2",
                        "flow.red.deliveries=4",
                        "flow.maxUnackedDeliveries=6",
                        "flow.yellow.intervalMs=1",
                        "flow.red.intervalMs=2");
                TcpClient client = TcpClient.connect(hub)) {
            client.send(new JsonObject().put("type", "register").put("address", "termbus.warnings"));
            String session = client.shell("stty raw -echo; echo up; exec cat");
            Subscription subscription =
                    client.attach(session, new JsonObject().put("from", 0)).neverAcks();
            subscription.untilText("up");
            StringBuilder kinds = new StringBuilder();
            String kind;
            do {
                client.input(session, "x");
                kind = subscription.next();
                kinds.append(kind).append(' ');
                if (kind.equals("warning")) {
                    kinds.append(subscription.next()).append(' ');
                }
            } while (!kind.equals("disconnected"));

            assertThat(kinds.toString()).isEqualTo("output warning output output warning output output disconnected ");
            assertThat(subscription.levels()).containsExactly("yellow", "red");
            assertThat(published(client).getString("level")).isEqualTo("yellow");
            assertThat(published(client).getString("level")).isEqualTo("red");
            assertThat(published(client).getString("reason")).isEqualTo("queue_overflow");
            assertThat(hub.log()).containsSubsequence(" WARN ", " WARN ", " ERROR ");
        }
    }

    @Test
    void limitsNameTheirSetting() throws Exception {
        try (HubProcess hub = HubProcess.start(directory, "session.max=1", "connection.max=2");
                TcpClient client = TcpClient.connect(hub);
                TcpClient second = TcpClient.connect(hub);
                TcpClient third = TcpClient.connectOnly(hub)) {
            JsonObject refused = third.next(message -> true);
            assertThat(refused.getInteger("failureCode")).isEqualTo(429);
            assertThat(refused.getString("message")).contains("connection.max");
            third.awaitEnd();

            second.shell("exec cat");
            assertThat(refusal(client, Client.HUB, "create", new JsonObject())).hasValue(429);
        }
    }

    private static JsonObject published(Client client) throws InterruptedException {
        return client.next(message -> "termbus.warnings".equals(message.getString("address")))
                .getJsonObject("body");
    }

    private static JsonObject info(Client client, String session) throws Exception {
        return client.request(Client.session(session), "info", new JsonObject());
    }

    private static ProcessHandle childOf(Client client, String session) throws Exception {
        return ProcessHandle.of(info(client, session).getLong("pid")).orElseThrow();
    }

    /** A process that has ended and that nobody has waited for does not count. */
    private static boolean runs(ProcessHandle process) {
        try {
            String stat = Files.readString(Path.of("/proc", Long.toString(process.pid()), "stat"));
            return process.isAlive()
                    && !stat.substring(stat.lastIndexOf(')') + 1).startsWith(" Z");
        } catch (IOException gone) {
            return false;
        }
    }

    private static Optional<Integer> refusal(Client client, String address, String action, JsonObject body)
            throws Exception {
        try {
            client.request(address, action, body);
            return Optional.empty();
        } catch (Client.Refused e) {
            return Optional.of(e.code());
        }
    }
}
