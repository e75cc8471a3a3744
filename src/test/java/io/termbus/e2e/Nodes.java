package io.termbus.e2e;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.stream.Collectors;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionTimeoutException;

/** Processes of {@code --cluster} that find each other on ports of their own; killed when the test ends. */
final class Nodes implements AutoCloseable {
    static final String TOKEN = "a token of the tests of clusters";
    private static final Duration LIMIT = Duration.ofSeconds(120);

    private final Path directory;
    private final String[] settings;
    private final String name = "test-" + Long.toHexString(new SecureRandom().nextLong());
    private final int port = freePort();
    private final List<Node> all = new ArrayList<>();

    /** One node, and an operator at it. */
    record Node(HubProcess hub, TcpClient operator, String name) implements AutoCloseable {
        static Node of(HubProcess hub) throws Exception {
            TcpClient operator = TcpClient.connect(hub);
            return new Node(
                    hub,
                    operator,
                    operator.request(Client.HUB, "info", new JsonObject()).getString("node"));
        }

        /** Creates a session on this node that runs {@code script}; its id. */
        String shell(String script) throws Exception {
            return create(operator, name, script);
        }

        List<String> sessions() throws Exception {
            return ids(operator.request(Client.HUB, "list", new JsonObject()).getJsonArray("sessions"));
        }

        /** Names of the nodes that answer this one. */
        List<String> peers() throws Exception {
            return operator.request(Client.HUB, "nodes", new JsonObject()).getJsonArray("nodes").stream()
                    .map(each -> ((JsonObject) each).getString("node"))
                    .toList();
        }

        /** Names of the nodes that were members, as this one knows. */
        List<String> lost() throws Exception {
            return operator
                    .request(Client.HUB, "nodes", new JsonObject())
                    .getJsonArray("lost", new JsonArray())
                    .stream()
                    .map(String::valueOf)
                    .toList();
        }

        @Override
        public void close() throws IOException {
            operator.close();
            hub.close();
        }
    }

    /** @param settings of every node, {@code key=value} each */
    Nodes(Path directory, String... settings) throws IOException {
        this.directory = directory;
        this.settings = settings;
    }

    /** The first founds the cluster; the others join it at the same time. */
    static Nodes three(Path directory, String... settings) throws Exception {
        Nodes nodes = new Nodes(directory, settings);
        try {
            nodes.fill();
            return nodes;
        } catch (Exception | AssertionError e) {
            nodes.close();
            throw e;
        }
    }

    /** Starts as many as are missing of three, and waits until each knows all. Those that have ended go. */
    void fill() throws Exception {
        for (Node node : List.copyOf(all)) {
            if (!node.hub().isAlive()) {
                all.remove(node);
                node.close();
            }
        }
        if (all.isEmpty()) {
            all.add(Node.of(start()));
        }
        List<CompletableFuture<HubProcess>> starting = new ArrayList<>();
        for (int i = all.size(); i < 3; i++) {
            starting.add(CompletableFuture.supplyAsync(this::startUnchecked));
        }
        for (CompletableFuture<HubProcess> each : starting) {
            all.add(Node.of(each.get()));
        }
        awaitPeers(3);
    }

    private HubProcess startUnchecked() {
        try {
            return start();
        } catch (IOException e) {
            throw new CompletionException(e);
        }
    }

    private HubProcess start() throws IOException {
        return start(List.of());
    }

    /** @param before the command that runs the hub's */
    HubProcess start(List<String> before, String... more) throws IOException {
        Path home = Files.createTempDirectory(directory, "node");
        List<String> own = new ArrayList<>(List.of(settings));
        own.addAll(List.of("auth.token=" + TOKEN.replace(' ', '-'), "cluster.name=" + name, "cluster.port=" + port));
        own.addAll(List.of(more));
        return HubProcess.start(home, before, List.of("--cluster"), own.toArray(new String[0]));
    }

    Node add(HubProcess hub) throws Exception {
        Node node = Node.of(hub);
        all.add(node);
        return node;
    }

    Node get(int index) {
        return all.get(index);
    }

    /** Until every node hears that many answer, itself among them. */
    void awaitPeers(int count) {
        try {
            for (Node node : all) {
                await(() -> node.peers().size() == count);
            }
        } catch (ConditionTimeoutException e) {
            throw new AssertionError("not " + count + " nodes:\n" + logs(), e);
        }
    }

    /** What all of them have logged. */
    String logs() {
        return all.stream()
                .map(node -> {
                    try {
                        return node.name() + ":\n" + node.hub().log();
                    } catch (IOException e) {
                        return node.name() + ": " + e;
                    }
                })
                .collect(Collectors.joining("\n"));
    }

    static void await(java.util.concurrent.Callable<Boolean> state) {
        Awaitility.await().atMost(LIMIT).pollInterval(Duration.ofMillis(100)).until(state);
    }

    /** Creates a session on a node of that name; its id. */
    static String create(Client client, String node, String script) throws Exception {
        JsonObject body = new JsonObject().put("node", node).put("command", List.of("sh", "-c", script));
        return client.request(Client.HUB, "create", body).getString("id");
    }

    static List<String> ids(JsonArray sessions) {
        return sessions.stream()
                .map(each -> ((JsonObject) each).getString("id"))
                .toList();
    }

    /** With two more free ports above it, most likely. */
    static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return Math.min(socket.getLocalPort(), 65_000);
        }
    }

    @Override
    public void close() throws IOException {
        for (Node node : all) {
            node.close();
        }
        all.clear();
    }
}
