package io.termbus.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.termbus.e2e.Nodes.Node;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * A node and a cluster of two that have different admin tokens, and find each other while they run, as after a
 * partition: the node is there first, knows where the others may be, and stands still while they start; they do not
 * look for it.
 */
@Timeout(300)
class MixedTokensIT {
    private static final String CAT = "stty -echo; cat";
    private static final String EVENTS = "termbus.events";

    @TempDir
    Path directory;

    private int port;

    private String at(int place) {
        return "127.0.0.1:" + (port + place);
    }

    private Node start(Nodes nodes, int place, String members, String... more) throws Exception {
        String[] settings = new String[more.length + 2];
        settings[0] = "cluster.port=" + (port + place);
        settings[1] = "cluster.members=" + members;
        System.arraycopy(more, 0, settings, 2, more.length);
        return nodes.add(nodes.start(List.of(), settings));
    }

    private static JsonArray strangers(Node node) throws Exception {
        return node.operator()
                .request(Client.HUB, "nodes", new JsonObject())
                .getJsonArray("otherToken", new JsonArray());
    }

    private static void assertRefused(String stranger, Callable<?> request) {
        Client.Refused refused = catchThrowableOfType(Client.Refused.class, request::call);
        assertThat(refused).hasMessage("503 " + stranger + " has another admin token than this node");
    }

    /** Nodes that come to a larger cluster register what they have a moment later; until then the answer is 404. */
    private static void awaitRegistered(String session, Client client) {
        Nodes.await(() -> {
            Client.Refused refused = catchThrowableOfType(
                    Client.Refused.class, () -> client.request(Client.session(session), "info", new JsonObject()));
            return refused.code() == 503;
        });
    }

    private static Client listener(Node node) throws Exception {
        TcpClient client = TcpClient.connect(node.hub());
        client.send(new JsonObject().put("type", "register").put("address", EVENTS));
        client.request(Client.HUB, "info", new JsonObject());
        return client;
    }

    private static void assertEventsStayOnTheirSide(Node owner, Node peer, Node stranger) throws Exception {
        try (Client atPeer = listener(peer);
                Client atStranger = listener(stranger)) {
            String session = owner.shell(CAT);
            awaitEvent(atPeer, session, "session.created");
            owner.operator().request(Client.session(session), "kill", new JsonObject());
            awaitEvent(atPeer, session, "session.exited");

            String own = stranger.shell(CAT);

            JsonObject first = atStranger.next(MixedTokensIT::isEvent).getJsonObject("body");
            assertThat(first.getString("session")).as(first.encode()).isEqualTo(own);
        }
    }

    private static boolean isEvent(JsonObject message) {
        return EVENTS.equals(message.getString("address"));
    }

    private static void awaitEvent(Client listener, String session, String event) throws Exception {
        listener.next(message -> isEvent(message)
                && session.equals(message.getJsonObject("body").getString("session"))
                && event.equals(message.getJsonObject("body").getString("event")));
    }

    /** All that concerns one session. */
    private static void assertOutOfReach(Node owner, String session, Node from) throws Exception {
        Client client = from.operator();
        awaitRegistered(session, client);
        assertThat(from.sessions()).doesNotContain(session);
        assertRefused(owner.name(), () -> client.attach(session, new JsonObject()));
        assertRefused(owner.name(), () -> client.request(Client.session(session), "info", new JsonObject()));
        assertRefused(owner.name(), () -> client.request(Client.session(session), "kill", new JsonObject()));
        assertRefused(owner.name(), () -> {
            client.input(session, "typed by a stranger\n");
            return null;
        });
        assertRefused(owner.name(), () -> Nodes.create(client, owner.name(), CAT));
    }

    @Test
    void clustersOfDifferentTokensThatMergeHaveNothingToDoWithEachOther() throws Exception {
        try (Nodes nodes = new Nodes(directory)) {
            port = Nodes.freePort();
            Node stranger = start(nodes, 2, at(0) + "," + at(2), "auth.token=another-token-of-16-chars");
            String ofStranger = stranger.shell(CAT);
            stranger.hub().signal("STOP");
            Node one = start(nodes, 0, at(0));
            Node two = start(nodes, 1, at(0) + "," + at(1));
            stranger.hub().signal("CONT");
            String ofOne = one.shell(CAT);

            Nodes.await(() -> strangers(stranger).size() == 2);
            Nodes.await(() -> strangers(one).equals(new JsonArray().add(stranger.name())));
            Nodes.await(() -> strangers(two).equals(new JsonArray().add(stranger.name())));

            assertThat(stranger.peers()).containsExactly(stranger.name());
            assertThat(one.peers()).containsExactlyInAnyOrder(one.name(), two.name());
            for (Node each : List.of(one, two, stranger)) {
                assertThat(each.hub().log()).contains("ERROR").contains("has another admin token than this node");
            }
            assertOutOfReach(one, ofOne, stranger);
            assertOutOfReach(stranger, ofStranger, one);
            // each side goes on by itself
            try (TcpClient client = TcpClient.connect(two.hub())) {
                Subscription subscription = client.attach(ofOne, new JsonObject());
                client.input(ofOne, "typed by one of us\n");
                subscription.untilText("typed by one of us\r\n");
                assertThat(two.operator()
                                .request(Client.HUB, "killAll", new JsonObject())
                                .getInteger("count"))
                        .isEqualTo(1);
            }
            Subscription its = stranger.operator().attach(ofStranger, new JsonObject());
            stranger.operator().input(ofStranger, "still there\n");
            its.untilText("still there\r\n");
            assertEventsStayOnTheirSide(one, two, stranger);

            stranger.hub().signal("KILL");

            Nodes.await(() -> strangers(one).isEmpty() && strangers(two).isEmpty());
        }
    }
}
