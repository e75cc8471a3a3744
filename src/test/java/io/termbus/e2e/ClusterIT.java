package io.termbus.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.termbus.e2e.Nodes.Node;
import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Three nodes, and nothing goes wrong. */
@Timeout(300)
class ClusterIT {
    private static final String CAT = "stty -echo; cat";

    @TempDir
    static Path directory;

    private static Nodes nodes;
    private static Node one;
    private static Node two;
    private static Node three;

    @BeforeAll
    static void start() throws Exception {
        nodes = Nodes.three(directory);
        one = nodes.get(0);
        two = nodes.get(1);
        three = nodes.get(2);
    }

    @AfterAll
    static void end() throws Exception {
        nodes.close();
    }

    @Test
    void aSessionOfAnyNodeIsListedTypedIntoResizedRenamedAndKilledFromAnyOther() throws Exception {
        String session = Nodes.create(two.operator(), one.name(), CAT);
        try (TcpClient client = TcpClient.connect(three.hub())) {
            Subscription remote = client.attach(session, new JsonObject());
            remote.until("snapshot");

            for (Node node : List.of(one, two, three)) {
                assertThat(node.sessions()).contains(session);
            }
            JsonObject info = two.operator().request(Client.session(session), "info", new JsonObject());
            assertThat(info.getString("node")).isEqualTo(one.name());
            assertThat(info.getInteger("subscribers")).isEqualTo(1);
            two.operator().input(session, "typed on another node\n");
            remote.untilText("typed on another node\r\n");
            two.operator()
                    .request(
                            Client.session(session),
                            "resize",
                            new JsonObject().put("cols", 100).put("rows", 30));
            assertThat(remote.until("resize").getJsonObject("body"))
                    .isEqualTo(new JsonObject().put("cols", 100).put("rows", 30));
            client.request(Client.session(session), "rename", new JsonObject().put("name", "renamed"));
            client.request(Client.session(session), "kill", new JsonObject());
            assertThat(remote.until("exit").getJsonObject("body").getString("signal"))
                    .isEqualTo("SIGHUP");
            info = one.operator().request(Client.session(session), "info", new JsonObject());
            assertThat(info.getString("name")).isEqualTo("renamed");
            assertThat(info.getString("state")).isEqualTo("exited");
        }
    }

    @Test
    void aSessionOfAnotherNodeIsDrivenAsOnesOwn() throws Exception {
        String session = Nodes.create(two.operator(), one.name(), CAT);
        String address = Client.session(session);
        TcpClient agent = TcpClient.connect(three.hub());
        JsonObject forText = new JsonObject().put("any", List.of(new JsonObject().put("text", "typed from afar")));
        Subscription far = two.operator().attach(session, new JsonObject());
        agent.request(address, "lease", new JsonObject().put("ttlMs", 60_000));
        assertThat(far.until("lease")
                        .getJsonObject("body")
                        .getJsonObject("lease")
                        .getLong("leftMs"))
                .isBetween(1L, 60_000L);

        JsonObject keys =
                new JsonObject().put("keys", List.of(new JsonObject().put("text", "typed from afar"), "Enter"));
        long since = agent.request(address, "keys", keys).getLong("offset");
        JsonObject found = agent.request(address, "wait", forText.copy().put("since", since));

        assertThat(found.getInteger("matched")).isZero();
        assertThat(agent.request(address, "read", new JsonObject().put("since", since))
                        .getString("text"))
                .contains("typed from afar\n");
        assertThat(catchThrowableOfType(
                                Client.Refused.class, () -> two.operator().request(address, "keys", keys))
                        .code())
                .isEqualTo(423);
        agent.send(Client.command(
                        address,
                        "wait",
                        new JsonObject()
                                .put("any", List.of(new JsonObject().put("text", "never")))
                                .put("timeoutMs", 600_000))
                .put("replyAddress", "never"));
        agent.close();
        Nodes.await(
                () -> !two.operator().request(address, "info", new JsonObject()).containsKey("lease"));
        assertThat(far.until("lease").getJsonObject("body").getString("reason")).isEqualTo("released");
        two.operator().request(address, "keys", keys);
        two.operator().request(address, "kill", new JsonObject());
    }

