package io.termbus.bench;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** What stuck subscribers and idle sessions hold. */
final class Memories {
    private static final int STUCK = 50;
    private static final int IDLE = 1000;
    private static final int WARM_UP = 20;
    /** A killed session is looked after for {@code session.killGraceMs}; this is longer. */
    private static final int KILL_GRACE_MS = 3000;

    /** A hub's size at one moment. */
    record Size(long rssKb, long heapKb, long threads, long descriptors) {
        static Size of(HubProcess hub) throws IOException, InterruptedException {
            long heap = hub.heapKbAfterGc();
            Proc proc = hub.proc();
            return new Size(proc.rssKb(), heap, proc.threads(), proc.descriptors());
        }

        void row(StringBuilder table, String when) {
            Report.row(table, when, rssKb / 1024, mebibytes(heapKb), threads, descriptors);
        }

        static StringBuilder table() {
            return Report.table("when", "RSS MiB", "heap after GC MiB", "threads", "descriptors");
        }
    }

    private Memories() {}

    static StringBuilder run(Settings settings) throws Exception {
        StringBuilder out = stuck(settings);
        return out.append('\n').append(idle(settings));
    }

    private static StringBuilder stuck(Settings settings) throws Exception {
        StringBuilder table = Size.table();
        ExecutorService threads = Executors.newCachedThreadPool();
        List<BusClient> clients = new ArrayList<>();
        try (HubProcess hub =
                HubProcess.start(settings, "flow.stallSeconds=0", "session.exitedRetentionSeconds=86400")) {
            Workload workload = Workload.lines(settings.directory());
            Throughput.once(hub, workload, Throughput.VARIANTS.get(0));
            Size before = Size.of(hub);
            before.row(table, "one session done, no subscriber");
            BusClient control = BusClient.tcp(hub);
            clients.add(control);
            String session = control.create(workload.command());
            Consumer good = new Consumer(control, false);
            good.attach(session, "block");
            for (int i = 0; i < STUCK; i++) {
                clients.add(
                        i % 2 == 0 ? Neighbours.neverAcks(hub, session, threads) : Neighbours.neverReads(hub, session));
            }
            control.input(session, "\r");
            good.consume(System.nanoTime());
            Size after = Size.of(hub);
            after.row(table, STUCK + " stuck subscribers (half never ack, half never read) after 100 MB of output");
            for (BusClient client : clients) {
                client.close();
            }
            settle(hub, before.descriptors());
            Size.of(hub).row(table, "they are gone, the session stays");
            table.append(String.format(
                    Locale.ROOT,
                    "%nHeap for each stuck subscriber: %.2f MiB, the second session's own memory included.%n",
                    (after.heapKb - before.heapKb) / 1024.0 / STUCK));
        } finally {
            threads.shutdownNow();
        }
        return table;
    }

    private static StringBuilder idle(Settings settings) throws Exception {
        StringBuilder table = Size.table();
        try (HubProcess hub = HubProcess.start(settings, "session.max=2100", "session.exitedRetentionSeconds=0");
                BusClient client = BusClient.tcp(hub)) {
            idle(client, WARM_UP);
            Size before = Size.of(hub);
            before.row(table, WARM_UP + " idle sessions");
            Size first = more(hub, client, table);
            Size second = more(hub, client, table);
            client.killAll();
            Leaks.awaitNoSessions(client);
            Thread.sleep(KILL_GRACE_MS);
            Size.of(hub).row(table, "all killed");
            each(table.append("\nFor each idle session of the first thousand: "), before, first);
            each(table.append("; of the second: "), first, second);
            table.append(".\n");
        }
        return table;
    }

    private static Size more(HubProcess hub, BusClient client, StringBuilder table)
            throws IOException, InterruptedException {
        idle(client, IDLE);
        Size size = Size.of(hub);
        size.row(table, IDLE + " more idle sessions");
        return size;
    }

    private static void each(StringBuilder text, Size before, Size after) {
        text.append(String.format(
                Locale.ROOT,
                "%.0f KiB RSS, %.1f KiB heap, %.3f threads, %.1f descriptors",
                (after.rssKb - before.rssKb) / (double) IDLE,
                (after.heapKb - before.heapKb) / (double) IDLE,
                (after.threads - before.threads) / (double) IDLE,
                (after.descriptors - before.descriptors) / (double) IDLE));
    }

    private static void idle(BusClient client, int sessions) throws IOException {
        for (int i = 0; i < sessions; i++) {
            client.create(List.of("sleep", "100000"));
        }
    }

    /** Waits, for a while, until as few descriptors are open as before. */
    static void settle(HubProcess hub, long descriptors) throws IOException, InterruptedException {
        for (int i = 0; i < 50 && hub.proc().descriptors() > descriptors; i++) {
            Thread.sleep(100);
        }
    }

    static String mebibytes(long kb) {
        return String.format(Locale.ROOT, "%.1f", kb / 1024.0);
    }
}
