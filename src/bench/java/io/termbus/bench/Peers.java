package io.termbus.bench;

import io.termbus.bench.BusClient.Transport;
import java.util.ArrayList;
import java.util.List;

/** The hub beside the servers that the user named, in the same rounds. */
final class Peers {
    private static final int KEYS = 1000;

    /** What one server gave. */
    private static final class Figures {
        final String name;
        final Stats rate = new Stats();
        final Stats ratio = new Stats();
        final Stats p50 = new Stats();
        final Stats p99 = new Stats();

        Figures(String name) {
            this.name = name;
        }

        void add(double megabytesPerSecond, double raw, Stats keys) {
            rate.add(megabytesPerSecond);
            ratio.add(megabytesPerSecond / raw);
            p50.add(keys.median());
            p99.add(keys.percentile(99));
        }
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
        Workload lines = Workload.lines(settings.directory());
        try (HubProcess hub = HubProcess.start(settings, "session.exitedRetentionSeconds=2")) {
            for (int round = -1; round < settings.rounds(); round++) {
                double raw = RawPty.run(lines).megabytesPerSecond();
                int at = 0;
                for (Transport transport : Transport.values()) {
                    double rate = Throughput.once(hub, lines, new Throughput.Variant(transport, "block"))
                            .megabytesPerSecond();
                    add(round, all.get(at++), rate, raw, Latency.echo(hub, transport, KEYS, false));
                }
                for (Peer peer : peers) {
                    double rate = peer.run(lines).megabytesPerSecond();
                    add(round, all.get(at++), rate, raw, peer.echo(KEYS, Latency.ECHO, Latency.READY_BYTES));
                }
            }
        }
        StringBuilder table = Report.table("server", "W2 MB/s", "of raw", "echo p50 ms", "echo p99 ms");
        all.forEach(
                of -> Report.row(table, of.name, of.rate.text(1), of.ratio.text(2), of.p50.text(3), of.p99.text(2)));
        return table;
    }

    private static void add(int round, Figures to, double rate, double raw, Stats keys) {
        if (round >= 0) {
            to.add(rate, raw, keys);
        }
    }
}