    @Test
    void sessionsWithoutANodeGoWhereTheFewestAre() throws Exception {
        try (TcpClient client = TcpClient.connect(one.hub())) {
            client.request(Client.HUB, "killAll", new JsonObject());
            Nodes.await(() -> running(client).values().stream().allMatch(count -> count == 0));

            List<String> created = Stream.of(client.shell(CAT), client.shell(CAT), client.shell(CAT))
                    .toList();

            assertThat(running(client)).isEqualTo(Map.of(one.name(), 1, two.name(), 1, three.name(), 1));
            assertThat(three.sessions()).containsAll(created);
            assertThat(client.request(Client.HUB, "killAll", new JsonObject()).getInteger("count"))
                    .isEqualTo(3);
        }
    }

    @Test
    void aNodeThatDrainsGetsNoSessionsUntilItIsToldToTakeThem() throws Exception {
        try (TcpClient client = TcpClient.connect(one.hub())) {
            JsonObject two = new JsonObject().put("node", ClusterIT.two.name());
            JsonObject drained = client.request(Client.HUB, "drain", two);
            assertThat(drained.getString("node")).isEqualTo(ClusterIT.two.name());
            assertThat(drained.getBoolean("draining")).isTrue();
            try {
                assertRefused(503, () -> Nodes.create(client, ClusterIT.two.name(), CAT));
                for (int i = 0; i < 6; i++) {
                    String session = client.shell(CAT);
                    assertThat(client.request(Client.session(session), "info", new JsonObject())
                                    .getString("node"))
                            .isNotEqualTo(ClusterIT.two.name());
                }
            } finally {
                client.request(Client.HUB, "drain", two.copy().put("on", false));
            }
            Nodes.create(client, ClusterIT.two.name(), CAT);
            assertRefused(404, () -> client.request(Client.HUB, "drain", new JsonObject().put("node", "node-of-old")));
            client.request(Client.HUB, "killAll", new JsonObject());
        }
    }

    private static Map<String, Integer> running(Client client) throws Exception {
        return client.request(Client.HUB, "nodes", new JsonObject()).getJsonArray("nodes").stream()
                .map(JsonObject.class::cast)
                .collect(Collectors.toMap(each -> each.getString("node"), each -> each.getInteger("running")));
    }

    @Test
    void whatIsNotThereIsNotFoundAtOnce() throws Exception {
        JsonObject unknown = new JsonObject().put("session", "no-such-session");
        assertRefused(404, () -> one.operator().request(Client.FLOW, "attach", unknown));
        assertRefused(404, () -> one.operator().request(Client.session("no-such-session"), "info", new JsonObject()));
        assertRefused(404, () -> Nodes.create(one.operator(), "node-of-old", CAT));
    }

    private static void assertRefused(int code, Callable<?> request) {
        Client.Refused refused = catchThrowableOfType(Client.Refused.class, request::call);
        assertThat(refused.code()).isEqualTo(code);
    }

    @Test
    void everyNodeGetsTheSameBytesAndZonesAreEachSubscribersOwn() throws Exception {
        ExecutorService threads = Executors.newCachedThreadPool();
        try (TcpClient local = TcpClient.connect(one.hub());
                TcpClient remote = TcpClient.connect(two.hub());
                WebSocketClient far = WebSocketClient.connect(three.hub());
                TcpClient deaf = TcpClient.connect(two.hub())) {
            String session = one.shell(Flood.SCRIPT);
            List<Subscription> readers =
                    List.of(Flood.ready(local, session), Flood.ready(remote, session), Flood.ready(far, session));
            Subscription neverAcks = deaf.attach(session, new JsonObject()).neverAcks();
            neverAcks.untilText(Flood.READY);

            three.operator().input(session, Flood.GO);
            List<Future<Subscription.Seen>> seen =
                    readers.stream().map(each -> threads.submit(each::toTheEnd)).toList();

            for (Future<Subscription.Seen> each : seen) {
                assertThat(each.get())
                        .isEqualTo(new Subscription.Seen(
                                each.get().bytes(), Flood.sha256(), 1, new JsonObject().put("code", Flood.EXIT_CODE)));
            }
            JsonObject status = neverAcks.status(two.operator());
            assertThat(status.getString("zone")).isEqualTo("red");
            neverAcks.untilLevel("red");
            assertThat(neverAcks.levels()).isEqualTo(List.of("yellow", "red"));
        } finally {
            threads.shutdownNow();
        }
    }

