package io.termbus.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.termbus.e2e.Nodes.Node;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Three nodes in three network namespaces, and their wires cut: whatever was cut, and for however long, the cluster is
 * whole soon after. Needs root. Briefly here; {@code -Pcuts} makes as many cuts as it is told and writes their times to
 * {@code target/cuts.csv}.
 */
@Timeout(36_000)
class HealingIT {
    private static final String CAT = "stty -echo; cat";
    private static final Duration WHOLE = Duration.ofSeconds(30);
    /** Of each kind. */
    private static final int CUTS = Integer.getInteger("termbus.cuts", 1);

    private static final int LEAST_SECONDS = Integer.getInteger("termbus.cutSecondsFrom", 12);
    private static final int MOST_SECONDS = Integer.getInteger("termbus.cutSecondsTo", 12);
    private static final Path TIMES = Path.of("target", "cuts.csv");

    private enum Cut {
        /** One of three wires. */
        HALF {
            @Override
            void make(Namespaces net) throws IOException {
                net.lose(1, 2);
                net.lose(2, 1);
            }
        },
        /** One node is alone. */
        FULL {
            @Override
            void make(Namespaces net) throws IOException {
                for (int other : List.of(2, 3)) {
                    net.lose(1, other);
                    net.lose(other, 1);
                }
            }
        },
        /** One node hears the others, and they do not hear it. */
        ONE_WAY {
            @Override
            void make(Namespaces net) throws IOException {
                net.lose(1, 2);
                net.lose(1, 3);
            }
        };

        abstract void make(Namespaces net) throws IOException;
    }

    @TempDir
    Path directory;

    private final Random random = new Random(5);
    private final List<String> sessions = new ArrayList<>();

    @Test
    void whateverIsCutTheClusterIsWholeAgain() throws Exception {
        assumeTrue(Namespaces.possible(), "no root, or no iproute2: network namespaces cannot be made");
        try (Namespaces net = new Namespaces(3);
                Nodes nodes = new Nodes(directory, "tls.allowPlaintext=true", "cluster.allowPlaintext=true")) {
            for (int side = 1; side <= 3; side++) {
                start(nodes, net, side);
            }
            nodes.awaitPeers(3);
            for (int i = 0; i < 3; i++) {
                sessions.add(nodes.get(i).shell(CAT));
            }
            for (int round = 0; round < CUTS; round++) {
                for (Cut cut : Cut.values()) {
                    cutAndMend(net, nodes, cut);
                }
            }
            for (int i = 0; i < 3; i++) {
                assertThat(nodes.get(i).hub().log()).doesNotContain("Promise already completed");
            }
        }
    }

    private static void start(Nodes nodes, Namespaces net, int side) throws Exception {
        String host = net.address(side);
        nodes.add(nodes.start(
                net.inside(side),
                "http.host=" + host,
                "tcp.host=" + host,
                "cluster.host=" + host,
                "cluster.members=" + net.address(1) + "," + net.address(2) + "," + net.address(3)));
    }

    private void cutAndMend(Namespaces net, Nodes nodes, Cut cut) throws Exception {
        int seconds = LEAST_SECONDS + random.nextInt(MOST_SECONDS - LEAST_SECONDS + 1);
        Node parted = nodes.get(0);
        Node whole = nodes.get(2);
        long until = System.nanoTime() + TimeUnit.SECONDS.toNanos(seconds);
        cut.make(net);
        try {
            Nodes.await(() -> !parted.peers().contains(nodes.get(1).name()));
            Awaitility.await()
                    .atMost(Duration.ofSeconds(seconds + 60L))
                    .pollInterval(Duration.ofMillis(500))
                    .until(() -> {
                        // the node whose wires are fine stays a member for those that it reaches
                        assertThat(cut == Cut.HALF ? whole.peers().size() : 3).isEqualTo(3);
                        return System.nanoTime() >= until;
                    });
        } finally {
            net.loseNothing();
        }
        long mended = System.nanoTime();
        Awaitility.await()
                .atMost(WHOLE)
                .pollInterval(Duration.ofMillis(100))
                .until(() -> IntStream.range(0, 3).allMatch(i -> isWhole(nodes.get(i))));
        long took = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - mended);
        record(cut + "," + seconds + "," + took);
        for (int i = 0; i < 3; i++) {
            for (String session : sessions) {
                nodes.get(i).operator().request(Client.session(session), "input", new JsonObject().put("data", "x\n"));
            }
        }
    }

    private boolean isWhole(Node node) {
        try {
            return node.peers().size() == 3 && node.sessions().containsAll(sessions);
        } catch (Exception e) {
            return false;
        }
    }

    private static void record(String line) throws IOException {
        Files.createDirectories(TIMES.getParent());
        Files.writeString(TIMES, line + "\n", StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    }
}
