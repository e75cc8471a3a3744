package io.termbus.bench;

import io.termbus.bench.BusClient.Transport;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What it costs to reach a session over another node. */
final class Cluster {
    private static final int KEYS = 1000;
    private static final int FLOODS = 10;
    private static final int FLOOD_MS = 500;
    private static final List<Integer> SUBSCRIBERS = List.of(1, 10, 100);
    private static final List<Transport> TRANSPORTS = List.of(Transport.TCP, Transport.TCP_BINARY);
    private static final Pattern SENT = Pattern.compile("bytes_sent:(\\d+)");

    /** Of W2: until the JVM of the second node has compiled what only it runs. */
    private static final int WARM_UP_ROUNDS = 3;

    /** W2 at the session's own node and at the other. */
    private static final class Ways {
        private final Stats local = new Stats();
        private final Stats remote = new Stats();
        private final Stats ratio = new Stats();
        private final Stats localCpu = new Stats();
        private final Stats remoteCpu = new Stats();

        void add(QuietRuns.Measured<Consumer.Result> near, QuietRuns.Measured<Consumer.Result> far) {
            double nearSpeed = near.result().megabytesPerSecond();
            double farSpeed = far.result().megabytesPerSecond();
            local.add(nearSpeed);
            remote.add(farSpeed);
            ratio.add(farSpeed / nearSpeed);
            localCpu.add(near.hubCpuSeconds());
            remoteCpu.add(far.hubCpuSeconds());
        }

        void row(StringBuilder table, String name) {
            Report.row(table, name, local.text(1), remote.text(1), ratio.text(2), localCpu.text(2), remoteCpu.text(2));
        }
    }

    private final HubProcess owner;
    private final HubProcess edge;
    private final int edgeBusPort;
    private final QuietRuns quiet;

    private Cluster(HubProcess owner, HubProcess edge, int edgeBusPort) {
        this.owner = owner;
        this.edge = edge;
        this.edgeBusPort = edgeBusPort;
        this.quiet = new QuietRuns(owner, edge);
    }

    static StringBuilder run(Settings settings) throws Exception {
        int edgeBusPort = freePort();
        String[] common = {
            "auth.token=a-token-of-the-benchmarks",
            "cluster.name=bench-" + edgeBusPort,
            "cluster.port=" + freePort(),
            "connection.max=300",
            "flow.stallSeconds=0",
            "session.exitedRetentionSeconds=2"
        };
        try (HubProcess owner = HubProcess.start(settings, common);
                HubProcess edge = HubProcess.start(settings, with(common, "cluster.busPort=" + edgeBusPort));
                BusClient control = BusClient.tcp(owner)) {
            while (control.nodes() < 2) {
                Thread.sleep(FLOOD_MS);
            }
            return new Cluster(owner, edge, edgeBusPort).report(settings);
        }
    }

    private StringBuilder report(Settings settings) throws Exception {
        StringBuilder out = throughput(Workload.lines(settings.directory()), settings.rounds());
        out.append('\n').append(echo(settings.rounds()));
        out.append('\n').append(bytesBetween());
        return out.append('\n').append(quiet.text());
    }

    private StringBuilder throughput(Workload workload, int rounds) throws Exception {
        StringBuilder table = Report.table(
                "W2, block", "local MB/s", "remote MB/s", "remote of local", "CPU s local", "CPU s remote");
        Map<Transport, Ways> all = new EnumMap<>(Transport.class);
        TRANSPORTS.forEach(transport -> all.put(transport, new Ways()));
        for (int round = -WARM_UP_ROUNDS; round < rounds; round++) {
            for (Transport transport : TRANSPORTS) {
                QuietRuns.Measured<Consumer.Result> near = quiet.run(() -> once(workload, owner, transport));
                QuietRuns.Measured<Consumer.Result> far = quiet.run(() -> once(workload, edge, transport));
                if (round >= 0) {
                    all.get(transport).add(near, far);
                }
            }
        }
        all.forEach((transport, ways) -> ways.row(table, transport.title));
        return table;
    }

    private Consumer.Result once(Workload workload, HubProcess at, Transport transport) throws IOException {
        try (BusClient control = BusClient.tcp(owner);
                BusClient client = BusClient.connect(at, transport)) {
            String session = control.createHere(workload.command());
            Consumer consumer = new Consumer(client, false);
            consumer.attach(session, "block");
            long began = System.nanoTime();
            control.input(session, "\r");
            return consumer.consume(began);
        }
    }