    @Test
    void aClientThatChangesNodesGoesOnFromItsOffset() throws Exception {
        String session = one.shell(CAT);
        long offset;
        try (TcpClient client = TcpClient.connect(two.hub())) {
            Subscription before = client.attach(session, new JsonObject());
            client.input(session, "seen before\n");
            before.untilText("seen before\r\n");
            offset = before.offset();
        }
        one.operator().input(session, "not seen\n");
        try (TcpClient client = TcpClient.connect(three.hub())) {
            Subscription after =
                    client.attach(session, new JsonObject().put("from", offset)).startingAt(offset);
            after.untilText("not seen\r\n");
            assertThat(after.snapshots()).isZero();
        }
    }

    @Test
    void operatorsHearOfAllNodes() throws Exception {
        try (TcpClient operator = TcpClient.connect(three.hub())) {
            operator.send(new JsonObject().put("type", "register").put("address", "termbus.events"));
            operator.request(Client.HUB, "info", new JsonObject());

            String session = one.shell(CAT);
            two.operator().attach(session, new JsonObject()).until("snapshot");

            assertEvent(operator, "session.created", session, one);
            assertEvent(operator, "subscriber.attached", session, two);
        }
    }

    private static void assertEvent(Client operator, String event, String session, Node from) throws Exception {
        JsonObject message = operator.next(each -> "termbus.events".equals(each.getString("address"))
                && event.equals(each.getJsonObject("body").getString("event"))
                && session.equals(each.getJsonObject("body").getString("session")));
        assertThat(message.getJsonObject("headers").getString("node")).isEqualTo(from.name());
    }

    @Test
    void aShareHoldsOnEveryNodeAndEndsOnEveryNode() throws Exception {
        JsonObject share = one.operator().request(Client.HUB, "share", new JsonObject());
        JsonObject token = new JsonObject().put("token", share.getString("token"));
        for (Node node : List.of(two, three)) {
            Nodes.await(() -> shares(node).contains(share.getString("id")));
        }
        try (TcpClient viewer = TcpClient.connectOnly(two.hub())) {
            assertThat(viewer.request(Client.HUB, "login", token).getString("role"))
                    .isEqualTo("viewer");

            three.operator().request(Client.HUB, "revoke", new JsonObject().put("id", share.getString("id")));

            JsonObject last = viewer.awaitEnd().get(0);
            assertThat(last.getInteger("failureCode")).isEqualTo(401);
        }
        Nodes.await(() -> shares(one).isEmpty());
        try (TcpClient late = TcpClient.connectOnly(one.hub())) {
            assertRefused(401, () -> late.request(Client.HUB, "login", token));
        }
    }

    private static List<String> shares(Node node) throws Exception {
        return Nodes.ids(
                node.operator().request(Client.HUB, "shares", new JsonObject()).getJsonArray("shares"));
    }

    @Test
    void aNodeWithAnotherTokenIsNotLetIn() throws Exception {
        AssertionError refused = catchThrowableOfType(
                AssertionError.class, () -> nodes.start(List.of(), "auth.token=another-token-of-16-chars"));

        assertThat(refused).hasMessageContaining("auth.token is not the one of the cluster");
        nodes.awaitPeers(3);
    }
}
