package io.termbus.bench;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** What subscribers that never read nor ack cost: memory, and the time of a good one at the same session. */
final class Stuck {
    private static final int MANY = 100;
    private static final int ALONE = 10;
    private static final int GO_BYTES = 50_000_000;
    private static final int LINE_BYTES = 81;
    /** In red a stuck one gets 64 KiB in 100 ms, up to 4 MiB. */
    private static final long FILL_NANOS = 8_000_000_000L;

    /** A session that writes so much each time it is told to, and its good subscriber. */
    private static final class Source implements AutoCloseable {
        private final BusClient control;
        private final BusClient client;
        private final String session;
        private final Skimmer good;

        Source(HubProcess hub, Workload lines) throws IOException {
            String loop = "echo ready; while read line; do head -c " + GO_BYTES + " "
                    + lines.output().replaceFirst("^cat ", "") + "; done";
            control = BusClient.tcp(hub);
            session = control.create(List.of("sh", "-c", loop));
            client = BusClient.tcp(hub);
            good = new Consumer(client, false).skim(session);
        }

        /** MB a second. */
        double go() throws IOException {
            long began = System.nanoTime();
            long bytes = "\r\n".length() + GO_BYTES + GO_BYTES / LINE_BYTES;
            control.input(session, "\r");
            return bytes / 1e6 / ((Skimmer.followAll(List.of(good), good.offset() + bytes) - began) / 1e9);
        }

        @Override
        public void close() throws IOException {
            client.close();
            control.close();
        }
    }

    private Stuck() {}

    static StringBuilder run(Settings settings) throws Exception {
        Workload lines = Workload.lines(settings.directory());
        return neighbours(settings, lines).append('\n').append(alone(settings, lines));
    }

    private static StringBuilder neighbours(Settings settings, Workload lines) throws Exception {
        Stats alone = new Stats();
        Stats beside = new Stats();
        Stats ratio = new Stats();
        Stats cpuAlone = new Stats();
        Stats cpuBeside = new Stats();
        List<BusClient> stuck = new ArrayList<>();
        try (HubProcess hub = HubProcess.start(settings, "flow.stallSeconds=0", "connection.max=200");
                Source quiet = new Source(hub, lines);
                Source crowded = new Source(hub, lines)) {
            for (int i = 0; i < MANY; i++) {
                stuck.add(Neighbours.neverReads(hub, crowded.session));
            }
            for (long end = System.nanoTime() + FILL_NANOS; System.nanoTime() < end; ) {
                crowded.go();
                quiet.go();
            }
            QuietRuns runs = new QuietRuns(hub);
            for (int round = 0; round < 3 * settings.rounds(); round++) {
                boolean first = round % 2 == 0;
                QuietRuns.Measured<Double> a = runs.run(first ? quiet::go : crowded::go);
                QuietRuns.Measured<Double> b = runs.run(first ? crowded::go : quiet::go);
                QuietRuns.Measured<Double> good = first ? a : b;
                QuietRuns.Measured<Double> slowed = first ? b : a;
                alone.add(good.result());
                beside.add(slowed.result());
                ratio.add(slowed.result() / good.result());
                cpuAlone.add(good.hubCpuSeconds());
                cpuBeside.add(slowed.hubCpuSeconds());
            }
            StringBuilder table = Report.table("a good subscriber", "MB/s", "of alone", "hub CPU s");
            Report.row(table, "alone", alone.text(1), 1, cpuAlone.text(2));
            Report.row(table, "beside " + MANY + " stuck ones", beside.text(1), ratio.text(2), cpuBeside.text(2));
            return table.append('\n').append(runs.text());
        } finally {
            for (BusClient client : stuck) {
                client.close();
            }
        }
    }

    /** Each has a session of its own, so that it shares what it holds with nobody. */
    private static StringBuilder alone(Settings settings, Workload lines) throws Exception {
        String file = lines.output().replaceFirst("^cat ", "");
        List<String> trickle = List.of(
                "sh",
                "-c",
                "echo ready; read line; i=0; while [ $i -lt 110 ]; do head -c 65536 " + file
                        + "; sleep 0.08; i=$((i+1)); done; exec sleep 1000");
        List<BusClient> clients = new ArrayList<>();
        try (HubProcess hub = HubProcess.start(settings, "flow.stallSeconds=0")) {
            BusClient control = BusClient.tcp(hub);
            clients.add(control);
            Memories.Size empty = Memories.Size.of(hub);
            fill(hub, control, trickle, false, clients);
            Memories.Size without = Memories.Size.of(hub);
            fill(hub, control, trickle, true, clients);
            Memories.Size with = Memories.Size.of(hub);
            double heap = (with.heapKb() - without.heapKb() - (without.heapKb() - empty.heapKb())) / 1024.0 / ALONE;
            double rss = (with.rssKb() - without.rssKb() - (without.rssKb() - empty.rssKb())) / 1024.0 / ALONE;
            return new StringBuilder(String.format(
                    Locale.ROOT,
                    "A stuck subscriber of a session of its own, after 7 MB of output: %.1f MiB of heap, %.1f MiB of the"
                            + " process's size, the session's own memory taken off (%d of them).%n",
                    heap,
                    rss,
                    ALONE));
        } finally {
            for (BusClient client : clients) {
                client.close();
            }
        }
    }

    private static void fill(
            HubProcess hub, BusClient control, List<String> command, boolean stuck, List<BusClient> clients)
            throws IOException, InterruptedException {
        List<String> sessions = new ArrayList<>();
        for (int i = 0; i < ALONE; i++) {
            sessions.add(control.create(command));
            if (stuck) {
                clients.add(Neighbours.neverReads(hub, sessions.get(i)));
            }
        }
        for (String session : sessions) {
            control.input(session, "\r");
        }
        Thread.sleep((FILL_NANOS + FILL_NANOS / 2) / 1_000_000);
    }
}
