package io.termbus.bench;

import io.termbus.bench.BusClient.Transport;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;

/** The hub beside the servers that the user named, in the same rounds. */
final class Peers {
    private static final int KEYS = 1000;
    private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

    /** A way to a terminal; its figures of all rounds. */
    private static final class Way {
        final String name;
        final Optional<Callable<Served>> lines;
        final Callable<Stats> keys;
        final Stats rate = new Stats();
        final Stats ratio = new Stats();
        final Stats cpu = new Stats();
        final Stats child = new Stats();
        final Stats p50 = new Stats();
        final Stats p99 = new Stats();

        Way(String name, Optional<Callable<Served>> lines, Callable<Stats> keys) {
            this.name = name;
            this.lines = lines;
            this.keys = keys;
        }

        /** @param raw MB/s of the raw reader in this round */
        void run(double raw, boolean counts) throws Exception {
            Optional<Served> served =
                    lines.isPresent() ? Optional.of(lines.get().call()) : Optional.empty();
            Stats echo = keys.call();
            if (counts) {
                served.ifPresent(of -> add(of, raw));
                p50.add(echo.median());
                p99.add(echo.percentile(99));
            }
        }

        private void add(Served served, double raw) {
            rate.add(served.megabytesPerSecond());
            ratio.add(served.megabytesPerSecond() / raw);
            cpu.add(served.serverCpu());
            child.add(served.childCpu());
        }

        void row(StringBuilder table, Way first) {
            boolean served = lines.isPresent();
            Report.row(
                    table,
                    name,
                    served ? rate.text(1) : "",
                    served ? ratio.text(2) : "",
                    served ? cpu.text(2) : "",
                    served ? child.text(2) : "",
                    p50.text(3),
                    p50.of(first.p50).text(2),
                    p99.text(2),
                    p99.of(first.p99).text(2));
        }
    }

    /** W2, served once; processor time of the server and of its child, in seconds. */
    private record Served(double megabytesPerSecond, double serverCpu, double childCpu) {}

    private Peers() {}

    static StringBuilder run(Settings settings) throws Exception {
        List<Peer> peers = Peer.read(System.getProperty("bench.peers", ""));
        if (peers.isEmpty()) {
            return new StringBuilder("No peers were named.\n");
        }
        Stats rawRate = new Stats();
        Stats rawCpu = new Stats();
        List<Way> ways = new ArrayList<>();
        List<PlacedClient> clients = new ArrayList<>();
        Workload lines = Workload.lines(settings.directory());
        try (HubProcess hub = HubProcess.start(settings, "session.exitedRetentionSeconds=2")) {
            for (Transport transport : Transport.values()) {
                PlacedClient client = new PlacedClient(hub, transport);
                clients.add(client);
                ways.addAll(ways(hub, client, transport, lines));
            }
            peers.forEach(peer -> ways.add(way(peer, lines)));
            for (PlacedClient client : clients) {
                client.echoHere(Latency.WARM_UP_KEYS);
            }
            for (int round = -1; round < settings.rounds(); round++) {
                long cpuBefore = THREADS.getCurrentThreadCpuTime();
                double raw = RawPty.run(lines).megabytesPerSecond();
                if (round >= 0) {
                    rawRate.add(raw);
                    rawCpu.add((THREADS.getCurrentThreadCpuTime() - cpuBefore) / 1e9);
                }
                for (Way way : ways) {
                    way.run(raw, round >= 0);
                }
            }
            for (PlacedClient client : clients) {
                client.close();
            }
        }
        Way first = ways.get(ways.size() - peers.size());
        StringBuilder table = Report.table(
                "server",
                "W2 MB/s",
                "of raw",
                "server CPU s",
                "child CPU s",
                "echo p50 ms",
                "of " + first.name + "'s",
                "echo p99 ms",
                "of " + first.name + "'s");
        Report.row(table, "raw PTY, one thread that reads", rawRate.text(1), "1", rawCpu.text(2), "", "", "", "", "");
        ways.forEach(way -> way.row(table, first));
        return table;
    }

    private static List<Way> ways(HubProcess hub, PlacedClient client, Transport transport, Workload lines) {
        Throughput.Variant variant = new Throughput.Variant(transport, "block");
        return List.of(
                new Way(
                        "hub, " + transport.title,
                        Optional.of(() -> served(
                                hub.proc(),
                                () -> Throughput.once(hub, lines, variant).megabytesPerSecond())),
                        () -> client.echoHere(KEYS)),
                new Way(
                        "hub, " + transport.title + ", session on another event loop",
                        Optional.empty(),
                        () -> client.echoElsewhere(KEYS)));
    }

    private static Way way(Peer peer, Workload lines) {
        return new Way(
                peer.name(),
                Optional.of(() -> {
                    try (Peer.Connection connection = peer.connect(lines.command())) {
                        return served(
                                connection.server(), () -> connection.run().megabytesPerSecond());
                    }
                }),
                () -> peer.echo(KEYS, Latency.ECHO, Latency.READY_BYTES));
    }

    private static Served served(Proc server, Callable<Double> run) throws Exception {
        double own = server.cpuSeconds();
        double both = server.cpuSecondsWithChildren();
        double rate = run.call();
        double ownAfter = server.cpuSeconds();
        return new Served(rate, ownAfter - own, server.cpuSecondsWithChildren() - both - (ownAfter - own));
    }
}
