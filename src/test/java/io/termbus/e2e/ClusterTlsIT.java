package io.termbus.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.termbus.e2e.Identity.Authority;
import io.termbus.e2e.Nodes.Node;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.ConnectException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Two nodes whose event bus has TLS, as docs/cluster.md says, and others that want in. What goes to a node passes a
 * recorder: nodes listen on 127.0.0.1 and announce another address of this machine, where the recorders are.
 */
@Timeout(300)
class ClusterTlsIT {
    private static final String CAT = "stty -echo; cat";
    private static final int LINES = 20_000;
    private static final String TYPED = "a secret that is typed";
    private static final String OUTPUT = "a secret that is put out";

    @TempDir
    static Path directory;

    private static Authority authority;
    private static Nodes nodes;
    private static Recorded one;
    private static Recorded two;

    /** A node, and what others have sent it. */
    private record Recorded(String host, int port, int busPort, CutProxy membership, CutProxy bus)
            implements AutoCloseable {
        static Recorded at(String host) throws IOException {
            int port = Nodes.freePort();
            int busPort = Nodes.freePort();
            return new Recorded(host, port, busPort, CutProxy.at(host, port), CutProxy.at(host, busPort));
        }

        String address() {
            return host + ":" + port;
        }

        Node start(Identity identity, String members) throws Exception {
            return nodes.add(nodes.start(
                    List.of(),
                    "cluster.port=" + port,
                    "cluster.busPort=" + busPort,
                    "cluster.publicHost=" + host,
                    "cluster.members=" + members,
                    "cluster.tls.certificate=" + identity.certificate(),
                    "cluster.tls.key=" + identity.key(),
                    "cluster.tls.ca=" + authority.certificate()));
        }

        @Override
        public void close() throws IOException {
            membership.close();
            bus.close();
        }
    }

    @BeforeAll
    static void start() throws Exception {
        authority = Authority.in(directory, "authority");
        nodes = new Nodes(directory);
        one = Recorded.at("127.0.0.11");
        two = Recorded.at("127.0.0.12");
        String members = one.address() + "," + two.address();
        one.start(authority.issue("one"), members);
        two.start(authority.issue("two"), members);
        nodes.awaitPeers(2);
    }

    @AfterAll
    static void end() throws Exception {
        nodes.close();
        one.close();
        two.close();
    }

    @Test
    void aSessionOfAnotherNodeIsAttachedAndNothingOfItIsReadableOnTheWay() throws Exception {
        Node owner = nodes.get(0);
        Node edge = nodes.get(1);
        String session = owner.shell("stty -echo; read line; i=0; while [ $i -lt " + LINES + " ]; do echo '" + OUTPUT
                + "'; i=$((i+1)); done; echo \"heard $line\"; cat");
        int before = two.bus().sent().length();
        int beforeInput = one.bus().sent().length();
        try (TcpClient client = TcpClient.connect(edge.hub())) {
            Subscription subscription = client.attach(session, new JsonObject().put("lag", "block"));
            subscription.until("snapshot");

            client.input(session, TYPED + "\n");

            subscription.untilText("heard " + TYPED);
            assertThat(subscription.outputBytes()).isGreaterThan((long) LINES * OUTPUT.length());
        }
        String sentToEdge = two.bus().sent().substring(before);
        String sentToOwner = one.bus().sent().substring(beforeInput);
        assertThat(sentToEdge.length()).isGreaterThan(LINES * OUTPUT.length());
        assertThat(sentToOwner).isNotEmpty();
        assertUnreadable(sentToEdge, TYPED, OUTPUT, session, "termbus.");
        assertUnreadable(sentToOwner, TYPED, OUTPUT, session, "termbus.");
    }

    @Test
    void whatTheMembershipCarriesIsReadableAndNothingOfSessions() throws Exception {
        Node owner = nodes.get(0);
        String session = owner.shell("stty -echo; read line; echo '" + OUTPUT + "'; cat");
        try (TcpClient client = TcpClient.connect(nodes.get(1).hub())) {
            Subscription subscription = client.attach(session, new JsonObject());
            client.input(session, TYPED + "\n");
            subscription.untilText(OUTPUT);
        }
        // the second node joins with its name and what stands for the token, on a connection that either may have
        // opened
        String fromTwo = one.membership().sent() + two.membership().answered();
        String fromOne = two.membership().sent() + one.membership().answered();
        assertThat(fromTwo.contains(nodes.get(1).name())).isTrue();
        assertThat(fromOne).isNotEmpty();
        assertUnreadable(fromTwo, TYPED, OUTPUT, Nodes.TOKEN.replace(' ', '-'));
        assertUnreadable(fromOne, TYPED, OUTPUT, Nodes.TOKEN.replace(' ', '-'));
    }

    private static void assertUnreadable(String sent, String... secrets) {
        for (String secret : secrets) {
            assertThat(sent.contains(secret)).as("%s is readable", secret).isFalse();
        }
    }

    @Test
    void nodesListenOnTheirOwnAddressAlone() {
        for (int port : List.of(one.port(), one.busPort())) {
            assertThatThrownBy(() -> new Socket("127.0.0.99", port).close()).isInstanceOf(ConnectException.class);
        }
    }

    @Test
    void theBusSaysNothingToWhoSpeaksInTheClear() throws Exception {
        try (Socket socket = new Socket("127.0.0.1", one.busPort())) {
            socket.setSoTimeout(20_000);
            socket.getOutputStream().write("\0\0\0\5hello".getBytes(StandardCharsets.US_ASCII));

            String answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);

            // closed, after a TLS alert at most
            assertThat(answer).hasSizeLessThanOrEqualTo(7);
        }
    }

    @Test
    void aNodeWithACertificateOfAnotherAuthorityIsNotOnTheBus() throws Exception {
        Node owner = nodes.get(0);
        String session = owner.shell(CAT);
        Identity stranger = Authority.in(directory, "other").issue("stranger");
        try (Node outsider = outsider(
                "cluster.tls.certificate=" + stranger.certificate(),
                "cluster.tls.key=" + stranger.key(),
                "cluster.tls.ca=" + authority.certificate())) {
            assertAreApart(owner, outsider);
            JsonObject attach = new JsonObject().put("session", session);
            Client.Refused refused = catchThrowableOfType(
                    Client.Refused.class, () -> outsider.operator().request(Client.FLOW, "attach", attach));
            assertThat(refused.code()).isEqualTo(503);
            // those who are in go on
            try (TcpClient client = TcpClient.connect(nodes.get(1).hub())) {
                Subscription subscription = client.attach(session, new JsonObject());
                client.input(session, "still there\n");
                subscription.untilText("still there\r\n");
            }
        }
    }

    @Test
    void aNodeWithoutTlsIsNotOnTheBus() throws Exception {
        try (Node outsider = outsider()) {
            assertAreApart(nodes.get(0), outsider);
        }
        // it asked in the clear, and in vain; so a recorder shows what can be read
        assertThat(one.bus().sent().contains("termbus.")).isTrue();
    }

    /** A node that has the admin token and reaches the membership. */
    private static Node outsider(String... settings) throws Exception {
        String[] all = Arrays.copyOf(settings, settings.length + 1);
        all[settings.length] = "cluster.members=" + one.address() + "," + two.address();
        return Node.of(nodes.start(List.of(), all));
    }

    private static void assertAreApart(Node owner, Node outsider) throws Exception {
        assertThat(outsider.hub().log()).contains("is in a cluster of 3");
        assertThat(outsider.peers()).containsExactly(outsider.name());
        assertThat(owner.peers()).hasSize(2).doesNotContain(outsider.name());
    }
}
