package io.termbus.bench;

import java.io.IOException;
import java.util.List;
import java.util.Locale;

/** Whether anything is left of sessions and connections that are gone. */
final class Leaks {
    private static final int SESSIONS = 5000;
    private static final int TCP_CONNECTIONS = 10_000;
    private static final int WEB_SOCKETS = 1000;
    /** Brings into being what is made once, thread pools above all. */
    private static final int WARM_UP = 500;

    @FunctionalInterface
    private interface Step {
        void run(int times) throws Exception;
    }

    private Leaks() {}

    static StringBuilder run(Settings settings) throws Exception {
        StringBuilder table = Report.table(
                "what", "RSS MiB", "heap after GC KiB", "threads", "descriptors", "children", "growth of the heap");
        try (HubProcess hub = HubProcess.start(settings, "session.exitedRetentionSeconds=0")) {
            Step sessions = times -> sessions(hub, times);
            Step tcp = times -> connections(hub, times, false);
            Step webSockets = times -> connections(hub, times, true);
            sessions.run(WARM_UP);
            tcp.run(WARM_UP);
            webSockets.run(WARM_UP);
            long heap = row(table, hub, "after a warm-up of " + WARM_UP + " each", -1);
            for (int pass = 1; pass <= 2; pass++) {
                String again = pass == 1 ? "" : " again";
                sessions.run(SESSIONS);
                heap = row(table, hub, SESSIONS + " sessions created and killed" + again, heap);
                tcp.run(TCP_CONNECTIONS);
                heap = row(table, hub, TCP_CONNECTIONS + " TCP connections opened, logged in, closed" + again, heap);
                webSockets.run(WEB_SOCKETS);
                heap = row(table, hub, WEB_SOCKETS + " WebSockets opened, logged in, closed" + again, heap);
            }
        }
        return table;
    }

    private static long row(StringBuilder table, HubProcess hub, String what, long before) throws Exception {
        Proc proc = hub.proc();
        long descriptors = proc.descriptors();
        Memories.settle(hub, descriptors - 1);
        long heap = hub.heapKbAfterGc();
        Report.row(
                table,
                what,
                proc.rssKb() / 1024,
                heap,
                proc.threads(),
                proc.descriptors(),
                proc.children(),
                before < 0 ? "" : String.format(Locale.ROOT, "%+d KiB", heap - before));
        return heap;
    }

    private static void sessions(HubProcess hub, int times) throws IOException, InterruptedException {
        try (BusClient client = BusClient.tcp(hub)) {
            for (int i = 0; i < times; i++) {
                try (BusClient attached = BusClient.tcp(hub)) {
                    String session = client.create(List.of("sh", "-c", "echo ready; read line"));
                    attached.attach(session, "skip", false);
                    attached.next();
                    client.kill(session);
                    while (!attached.next().kind().equals("exit")) {
                        // output
                    }
                }
            }
            awaitNoSessions(client);
        }
    }

    private static void connections(HubProcess hub, int times, boolean webSocket) throws IOException {
        for (int i = 0; i < times; i++) {
            (webSocket ? BusClient.connect(hub, BusClient.Transport.WEB_SOCKET) : BusClient.tcp(hub)).close();
        }
    }

    /** Waits, for a while, until the hub lists none. */
    static void awaitNoSessions(BusClient client) throws IOException, InterruptedException {
        List<Object> left = client.list();
        for (int i = 0; i < 100 && !left.isEmpty(); i++) {
            Thread.sleep(100);
            left = client.list();
        }
        if (!left.isEmpty()) {
            throw new IOException(left.size() + " sessions are still listed");
        }
    }
}
