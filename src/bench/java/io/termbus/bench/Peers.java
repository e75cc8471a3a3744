package io.termbus.bench;

import io.termbus.bench.BusClient.Transport;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.ArrayList;
import java.util.List;

/** The hub beside the servers that the user named, in the same rounds. */
final class Peers {
    private static final int KEYS = 1000;
    private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

    /** What one server gave. */
    private static final class Figures {
        final String name;
        final Stats rate = new Stats();
        final Stats ratio = new Stats();
        final Stats cpu = new Stats();
        final Stats child = new Stats();
        final Stats p50 = new Stats();
        final Stats p99 = new Stats();

        Figures(String name) {
            this.name = name;
        }

        void add(Served served, double raw, Stats keys) {
            rate.add(served.megabytesPerSecond());
            ratio.add(served.megabytesPerSecond() / raw);
            cpu.add(served.serverCpu());
            child.add(served.childCpu());
            p50.add(keys.median());
            p99.add(keys.percentile(99));
        }
    }

    /** W2, served once; processor time of the server and of its child, in seconds. */
    private record Served(double megabytesPerSecond, double serverCpu, double childCpu) {}

    @FunctionalInterface
    private interface Run {
        double megabytesPerSecond() throws Exception;
    }

    private Peers() {}

    static StringBuilder run(Settings settings) throws Exception {
        List<Peer> peers = Peer.read(System.getProperty("bench.peers", ""));
        if (peers.isEmpty()) {
            return new StringBuilder("No peers were named.\n");
        }
        List<Figures> all = new ArrayList<>();
        for (Transport transport : Transport.values()) {
            all.add(new Figures("hub, " + transport.title));
        }
        peers.forEach(peer -> all.add(new Figures(peer.name())));
        Stats rawRate = new Stats();
        Stats rawCpu = new Stats();
        Workload lines = Workload.lines(settings.directory());
        try (HubProcess hub = HubProcess.start(settings, "session.exitedRetentionSeconds=2")) {
            for (Transport transport : Transport.values()) {
                Latency.echo(hub, transport, Latency.WARM_UP_KEYS, false);
            }
            for (int round = -1; round < settings.rounds(); round++) {
                long cpuBefore = THREADS.getCurrentThreadCpuTime();
                double raw = RawPty.run(lines).megabytesPerSecond();
                if (round >= 0) {
                    rawRate.add(raw);
                    rawCpu.add((THREADS.getCurrentThreadCpuTime() - cpuBefore) / 1e9);
                }
                int at = 0;
                for (Transport transport : Transport.values()) {
                    Throughput.Variant variant = new Throughput.Variant(transport, "block");
                    Served served = served(
                            hub.proc(),
                            () -> Throughput.once(hub, lines, variant).megabytesPerSecond());
                    add(round, all.get(at++), served, raw, Latency.echo(hub, transport, KEYS, false));
                }
                for (Peer peer : peers) {
                    Served served;
                    try (Peer.Connection connection = peer.connect(lines.command())) {
                        served = served(
                                connection.server(), () -> connection.run().megabytesPerSecond());
                    }
                    add(round, all.get(at++), served, raw, peer.echo(KEYS, Latency.ECHO, Latency.READY_BYTES));
                }
            }
        }
        StringBuilder table = Report.table(
                "server", "W2 MB/s", "of raw", "server CPU s", "child CPU s", "echo p50 ms", "echo p99 ms");
        Report.row(table, "raw PTY, one thread that reads", rawRate.text(1), "1", rawCpu.text(2), "", "", "");
        all.forEach(of -> Report.row(
                table,
                of.name,
                of.rate.text(1),
                of.ratio.text(2),
                of.cpu.text(2),
                of.child.text(2),
                of.p50.text(3),
                of.p99.text(2)));
        return table;
    }

    private static Served served(Proc server, Run run) throws Exception {
        double own = server.cpuSeconds();
        double both = server.cpuSecondsWithChildren();
        double rate = run.megabytesPerSecond();
        double ownAfter = server.cpuSeconds();
        return new Served(rate, ownAfter - own, server.cpuSecondsWithChildren() - both - (ownAfter - own));
    }

    private static void add(int round, Figures to, Served served, double raw, Stats keys) {
        if (round >= 0) {
            to.add(served, raw, keys);
        }
    }
}