    private StringBuilder echo(int rounds) throws Exception {
        Map<String, List<Stats>> ways = new LinkedHashMap<>();
        for (int round = -1; round < rounds; round++) {
            for (boolean flooded : List.of(false, true)) {
                for (HubProcess at : List.of(owner, edge)) {
                    String name = (at == owner ? "local" : "remote")
                            + (flooded ? ", " + FLOODS + " floods cross to the other node" : "");
                    Stats keys =
                            flooded ? flooded(at) : quiet.run(() -> keys(at)).result();
                    if (round >= 0) {
                        List<Stats> figures = ways.computeIfAbsent(name, n -> List.of(new Stats(), new Stats()));
                        figures.get(0).add(keys.median());
                        figures.get(1).add(keys.percentile(99));
                    }
                }
            }
        }
        StringBuilder table = Report.table("echo", "p50 ms", "p99 ms");
        ways.forEach((name, figures) ->
                Report.row(table, name, figures.get(0).text(3), figures.get(1).text(2)));
        return table;
    }

    private Stats keys(HubProcess at) throws IOException {
        Stats ms = new Stats();
        try (BusClient control = BusClient.tcp(owner);
                BusClient client = BusClient.tcp(at)) {
            String session = control.createHere(Latency.ECHO);
            client.attach(session, "skip", false);
            Latency.type(client, session, KEYS, ms);
            control.kill(session);
        }
        return ms;
    }

    private Stats flooded(HubProcess at) throws Exception {
        AtomicBoolean stopped = new AtomicBoolean();
        List<Thread> readers = new ArrayList<>();
        List<String> sessions = new ArrayList<>();
        try (BusClient control = BusClient.tcp(owner)) {
            for (int i = 0; i < FLOODS; i++) {
                String session = control.createHere(Latency.FLOOD);
                sessions.add(session);
                readers.add(Latency.started(() -> Latency.read(edge, session, stopped)));
            }
            Thread.sleep(FLOOD_MS);
            Stats ms = keys(at);
            Latency.end(control, sessions, readers, stopped);
            return ms;
        }
    }

    private StringBuilder bytesBetween() throws Exception {
        StringBuilder table = Report.table(
                "W1 to so many subscribers of the other node",
                "output MB",
                "sent from node to node MB",
                "times the output");
        for (int subscribers : SUBSCRIBERS) {
            long before = sent();
            long output = many(subscribers);
            double sent = (sent() - before) / 1e6;
            Report.row(
                    table,
                    subscribers,
                    String.format(Locale.ROOT, "%.2f", output / 1e6),
                    String.format(Locale.ROOT, "%.2f", sent),
                    String.format(Locale.ROOT, "%.3f", sent / (output / 1e6)));
        }
        return table;
    }

    private long many(int subscribers) throws Exception {
        ExecutorService threads = Executors.newCachedThreadPool();
        List<BusClient> clients = new ArrayList<>();
        try (BusClient control = BusClient.tcp(owner)) {
            String session = control.createHere(Workload.numbers().command());
            List<Consumer> consumers = new ArrayList<>();
            for (int i = 0; i < subscribers; i++) {
                BusClient client = BusClient.tcp(edge);
                clients.add(client);
                Consumer consumer = new Consumer(client, false);
                consumer.attach(session, "block");
                consumers.add(consumer);
            }
            List<Future<Consumer.Result>> running = new ArrayList<>();
            long began = System.nanoTime();
            for (Consumer each : consumers) {
                running.add(threads.submit(() -> each.consume(began)));
            }
            control.input(session, "\r");
            long output = 0;
            for (Future<Consumer.Result> each : running) {
                output = each.get().outputBytes();
            }
            return output;
        } finally {
            threads.shutdownNow();
            for (BusClient client : clients) {
                client.close();
            }
        }
    }

    /** On all connections to the edge's bus, so far. */
    private long sent() throws IOException {
        Process ss = new ProcessBuilder("ss", "-tinH", "dport = :" + edgeBusPort).start();
        String said = new String(ss.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        long all = 0;
        for (Matcher each = SENT.matcher(said); each.find(); ) {
            all += Long.parseLong(each.group(1));
        }
        if (all == 0) {
            throw new IOException("ss tells of no connection between the nodes: " + said);
        }
        return all;
    }

    private static String[] with(String[] settings, String more) {
        List<String> all = new ArrayList<>(List.of(settings));
        all.add(more);
        return all.toArray(new String[0]);
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }
}
