package io.termbus.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.termbus.e2e.Nodes.Node;
import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Three nodes, one of which is killed, stands still or is told to end. What a test has ended is started anew. */
@Timeout(300)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ClusterFaultsIT {
    private static final String CAT = "stty -echo; cat";
    private static final Duration SOON = Duration.ofSeconds(10);
    /** 2 s, and what a machine that is busy takes to send a request and a signal. */
    private static final Duration REFUSED = Duration.ofSeconds(3);

    @TempDir
    static Path directory;

    private Nodes nodes;

    @BeforeAll
    void start() throws Exception {
        // every byte of a flood stays held, so that who comes back late goes on where it was
        nodes = Nodes.three(directory, "flow.backlogBytes=16777216");
    }

    @BeforeEach
    void allThreeLive() throws Exception {
        nodes.fill();
    }

    @AfterAll
    void end() throws Exception {
        nodes.close();
    }

    @Test
    void aKilledOwnersSessionsLeaveTheListAndTheirSubscribersAreTold() throws Exception {
        Node owner = nodes.get(0);
        Node other = nodes.get(1);
        String session = owner.shell(CAT);
        try (TcpClient client = TcpClient.connect(nodes.get(2).hub())) {
            Subscription subscription = client.attach(session, new JsonObject());
            subscription.until("snapshot");

            kill(owner);

            Awaitility.await().atMost(SOON).until(() -> !other.sessions().contains(session));
            assertThat(subscription.untilDisconnected()).isEqualTo("owner_unreachable");
            // the node and its clients go on
            String next = Nodes.create(client, other.name(), CAT);
            client.attach(next, new JsonObject()).until("snapshot");
        }
    }

    private static void kill(Node node) throws Exception {
        node.hub().signal("KILL");
        node.hub().exitStatus();
    }

    @Test
    void aClientOfAKilledNodeGoesOnAtAnotherWithNoByteTwiceOrMissing() throws Exception {
        Node owner = nodes.get(0);
        Node killed = nodes.get(2);
        String session = owner.shell(Flood.SCRIPT);
        MessageDigest digest = MessageDigest.getInstance("SHA-256");
        long offset;
        try (TcpClient client = TcpClient.connect(killed.hub())) {
            Subscription start = client.attach(session, new JsonObject());
            start.untilText(Flood.READY + "\r\n");
            Subscription before = client.attach(session, from(start.offset()))
                    .startingAt(start.offset())
                    .digestedInto(digest);
            owner.operator().input(session, Flood.GO);
            for (int i = 0; i < 20; i++) {
                before.take();
            }
            kill(killed);
            offset = before.offset();
            assertThat(before.snapshots()).isZero();
        }
        try (WebSocketClient client = WebSocketClient.connect(nodes.get(1).hub())) {
            Subscription after =
                    client.attach(session, from(offset)).startingAt(offset).digestedInto(digest);

            JsonObject exit = after.until("exit").getJsonObject("body");

            assertThat(exit.getInteger("code")).isEqualTo(Flood.EXIT_CODE);
            assertThat(after.snapshots()).isZero();
            assertThat(HexFormat.of().formatHex(digest.digest())).isEqualTo(Flood.sha256());
        }
    }

    @Test
    void aRequestUnderWayToAKilledNodeIsAnsweredAtOnce() throws Exception {
        Node killed = nodes.get(2);
        String session = killed.shell(CAT);
        ExecutorService asking = Executors.newSingleThreadExecutor();
        try (TcpClient client = TcpClient.connect(nodes.get(0).hub())) {
            // it takes the request, and does not come to answer it
            killed.hub().signal("STOP");
            long begin = System.nanoTime();
            Future<JsonObject> answer =
                    asking.submit(() -> client.request(Client.session(session), "snapshot", new JsonObject()));
            kill(killed);

            assertThatThrownBy(() -> answer.get(30, TimeUnit.SECONDS))
                    .cause()
                    .isInstanceOfSatisfying(
                            Client.Refused.class,
                            refused -> assertThat(refused.code()).isEqualTo(503));
            assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(REFUSED);
        } finally {
            asking.shutdownNow();
        }
    }

    private static JsonObject from(long offset) {
        return new JsonObject().put("lag", "block").put("from", offset);
    }

    @Test
    void aNodeThatStoodStillGoesOnWhereItWasAndHeldNobodyUp() throws Exception {
        Node owner = nodes.get(0);
        Node stopped = nodes.get(2);
        String session = owner.shell(Flood.SCRIPT);
        try (TcpClient client = TcpClient.connect(stopped.hub());
                TcpClient local = TcpClient.connect(owner.hub())) {
            Subscription remote = client.attach(session, new JsonObject());
            remote.untilText(Flood.READY + "\r\n");
            remote.startOver();
            Subscription here = local.attach(session, new JsonObject().put("lag", "block"));
            here.untilText(Flood.READY);

            stopped.hub().signal("STOP");
            owner.operator().input(session, Flood.GO);
            here.until("exit");
            // it is out, as far as the others know
            Nodes.await(() -> owner.peers().size() == 2);
            stopped.hub().signal("CONT");

            JsonObject exit = remote.until("exit").getJsonObject("body");
            assertThat(exit.getInteger("code")).isEqualTo(Flood.EXIT_CODE);
            assertThat(remote.snapshots()).isEqualTo(1);
            assertThat(remote.sha256()).isEqualTo(Flood.sha256());
            nodes.awaitPeers(3);
        }
    }

    @Test
    void anOwnerThatStoodStillIsGivenUpAndComesBack() throws Exception {
        Node stopped = nodes.get(0);
        Node other = nodes.get(1);
        String session = stopped.shell(CAT);
        try (TcpClient client = TcpClient.connect(other.hub())) {
            Subscription before = client.attach(session, new JsonObject());
            before.until("snapshot");

            stopped.hub().signal("STOP");
            client.tell(Client.session(session), "input", new JsonObject().put("data", "typed while it stood still\n"));
            assertThat(before.untilDisconnected()).isEqualTo("owner_unreachable");
            Nodes.await(() -> !other.sessions().contains(session));
            stopped.hub().signal("CONT");

            Nodes.await(() -> other.sessions().contains(session));
            Subscription after = client.attach(session, new JsonObject());
            after.until("snapshot");
            client.input(session, "typed when it was back\n");
            after.untilText("typed when it was back\r\n");
            nodes.awaitPeers(3);
            assertThat(nodes.get(2).sessions()).contains(session);
        }
    }

    @Test
    void aNodeThatIsToldToEndSaysSoEverywhere() throws Exception {
        Node ending = nodes.get(0);
        Node other = nodes.get(1);
        String its = ending.shell(CAT);
        String others = other.shell(CAT);
        try (TcpClient remote = TcpClient.connect(other.hub());
                TcpClient own = TcpClient.connect(ending.hub())) {
            Subscription ofIts = remote.attach(its, new JsonObject());
            ofIts.until("snapshot");
            Subscription ofOthers = own.attach(others, new JsonObject());
            ofOthers.until("snapshot");

            ending.hub().signal("TERM");

            assertThat(ofIts.untilDisconnected()).isEqualTo("shutdown");
            assertThat(ofOthers.untilDisconnected()).isEqualTo("shutdown");
            assertThat(ending.hub().exitStatus()).isZero();
            Awaitility.await().atMost(SOON).until(() -> other.peers().size() == 2);
            assertThat(other.sessions()).contains(others).doesNotContain(its);
        }
        try (TcpClient client = TcpClient.connect(nodes.get(2).hub())) {
            client.attach(others, new JsonObject()).until("snapshot");
        }
    }

    @Test
    void nothingOfHazelcastIsLoadedWithoutAClusterAndItIsWithOne() throws Exception {
        try (HubProcess alone = HubProcess.start(directory);
                TcpClient client = TcpClient.connect(alone)) {
            client.attach(client.shell(CAT), new JsonObject()).until("snapshot");

            assertThat(loadedClasses(alone))
                    .anyMatch(name -> name.contains("io.termbus.session.SessionVerticle"))
                    .filteredOn(name -> name.contains("hazelcast"))
                    .isEmpty();
            assertThat(loadedClasses(nodes.get(0).hub())).anyMatch(name -> name.contains("com.hazelcast"));
        }
    }

    private static List<String> loadedClasses(HubProcess hub) throws Exception {
        Path jcmd = Path.of(System.getProperty("java.home"), "bin", "jcmd");
        Process process = new ProcessBuilder(jcmd.toString(), Long.toString(hub.pid()), "VM.class_hierarchy").start();
        return process.inputReader().lines().toList();
    }
}
