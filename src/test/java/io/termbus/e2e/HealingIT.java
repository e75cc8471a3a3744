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
 * Three nodes in three network namespaces, and their wires cut, or one of them stopped: whatever it was, and for however
 * long, the cluster is whole soon after, and the healthy nodes went on at their pace. Needs root. Briefly here;
 * {@code -Pcuts} makes as many faults as it is told. What they took goes to {@code target/cuts.csv} and
 * {@code target/cuts-pace.csv}.
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
    private static final Path PACE = Path.of("target", "cuts-pace.csv");
    /** How long the usual pace is measured before each fault. */
    private static final int USUAL_SECONDS = 3;

    private enum Fault {
        /** One of three wires. */
        HALF {
            @Override
            void make(Namespaces net, Node first) throws Exception {
                net.lose(1, 2);
                net.lose(2, 1);
            }
        },
        /** One node is alone. */
        FULL {
            @Override
            void make(Namespaces net, Node first) throws Exception {
                for (int other : List.of(2, 3)) {
                    net.lose(1, other);
                    net.lose(other, 1);
                }
            }
        },
        /** One node hears the others, and they do not hear it. */
        ONE_WAY {
            @Override
            void make(Namespaces net, Node first) throws Exception {
                net.lose(1, 2);
                net.lose(1, 3);
            }
        },
        /** One node stands still. */
        HUNG {
            @Override
            void make(Namespaces net, Node first) throws Exception {
                first.hub().signal("STOP");
            }

            @Override
            void mend(Namespaces net, Node first) throws Exception {
                first.hub().signal("CONT");
            }
        };

        abstract void make(Namespaces net, Node first) throws Exception;

        void mend(Namespaces net, Node first) throws Exception {
            net.loseNothing();
        }
    }

    @TempDir
    Path directory;

    private final Random random = new Random(5);
    private final List<String> sessions = new ArrayList<>();

    @Test
    void whateverIsCutTheClusterIsWholeAgain() throws Exception {
        assumeTrue(Namespaces.possible(), "no root, or no iproute2: network namespaces cannot be made");
        try (Namespaces net = new Namespaces(3);
                Nodes nodes = new Nodes(
                        directory,
                        "tls.allowPlaintext=true",
                        "cluster.allowPlaintext=true",
                        "session.exitedRetentionSeconds=1")) {
            for (int side = 1; side <= 3; side++) {
                start(nodes, net, side);
            }
            nodes.awaitPeers(3);
            for (int i = 0; i < 3; i++) {
                sessions.add(nodes.get(i).shell(CAT));
            }
            List<Node> healthy = List.of(nodes.get(1), nodes.get(2));
            Pace pace = new Pace(healthy, List.of(sessions.get(1), sessions.get(2), sessions.get(0)));
            for (int round = 0; round < CUTS; round++) {
                for (Fault fault : Fault.values()) {
                    makeAndMend(net, nodes, fault, pace);
                    Files.write(PACE, pace.lines());
                }
            }
            pace.assertHeldUpByNobody();
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

    private void makeAndMend(Namespaces net, Nodes nodes, Fault fault, Pace pace) throws Exception {
        int seconds = seconds();
        Node first = nodes.get(0);
        pace.measure(false, () -> {
            wait(nodes, 3, System.nanoTime() + TimeUnit.SECONDS.toNanos(USUAL_SECONDS));
            return null;
        });
        long until = System.nanoTime() + TimeUnit.SECONDS.toNanos(seconds);
        fault.make(net, first);
        try {
            if (fault == Fault.HALF) {
                wait(nodes, 3, until);
            } else {
                pace.measure(true, () -> {
                    wait(nodes, 2, until);
                    return null;
                });
            }
            Nodes.await(() -> !nodes.get(1).peers().contains(first.name()));
        } finally {
            fault.mend(net, first);
        }
        long mended = System.nanoTime();
        Awaitility.await()
                .atMost(WHOLE)
                .pollInterval(Duration.ofMillis(100))
                .until(() -> IntStream.range(0, 3).allMatch(i -> isWhole(nodes.get(i))));
        long took = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - mended);
        String load = Files.readString(Path.of("/proc/loadavg")).split(" ")[0];
        record(fault + "," + seconds + "," + took + "," + load);
        for (int i = 0; i < 3; i++) {
            for (String session : sessions) {
                nodes.get(i).operator().request(Client.session(session), "input", new JsonObject().put("data", "x\n"));
            }
        }
    }

    /** Short ones are as likely as long ones: from 5 to 10 s as from 50 to 100 s. */
    private int seconds() {
        return (int) Math.round(LEAST_SECONDS * Math.pow((double) MOST_SECONDS / LEAST_SECONDS, random.nextDouble()));
    }

    /**
     * The second and the third, which have a fine wire between them, never lose each other.
     *
     * @param reached by the third, itself among them
     */
    private static void wait(Nodes nodes, int reached, long until) {
        Node second = nodes.get(1);
        Node third = nodes.get(2);
        Awaitility.await()
                .atMost(Duration.ofNanos(until - System.nanoTime()).plusSeconds(60))
                .pollInterval(Duration.ofMillis(500))
                .until(() -> {
                    assertThat(second.lost()).doesNotContain(third.name());
                    assertThat(third.lost()).doesNotContain(second.name()).hasSizeLessThanOrEqualTo(3 - reached);
                    return System.nanoTime() >= until;
                });
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
