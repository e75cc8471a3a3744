package io.termbus.bench;

import io.termbus.bench.BusClient.Transport;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** From Ctrl-C to the prompt after ten seconds of {@code yes}, over links of some rates, beside the servers that were named. */
final class SlowLinks {
    private static final int DELAY_MS = 40;
    private static final long FLOOD_NANOS = 10_000_000_000L;
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

    private static final List<Transport> TRANSPORTS = List.of(Transport.TCP, Transport.WEB_SOCKET);

    private SlowLinks() {}

    static StringBuilder run(Settings settings) throws Exception {
        List<Peer> peers = Peer.read(System.getProperty("bench.peers", ""));
        Map<String, Map<Link, Stats>> all = new LinkedHashMap<>();
        try (HubProcess hub = HubProcess.start(settings, "session.exitedRetentionSeconds=1")) {
            for (int round = 0; round < settings.rounds(); round++) {
                for (Link link : LINKS) {
                    for (Transport transport : TRANSPORTS) {
                        add(all, "hub, " + transport.title, link, hub(hub, transport, link));
                    }
                    for (Peer peer : peers) {
                        add(
                                all,
                                peer.name(),
                                link,
                                peer.interrupt(SHELL, PROMPT, link.bytesPerSecond(), link.delayMs()));
                    }
                }
            }
        }
        StringBuilder table = Report.table(
                "server",
                LINKS.get(0).name(),
                LINKS.get(1).name(),
                LINKS.get(2).name(),
                LINKS.get(3).name());
        all.forEach((name, times) -> Report.row(
                table,
                name,
                times.get(LINKS.get(0)).text(2),
                times.get(LINKS.get(1)).text(2),
                times.get(LINKS.get(2)).text(2),
                times.get(LINKS.get(3)).text(2)));
        return table;
    }

    private static void add(Map<String, Map<Link, Stats>> all, String name, Link link, double seconds) {
        all.computeIfAbsent(name, any -> new LinkedHashMap<>())
                .computeIfAbsent(link, any -> new Stats())
                .add(seconds);
        System.out.printf(Locale.ROOT, "%s, %s: %.2f s%n", name, link.name(), seconds);
    }

    private static double hub(HubProcess hub, Transport transport, Link link) throws IOException {
        int port = transport == Transport.WEB_SOCKET ? hub.http : hub.tcp;
        try (SlowProxy proxy = new SlowProxy(port, link.bytesPerSecond(), link.delayMs());
                BusClient client = BusClient.connect(hub, transport, proxy.port())) {
            String session = client.create(SHELL);
            client.attach(session, "skip", false);
            show(client, Long.MAX_VALUE);
            client.input(session, "yes\r");
            show(client, System.nanoTime() + FLOOD_NANOS);
            long began = System.nanoTime();
            client.input(session, INTERRUPT);
            show(client, Long.MAX_VALUE);
            double seconds = (System.nanoTime() - began) / 1e9;
            client.kill(session);
            return seconds;
        }
    }

    /** Takes and acks what comes until the time is over, or a prompt is seen where there is no end to it. */
    private static void show(BusClient client, long end) throws IOException {
        String tail = "";
        client.timeout(TIMEOUT_MS);
        while (System.nanoTime() < end) {
            Delivery delivery = next(client);
            if (delivery.seq() > 0) {
                client.ack(delivery.seq());
                String text = tail + new String(delivery.body(), StandardCharsets.ISO_8859_1);
                if (end == Long.MAX_VALUE && text.contains(PROMPT)) {
                    return;
                }
                tail = text.substring(Math.max(0, text.length() - PROMPT.length()));
            }
        }
    }

    private static Delivery next(BusClient client) throws IOException {
        try {
            return client.next();
        } catch (SocketTimeoutException e) {
            throw new IOException("nothing came for " + TIMEOUT_MS + " ms", e);
        }
    }
}
