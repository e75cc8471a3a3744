package io.termbus.bench;

import io.termbus.bench.BusClient.Transport;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Keys over slow links while a program floods them: Ctrl-C, and ones that are echoed; beside the servers that were named. */
final class SlowLinks {
    private static final int DELAY_MS = 40;
    private static final long FLOOD_NANOS = 10_000_000_000L;
    private static final long BEFORE_TYPING_NANOS = 5_000_000_000L;
    private static final long BETWEEN_KEYS_NANOS = 150_000_000L;
    private static final int KEYS = 15;
    /** Who answers late is asked for fewer keys. */
    private static final long TYPING_NANOS = 20_000_000_000L;

    private static final int TIMEOUT_MS = 120_000;
    private static final String PROMPT = "prompt>";
    private static final List<String> SHELL = List.of("env", "PS1=" + PROMPT, "sh", "-i");
    private static final String INTERRUPT = "\u0003";

    private record Link(String name, double bytesPerSecond, int delayMs) {}

    private static final List<Link> LINKS = List.of(
            new Link("50 kB/s", 50e3, DELAY_MS),
            new Link("500 kB/s", 500e3, DELAY_MS),
            new Link("2 MB/s", 2e6, DELAY_MS),
            new Link("no limit", SlowProxy.UNLIMITED, 0));

    /** A program that paints lines of 300 characters with the newest key, {@code k}, in each. */
    private record Painter(String name, String readKey) {
        List<String> command() {
            return List.of(
                    "bash",
                    "-c",
                    "stty -echo -icanon; k=-; printf -v fill '%300s'; while :; do " + readKey
                            + "; printf '\\033[H<%s>%s' \"$k\" \"$fill\"; done");
        }
    }

    private static final List<Painter> PAINTERS = List.of(
            // a read that times out may have taken a key all the same
            new Painter("up to 80 kB/s", "read -rsn1 -t 0.004 c; test -n \"$c\" && k=$c"),
            new Painter("as fast as it can", "read -t 0 && read -rsn1 k"));

    private static final List<Transport> TRANSPORTS = List.of(Transport.TCP, Transport.WEB_SOCKET);

    @FunctionalInterface
    private interface Server {
        Screen open(Link link, List<String> child) throws IOException, InterruptedException;
    }

    private final Map<String, Server> servers = new LinkedHashMap<>();
    private final Map<String, Map<String, Stats>> interrupts = new LinkedHashMap<>();
    private final Map<String, Map<String, Stats>> echoes = new LinkedHashMap<>();

    private SlowLinks(HubProcess hub, List<Peer> peers) {
        for (Transport transport : TRANSPORTS) {
            servers.put("hub, " + transport.title, (link, child) -> new HubScreen(hub, transport, link, child));
        }
        peers.forEach(peer ->
                servers.put(peer.name(), (link, child) -> peer.over(link.bytesPerSecond(), link.delayMs(), child)));
    }

    static StringBuilder run(Settings settings) throws Exception {
        List<Peer> peers = Peer.read(System.getProperty("bench.peers", ""));
        try (HubProcess hub = HubProcess.start(settings, "session.exitedRetentionSeconds=1")) {
            SlowLinks bench = new SlowLinks(hub, peers);
            for (int round = 0; round < settings.rounds(); round++) {
                bench.round();
            }
            StringBuilder text = table(
                    "Ctrl-C to the prompt, s", LINKS.stream().map(Link::name).toList(), bench.interrupts);
            List<String> painters = PAINTERS.stream().map(Painter::name).toList();
            return text.append('\n').append(table("50 kB/s, echo of a key, s", painters, bench.echoes));
        }
    }

    private void round() throws IOException, InterruptedException {
        for (Link link : LINKS) {
            for (Map.Entry<String, Server> server : servers.entrySet()) {
                try (Screen screen = server.getValue().open(link, SHELL)) {
                    add(interrupts, server.getKey(), link.name(), interrupt(screen));
                }
            }
        }
        for (Painter painter : PAINTERS) {
            for (Map.Entry<String, Server> server : servers.entrySet()) {
                try (Screen screen = server.getValue().open(LINKS.get(0), painter.command())) {
                    add(echoes, server.getKey(), painter.name(), echo(screen));
                }
            }
        }
    }

    private static double interrupt(Screen screen) throws IOException {
        screen.await(PROMPT);
        screen.type("yes\r");
        screen.watch(FLOOD_NANOS);
        long began = System.nanoTime();
        screen.type(INTERRUPT);
        screen.await(PROMPT);
        return seconds(began);
    }

    /** The median of some keys. */
    private static double echo(Screen screen) throws IOException {
        screen.await("<->");
        screen.watch(BEFORE_TYPING_NANOS);
        Stats keys = new Stats();
        long end = System.nanoTime() + TYPING_NANOS;
        for (int i = 0; i < KEYS && (i == 0 || System.nanoTime() < end); i++) {
            String key = String.valueOf((char) ('a' + i));
            long began = System.nanoTime();
            screen.type(key);
            screen.await("<" + key + ">");
            keys.add(seconds(began));
            screen.watch(BETWEEN_KEYS_NANOS);
        }
        return keys.median();
    }

    private static double seconds(long began) {
        return (System.nanoTime() - began) / 1e9;
    }

    private static void add(Map<String, Map<String, Stats>> all, String server, String column, double seconds) {
        all.computeIfAbsent(server, any -> new LinkedHashMap<>())
                .computeIfAbsent(column, any -> new Stats())
                .add(seconds);
        System.out.printf(Locale.ROOT, "%s, %s: %.3f s%n", server, column, seconds);
    }

    private static StringBuilder table(String title, List<String> columns, Map<String, Map<String, Stats>> all) {
        List<String> heads = new ArrayList<>(List.of(title));
        heads.addAll(columns);
        StringBuilder table = Report.table(heads.toArray());
        all.forEach((server, times) -> {
            List<String> cells = new ArrayList<>(List.of(server));
            columns.forEach(column -> cells.add(times.get(column).text(2)));
            Report.row(table, cells.toArray());
        });
        return table;
    }

    /** A client of the hub that acks each delivery. */
    private static final class HubScreen implements Screen {
        private final SlowProxy proxy;
        private final BusClient client;
        private final String session;

        HubScreen(HubProcess hub, Transport transport, Link link, List<String> child) throws IOException {
            proxy = new SlowProxy(
                    transport == Transport.WEB_SOCKET ? hub.http : hub.tcp, link.bytesPerSecond(), link.delayMs());
            client = BusClient.connect(hub, transport, proxy.port());
            client.timeout(TIMEOUT_MS);
            session = client.create(child);
            client.attach(session, "skip", false);
        }

        @Override
        public void type(String keys) throws IOException {
            client.input(session, keys);
        }

        @Override
        public String next() throws IOException {
            Delivery delivery = client.next();
            if (delivery.seq() == 0) {
                return "";
            }
            client.ack(delivery.seq());
            return new String(delivery.body(), StandardCharsets.ISO_8859_1);
        }

        @Override
        public void close() throws IOException {
            try (proxy;
                    client) {
                client.kill(session);
            }
        }
    }
}
