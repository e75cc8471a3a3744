package io.termbus.security;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.BufferedReader;
import java.io.DataInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A benchmark, no test: several attackers at once on a hub in a process of its own, and what an honest client and
 * the hub's memory notice of it. Arguments: the jar, an empty directory, seconds.
 */
final class MixedAttack {
    private static final Pattern READY = Pattern.compile("Termbus ready http=.*?:(\\d+) tcp=.*?:(\\d+) .*token=(\\S+)");
    private static final int PAUSE_MS = 20;

    private final int http;
    private final int tcp;
    private final String token;
    private final Map<String, LongAdder> done = new ConcurrentHashMap<>();

    private MixedAttack(Matcher ready) {
        http = Integer.parseInt(ready.group(1));
        tcp = Integer.parseInt(ready.group(2));
        token = ready.group(3);
    }

    /** What one attacker does again and again; failures are what it deserves. */
    private interface Attack {
        void once() throws IOException;
    }

    public static void main(String[] args) throws Exception {
        Path home = Files.createDirectories(Path.of(args[1]));
        Process hub = new ProcessBuilder(
                        "java",
                        "-Xmx256m",
                        "-jar",
                        args[0],
                        "--set",
                        "http.port=0",
                        "--set",
                        "tcp.port=0",
                        "--set",
                        "home=" + home.resolve("home"),
                        "--set",
                        "flow.stallSeconds=5")
                .redirectError(home.resolve("log").toFile())
                .start();
        try (BufferedReader out = hub.inputReader(StandardCharsets.UTF_8)) {
            Matcher ready = READY.matcher(String.valueOf(out.readLine()));
            if (!ready.find()) {
                throw new IOException("the hub is not ready");
            }
            new MixedAttack(ready).run(hub.pid(), Integer.parseInt(args[2]));
        } finally {
            hub.destroy();
        }
        System.exit(0);
    }

    private void run(long pid, int seconds) throws Exception {
        Socket honest = login(tcp, token);
        String flood = created(honest, "sh", "-c", "exec yes a-line-of-a-flood");
        String echo = created(honest, "cat");
        JsonObject attached = ask(honest, "termbus.flow", "attach", new JsonObject().put("session", echo));
        RawTcp.send(honest, new JsonObject().put("type", "register").put("address", attached.getString("address")));
        again("malformed bytes", this::garbage);
        again("odd messages", () -> oddMessages(echo));
        again("guessed tokens", this::guess);
        again("slow requests", this::slow);
        again("idle connections", this::idle);
        again("never reading", () -> takeFlood(flood, false));
        again("never acking", () -> takeFlood(flood, true));
        List<Long> micros = new ArrayList<>();
        long end = System.nanoTime() + seconds * 1_000_000_000L;
        long peakKb = 0;
        while (System.nanoTime() < end) {
            micros.add(echoMicros(honest, echo, attached.getString("subscriber")));
            if (micros.size() % 50 == 0) {
                peakKb = Math.max(peakKb, residentKb(pid));
            }
            Thread.sleep(PAUSE_MS);
        }
        Collections.sort(micros);
        System.out.printf(
                "%d echoes: p50 %.1f ms, p99 %.1f ms, max %.1f ms; hub's resident memory at most %d MB; attacks: %s%n",
                micros.size(),
                micros.get(micros.size() / 2) / 1e3,
                micros.get(micros.size() * 99 / 100) / 1e3,
                micros.get(micros.size() - 1) / 1e3,
                peakKb / 1024,
                done);
    }

    private void again(String name, Attack attack) {
        done.put(name, new LongAdder());
        Thread thread = new Thread(() -> {
            while (true) {
                try {
                    attack.once();
                } catch (IOException refused) {
                    Thread.onSpinWait();
                }
                done.get(name).increment();
            }
        });
        thread.setDaemon(true);
        thread.start();
    }

    private void garbage() throws IOException {
        byte[] bytes = new byte[200];
        new Random().nextBytes(bytes);
        try (Socket socket = new Socket("127.0.0.1", tcp)) {
            socket.setSoTimeout(3000);
            socket.getOutputStream().write(bytes);
            socket.getInputStream().read();
        }
    }

    private void oddMessages(String session) throws IOException {
        try (Socket socket = login(tcp, token)) {
            for (int i = 0; i < 2000; i++) {
                RawTcp.send(
                        socket,
                        Peer.message(
                                        i % 2 == 0 ? "termbus.flow" : "termbus.session." + session,
                                        "status",
                                        new JsonObject())
                                .put("replyAddress", i % 3 == 0 ? 7 : "r"));
                next(socket);
            }
        }
    }

