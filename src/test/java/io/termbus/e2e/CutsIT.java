package io.termbus.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.termbus.e2e.Nodes.Node;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * A session that clients of two nodes watch while the wire between them is cut again and again. Needs root. Briefly here;
 * {@code -Pcuts} makes more cuts before more clients.
 */
@Timeout(900)
class CutsIT {
    /** At each node. */
    private static final int WATCHERS = Integer.getInteger("termbus.watchers", 20);

    private static final int CUTS = Integer.getInteger("termbus.shortCuts", 6);
    /** Less than the time that an edge tries to reach an owner it has lost. */
    private static final int MOST_MILLIS = 3_500;

    private static final int LINE_BYTES = 10;

    @TempDir
    Path directory;

    private final Random random = new Random(Long.getLong("termbus.cutSeed", 7));

    /** Counts, 20 lines a second, until {@code end} is there. */
    private static String script(Path end) {
        return "stty -echo; echo " + Flood.READY + "; read go; i=0; while [ ! -e " + end
                + " ]; do i=$((i+1)); printf '%08d\\n' $i; sleep 0.05; done; exit " + Flood.EXIT_CODE;
    }

    @Test
    void nobodyMissesAByteThroughShortCuts() throws Exception {
        assumeTrue(Namespaces.possible(), "no root, or no iproute2: network namespaces cannot be made");
        ExecutorService readers = Executors.newFixedThreadPool(2 * WATCHERS);
        try (Namespaces net = new Namespaces();
                Nodes nodes = new Nodes(
                        directory,
                        "tls.allowPlaintext=true",
                        "cluster.allowPlaintext=true",
                        "connection.max=300",
                        "connection.maxPerAddress=300")) {
            Node owner = start(nodes, net, 1);
            Node edge = start(nodes, net, 2);
            nodes.awaitPeers(2);
            Path end = directory.resolve("end");
            String session = owner.shell(script(end));
            Map<Subscription, Node> watchers = new LinkedHashMap<>();
            for (Node node : List.of(owner, edge)) {
                for (int i = 0; i < WATCHERS; i++) {
                    Subscription watcher = TcpClient.connect(node.hub()).attach(session, new JsonObject());
                    watcher.untilText(Flood.READY + "\r\n");
                    watcher.startOver();
                    watchers.put(watcher, node);
                }
            }
            owner.operator().input(session, Flood.GO);
            // not before: each of them waits for its next delivery so long as a client waits, and no longer
            List<Future<Subscription.Seen>> watching = new ArrayList<>();
            watchers.forEach((watcher, node) -> watching.add(readers.submit(() -> seen(watcher, node.name()))));
            for (int cut = 0; cut < CUTS; cut++) {
                pass(500 + random.nextInt(1_000));
                net.cut();
                pass(100 + random.nextInt(MOST_MILLIS));
                net.mend();
            }
            Files.createFile(end);
            try {
                assertAllSawTheSame(watching);
            } catch (ExecutionException e) {
                throw new AssertionError(nodes.logs(), e);
            }
        } finally {
            readers.shutdownNow();
        }
    }

    private static void assertAllSawTheSame(List<Future<Subscription.Seen>> watching) throws Exception {
        String expected = "";
        for (Future<Subscription.Seen> each : watching) {
            Subscription.Seen all = each.get(60, TimeUnit.SECONDS);
            expected = expected.isEmpty() ? sha256(all.bytes()) : expected;
            assertThat(all.exit().getInteger("code")).isEqualTo(Flood.EXIT_CODE);
            assertThat(all.snapshots()).isEqualTo(1);
            assertThat(all.sha256()).isEqualTo(expected);
        }
    }

    private static Subscription.Seen seen(Subscription watcher, String node) throws Exception {
        JsonObject delivery = watcher.take();
        while (!"exit".equals(delivery.getJsonObject("headers").getString("kind"))) {
            assertThat(delivery.getJsonObject("headers").getString("kind"))
                    .as("at %s: %s", node, delivery.encode())
                    .isNotEqualTo("disconnected");
            delivery = watcher.take();
        }
        return new Subscription.Seen(
                watcher.outputBytes(), watcher.sha256(), watcher.snapshots(), delivery.getJsonObject("body"));
    }

    private static void pass(int millis) {
        long until = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis);
        Awaitility.await()
                .pollInterval(Duration.ofMillis(10))
                .atMost(Duration.ofSeconds(60))
                .until(() -> System.nanoTime() >= until);
    }

    /** Of all that was counted, in so many bytes. */
    private static String sha256(long bytes) throws NoSuchAlgorithmException {
        assertThat(bytes).isPositive();
        assertThat(bytes % LINE_BYTES).isZero();
        MessageDigest digest = MessageDigest.getInstance("SHA-256");
        for (long line = 1; line <= bytes / LINE_BYTES; line++) {
            digest.update(String.format(Locale.ROOT, "%08d\r\n", line).getBytes(StandardCharsets.US_ASCII));
        }
        return HexFormat.of().formatHex(digest.digest());
    }

    private static Node start(Nodes nodes, Namespaces net, int side) throws Exception {
        String host = net.address(side);
        return nodes.add(nodes.start(
                net.inside(side),
                "http.host=" + host,
                "tcp.host=" + host,
                "cluster.host=" + host,
                "cluster.members=" + net.address(1) + "," + net.address(2)));
    }
}
