package io.termbus.bench;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicBoolean;

/** From a key's sending to its echo's arrival, one key after the other. */
final class Latency {
    private static final int KEYS = 2000;
    private static final int WARM_UP_KEYS = 2000;
    private static final int FLOODS = 4;
    private static final List<String> ECHO = List.of("sh", "-c", "stty raw -echo; echo ready; exec cat");
    /** A raw terminal does not make CR LF of LF. */
    private static final int READY_BYTES = "ready\n".length();

    private static final List<String> FLOOD = List.of("sh", "-c", "while :; do seq 1 1000000; done");

    private Latency() {}

    static StringBuilder run(Settings settings) throws Exception {
        StringBuilder table = Report.table("where", "p50 ms", "p99 ms", "worst ms");
        List<Stats> p50 = new ArrayList<>();
        List<Stats> p99 = new ArrayList<>();
        List<Stats> worst = new ArrayList<>();
        List<String> names = List.of(
                "raw PTY, idle",
                "TCP, idle hub",
                "WebSocket, idle hub",
                "TCP, " + FLOODS + " sessions flood, nobody attached to them",
                "TCP, " + FLOODS + " sessions flood a subscriber each");
        names.forEach(name -> {
            p50.add(new Stats());
            p99.add(new Stats());
            worst.add(new Stats());
        });
        String strangers;
        try (HubProcess hub = HubProcess.start(settings, "session.exitedRetentionSeconds=1")) {
            echo(hub, false, WARM_UP_KEYS);
            echo(hub, true, WARM_UP_KEYS);
            QuietRuns quiet = new QuietRuns(hub);
            for (int round = 0; round < settings.rounds(); round++) {
                List<Stats> keys = new ArrayList<>();
                keys.add(quiet.run(() -> rawEcho()).result());
                keys.add(quiet.run(() -> echo(hub, false, KEYS)).result());
                keys.add(quiet.run(() -> echo(hub, true, KEYS)).result());
                keys.add(quiet.run(() -> flooded(hub, false)).result());
                keys.add(quiet.run(() -> flooded(hub, true)).result());
                for (int i = 0; i < keys.size(); i++) {
                    p50.get(i).add(keys.get(i).median());
                    p99.get(i).add(keys.get(i).percentile(99));
                    worst.get(i).add(keys.get(i).max());
                }
            }
            strangers = quiet.text();
        }
        for (int i = 0; i < names.size(); i++) {
            Report.row(
                    table,
                    names.get(i),
                    p50.get(i).text(3),
                    p99.get(i).text(2),
                    worst.get(i).text(1));
        }
        return table.append('\n').append(strangers);
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

    private static Stats echo(HubProcess hub, boolean webSocket, int keys) throws IOException {
        Stats ms = new Stats();
        try (BusClient client = webSocket ? BusClient.webSocket(hub) : BusClient.tcp(hub)) {
            String session = client.create(ECHO);
            client.attach(session, "skip", false);
            long offset = await(client, READY_BYTES);
            for (int i = 0; i < keys; i++) {
                long began = System.nanoTime();
                client.input(session, key(i));
                offset = await(client, offset + 1);
                ms.add((System.nanoTime() - began) / 1e6);
            }
            client.kill(session);
        }
        return ms;
    }

    private static long await(BusClient client, long offset) throws IOException {
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

    private static Stats flooded(HubProcess hub, boolean subscribed) throws Exception {
        AtomicBoolean stopped = new AtomicBoolean();
        List<Thread> readers = new ArrayList<>();
        List<String> sessions = new ArrayList<>();
        try (BusClient control = BusClient.tcp(hub)) {
            for (int i = 0; i < FLOODS; i++) {
                sessions.add(control.create(FLOOD));
                if (subscribed) {
                    readers.add(reader(hub, sessions.get(i), stopped));
                }
            }
            Thread.sleep(500);
            Stats ms = echo(hub, false, KEYS);
            stopped.set(true);
            for (Thread reader : readers) {
                reader.join();
            }
            for (String session : sessions) {
                control.kill(session);
            }
            return ms;
        }
    }

    private static Thread reader(HubProcess hub, String session, AtomicBoolean stopped) {
        Thread thread = new Thread(() -> {
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
        });
        thread.start();
        return thread;
    }

    private static String key(int i) {
        return String.valueOf((char) ('a' + i % 26));
    }
}
