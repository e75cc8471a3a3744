package io.termbus.bench;

import io.termbus.bench.BusClient.Transport;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicBoolean;

/** From a key's sending to its echo's arrival, one key after the other. */
final class Latency {
    private static final int KEYS = 1000;
    static final int WARM_UP_KEYS = 2000;
    private static final int FLOODS = 10;
    private static final int FLOOD_MS = 500;
    static final List<String> ECHO = List.of("sh", "-c", "stty raw -echo; echo ready; exec cat");
    /** A raw terminal does not make CR LF of LF. */
    static final int READY_BYTES = "ready\n".length();

    static final List<String> FLOOD = List.of("sh", "-c", "while :; do seq 1 1000000; done");

    /** One way to type; its figures of all rounds. */
    private static final class Way {
        final String name;
        final Callable<Stats> keys;
        final Stats p50 = new Stats();
        final Stats p99 = new Stats();
        final Stats worst = new Stats();

        Way(String name, Callable<Stats> keys) {
            this.name = name;
            this.keys = keys;
        }

        void add(Stats round) {
            p50.add(round.median());
            p99.add(round.percentile(99));
            worst.add(round.max());
        }
    }

    private Latency() {}

    static StringBuilder run(Settings settings) throws Exception {
        try (HubProcess hub = HubProcess.start(settings, "session.exitedRetentionSeconds=1", "flow.stallSeconds=0")) {
            for (Transport transport : Transport.values()) {
                echo(hub, transport, WARM_UP_KEYS, false);
            }
            QuietRuns quiet = new QuietRuns(hub);
            List<Way> ways = ways(hub);
            for (int round = 0; round < settings.rounds(); round++) {
                for (Way way : ways) {
                    way.add(quiet.run(way.keys::call).result());
                }
            }
            Plot plot = new Plot("Echo of a key, p99, ms");
            ways.forEach(way -> plot.bar(way.name, way.p99));
            return table(ways).append('\n').append(quiet.text()).append(plot.write(settings, "latency"));
        }
    }

    private static List<Way> ways(HubProcess hub) {
        String floods = FLOODS + " other sessions flood";
        List<Way> ways = new ArrayList<>(List.of(
                new Way("raw PTY, idle", Latency::rawEcho),
                new Way("raw PTY, " + FLOODS + " other raw PTYs flood", Latency::rawFlooded)));
        for (Transport transport : Transport.values()) {
            ways.add(new Way(transport.title + ", idle hub", () -> echo(hub, transport, KEYS, false)));
        }
        ways.add(new Way("TCP, " + floods + ", nobody attached to them", () -> flooded(hub, false, false)));
        ways.add(new Way("TCP, " + floods + ", stuck subscriber beside", () -> flooded(hub, false, true)));
        ways.add(new Way("TCP, " + floods + " a client each, stuck subscriber beside", () -> flooded(hub, true, true)));
        return ways;
    }

    private static StringBuilder table(List<Way> ways) {
        StringBuilder table = Report.table("where", "p50 ms", "p99 ms", "worst ms");
        ways.forEach(way -> Report.row(table, way.name, way.p50.text(3), way.p99.text(2), way.worst.text(1)));
        return table;
    }

    private static Stats rawEcho() throws IOException {
        Stats ms = new Stats();
        try (RawPty pty = new RawPty(ECHO)) {
            pty.await(READY_BYTES);
            for (int i = 0; i < KEYS; i++) {
                long began = System.nanoTime();
                pty.type(key(i));
                pty.await(1);
                ms.add((System.nanoTime() - began) / 1e6);
            }
        }
        return ms;
    }

    /** The same beside floods, each read by a thread of its own: what the kernel alone makes one wait. */
    private static Stats rawFlooded() throws Exception {
        List<RawPty> floods = new ArrayList<>();
        List<Thread> readers = new ArrayList<>();
        try {
            for (int i = 0; i < FLOODS; i++) {
                RawPty flood = new RawPty(FLOOD);
                floods.add(flood);
                readers.add(started(flood::drain));
            }
            Thread.sleep(FLOOD_MS);
            return rawEcho();
        } finally {
            floods.forEach(RawPty::close);
            for (Thread reader : readers) {
                reader.join();
            }
        }
    }

    static Stats echo(HubProcess hub, Transport transport, int keys, boolean stuck) throws IOException {
        try (BusClient client = BusClient.connect(hub, transport);
                BusClient never = BusClient.tcp(hub)) {
            String session = client.create(ECHO);
            if (stuck) {
                never.attach(session, "skip", false);
            }
            return echo(client, session, keys);
        }
    }

    /** Attaches, types keys, and ends the session. */
    static Stats echo(BusClient client, String session, int keys) throws IOException {
        Stats ms = new Stats();
        client.attach(session, "skip", false);
        type(client, session, keys, ms);
        client.kill(session);
        return ms;
    }

    /** Types keys into an attached echo, each when the one before is back. */
    static void type(BusClient client, String session, int keys, Stats ms) throws IOException {
        long offset = await(client, READY_BYTES);
        for (int i = 0; i < keys; i++) {
            long began = System.nanoTime();
            client.input(session, key(i));
            offset = await(client, offset + 1);
            ms.add((System.nanoTime() - began) / 1e6);
        }
    }

    /** Waits for output up to that offset, acks it, and returns how far it went. */
    static long await(BusClient client, long offset) throws IOException {
        while (true) {
            Delivery delivery = client.next();
            if (delivery.seq() > 0) {
                client.ack(delivery.seq());
            }
            if (delivery.offset() >= offset) {
                return delivery.offset();
            }
        }
    }

    /** Ends floods and those who read them. */
    static void end(BusClient control, List<String> sessions, List<Thread> readers, AtomicBoolean stopped)
            throws Exception {
        stopped.set(true);
        for (Thread reader : readers) {
            reader.join();
        }
        for (String session : sessions) {
            control.kill(session);
        }
        Leaks.awaitNoSessions(control);
    }

    private static Stats flooded(HubProcess hub, boolean subscribed, boolean stuck) throws Exception {
        AtomicBoolean stopped = new AtomicBoolean();
        List<Thread> readers = new ArrayList<>();
        List<String> sessions = new ArrayList<>();
        try (BusClient control = BusClient.tcp(hub)) {
            for (int i = 0; i < FLOODS; i++) {
                String session = control.create(FLOOD);
                sessions.add(session);
                if (subscribed) {
                    readers.add(started(() -> read(hub, session, stopped)));
                }
            }
            Thread.sleep(FLOOD_MS);
            Stats ms = echo(hub, Transport.TCP, KEYS, stuck);
            end(control, sessions, readers, stopped);
            return ms;
        }
    }

    static Thread started(Runnable task) {
        Thread thread = new Thread(task);
        thread.start();
        return thread;
    }

    static void read(HubProcess hub, String session, AtomicBoolean stopped) {
        try (BusClient client = BusClient.tcp(hub)) {
            client.attach(session, "skip", false);
            while (!stopped.get()) {
                Delivery delivery = client.next();
                if (delivery.seq() > 0) {
                    client.ack(delivery.seq());
                }
            }
        } catch (IOException e) {
            System.err.printf(Locale.ROOT, "a reader of a flood ended: %s%n", e);
        }
    }

    private static String key(int i) {
        return String.valueOf((char) ('a' + i % 26));
    }
}