    private void guess() throws IOException {
        try (Socket socket = new Socket()) {
            socket.bind(new InetSocketAddress(InetAddress.getByName("127.0.0.2"), 0));
            socket.connect(new InetSocketAddress("127.0.0.1", tcp));
            socket.setSoTimeout(3000);
            ask(socket, "termbus.hub", "login", new JsonObject().put("token", "guess-" + System.nanoTime()));
        }
    }

    private void slow() throws IOException {
        List<Socket> sockets = new ArrayList<>();
        try {
            for (int i = 0; i < 200; i++) {
                Socket socket = new Socket("127.0.0.1", http);
                sockets.add(socket);
                socket.getOutputStream().write("GET / HTTP/1.1\r\nX-Slow: ".getBytes(StandardCharsets.US_ASCII));
            }
            sockets.get(0).setSoTimeout(20_000);
            sockets.get(0).getInputStream().read();
        } finally {
            closeAll(sockets);
        }
    }

    private void idle() throws IOException {
        List<Socket> sockets = new ArrayList<>();
        try {
            for (int i = 0; i < 60; i++) {
                sockets.add(new Socket("127.0.0.1", tcp));
            }
            sockets.get(0).setSoTimeout(12_000);
            sockets.get(0).getInputStream().readAllBytes();
        } finally {
            closeAll(sockets);
        }
    }

    private static void closeAll(List<Socket> sockets) throws IOException {
        for (Socket each : sockets) {
            each.close();
        }
    }

    /** Attaches to a flood; acks nothing of it. */
    private void takeFlood(String session, boolean read) throws IOException {
        try (Socket socket = login(tcp, token)) {
            JsonObject attached = ask(socket, "termbus.flow", "attach", new JsonObject().put("session", session));
            RawTcp.send(socket, new JsonObject().put("type", "register").put("address", attached.getString("address")));
            long end = System.nanoTime() + 10_000_000_000L;
            while (System.nanoTime() < end) {
                if (read) {
                    next(socket);
                } else {
                    Thread.onSpinWait();
                    java.util.concurrent.locks.LockSupport.parkNanos(1_000_000_000L);
                }
            }
        }
    }

    private static long echoMicros(Socket honest, String session, String subscriber) throws IOException {
        long begin = System.nanoTime();
        RawTcp.send(honest, Peer.message("termbus.session." + session, "input", new JsonObject().put("data", "x")));
        while (true) {
            JsonObject headers = next(honest).getJsonObject("headers");
            if (headers != null && headers.getString("seq") != null) {
                long micros = (System.nanoTime() - begin) / 1000;
                JsonObject ack = new JsonObject()
                        .put("subscriber", subscriber)
                        .put("seq", Long.valueOf(headers.getString("seq")));
                RawTcp.send(honest, Peer.message("termbus.flow", "ack", ack));
                if ("output".equals(headers.getString("kind"))) {
                    return micros;
                }
            }
        }
    }

    private static String created(Socket socket, String... command) throws IOException {
        JsonObject body = new JsonObject().put("command", new JsonArray(List.of(command)));
        return ask(socket, "termbus.hub", "create", body).getString("id");
    }

    private static Socket login(int port, String token) throws IOException {
        Socket socket = new Socket("127.0.0.1", port);
        socket.setSoTimeout(10_000);
        ask(socket, "termbus.hub", "login", new JsonObject().put("token", token));
        return socket;
    }

    private static JsonObject ask(Socket socket, String address, String action, JsonObject body) throws IOException {
        RawTcp.send(socket, Peer.message(address, action, body).put("replyAddress", "answer"));
        while (true) {
            JsonObject frame = next(socket);
            if ("err".equals(frame.getString("type"))) {
                throw new IOException(frame.encode());
            }
            if ("answer".equals(frame.getString("address"))) {
                return frame.getJsonObject("body");
            }
        }
    }

    private static JsonObject next(Socket socket) throws IOException {
        DataInputStream in = new DataInputStream(socket.getInputStream());
        byte[] frame = new byte[in.readInt()];
        in.readFully(frame);
        return new JsonObject(new String(frame, StandardCharsets.UTF_8));
    }

    private static long residentKb(long pid) throws IOException {
        return Files.readAllLines(Path.of("/proc/" + pid + "/status")).stream()
                .filter(line -> line.startsWith("VmRSS:"))
                .mapToLong(line -> Long.parseLong(line.replaceAll("[^0-9]", "")))
                .findFirst()
                .orElse(0);
    }
}
