package io.termbus.bench;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.BufferedInputStream;
import java.io.BufferedReader;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.LongAdder;

/**
 * Attacks a hub in many ways at once until its standard input ends, then says how often each was tried. A process of its
 * own, so that it can run at a priority of its own. Its first line of input has the ports of HTTP and TCP, a token and the
 * ids of a flooding and of a quiet session.
 */
final class Attackers {
    private static final int TIMEOUT_MS = 10_000;
    private static final int BATCH = 500;
    private static final int LARGE = 1_000_000;
    /** Connections, and requests of each, that ask for long answers at once. */
    private static final int ASKERS = 100;

    private static final int ANSWERS = 17;
    private static final int ANSWERS_TIMEOUT_MS = 60_000;

    private final int http;
    private final int tcp;
    private final String token;
    private final String flood;
    private final String quiet;
    /** A session that is long to tell; empty: not made yet. By one thread. */
    private String talkative = "";

    private final Map<String, LongAdder> tried = new ConcurrentSkipListMap<>();

    private Attackers(String[] words) {
        http = Integer.parseInt(words[0]);
        tcp = Integer.parseInt(words[1]);
        token = words[2];
        flood = words[3];
        quiet = words[4];
    }

    /** What one attacker does again and again. */
    private interface Attack {
        void once() throws IOException;
    }

    public static void main(String[] args) throws Exception {
        BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        Attackers attackers = new Attackers(in.readLine().split(" "));
        attackers.begin();
        while (in.readLine() != null) {
            Thread.onSpinWait();
        }
        System.out.println(attackers.tried);
        System.exit(0);
    }

    private void begin() {
        again("malformed bytes", this::garbage);
        again("odd messages", this::oddMessages);
        again("guessed tokens", this::guess);
        again("slow HTTP requests", this::slow);
        again("idle connections", this::idle);
        again("connections that come and go", this::comeAndGo);
        again("never reading", () -> takeFlood(false));
        again("never acking", () -> takeFlood(true));
        again(
                "floods of requests over TCP",
                () -> requests(BusClient.message("termbus.hub", "info", new JsonObject())));
        again(
                "floods of input",
                () -> requests(BusClient.message("termbus.session." + quiet, "input", data("x".repeat(1000)))));
        again(
                "floods of snapshots",
                () -> requests(BusClient.message("termbus.session." + flood, "snapshot", new JsonObject())));
        again("floods of long answers", this::longAnswers);
        again("large messages", () -> requests(BusClient.message("termbus.hub", "info", data("[".repeat(LARGE)))));
        again("SockJS frames of small messages", this::sockJsBatches);
        again("pings that are not read", this::pings);
        again("large posts", this::posts);
        again("floods of HTTP requests", this::httpRequests);
    }

    /** A refusal is what an attack deserves. */
    private void again(String name, Attack attack) {
        if (!name.contains(System.getProperty("bench.attacks", ""))) {
            return;
        }
        LongAdder count = new LongAdder();
        tried.put(name, count);
        Thread thread = new Thread(
                () -> {
                    while (true) {
                        try {
                            attack.once();
                        } catch (IOException refused) {
                            Thread.yield();
                        }
                        count.increment();
                    }
                },
                name);
        thread.setDaemon(true);
        thread.start();
    }

    private void garbage() throws IOException {
        byte[] bytes = new byte[200];
        new Random().nextBytes(bytes);
        try (Socket socket = connected(tcp)) {
            socket.getOutputStream().write(bytes);
            drain(socket);
        }
    }

    private void oddMessages() throws IOException {
        try (Wire wire = login()) {
            for (int i = 0; i < BATCH; i++) {
                String address = i % 2 == 0 ? "termbus.flow" : "termbus.session." + quiet;
                JsonObject odd = BusClient.message(address, "status", data("x"))
                        .put("replyAddress", i % 3 == 0 ? (Object) 7 : "r");
                wire.send(bytes(odd));
                wire.receive();
            }
        }
    }

    /** From an address of its own, which must wait longer and longer. */
    private void guess() throws IOException {
        try (Socket socket = new Socket()) {
            socket.setSoTimeout(TIMEOUT_MS);
            socket.bind(new InetSocketAddress(InetAddress.getByName("127.0.0.2"), 0));
            socket.connect(new InetSocketAddress("127.0.0.1", tcp));
            socket.getOutputStream().write(frame(bytes(login("guess-" + System.nanoTime()))));
            socket.getInputStream().readNBytes(5);
        }
    }

    private void slow() throws IOException {
        hold(http, 200, "GET / HTTP/1.1\r\nX-Slow: ");
    }

    private void idle() throws IOException {
        hold(tcp, 60, "");
    }

    /** Many connections that say no more than this, until the hub ends them. */
    private static void hold(int port, int count, String words) throws IOException {
        List<Socket> sockets = new ArrayList<>();
        try {
            for (int i = 0; i < count; i++) {
                Socket socket = connected(port);
                sockets.add(socket);
                socket.getOutputStream().write(words.getBytes(StandardCharsets.US_ASCII));
            }
            sockets.get(0).setSoTimeout(2 * TIMEOUT_MS);
            drain(sockets.get(0));
        } finally {
            for (Socket each : sockets) {
                each.close();
            }
        }
    }

    private void comeAndGo() throws IOException {
        for (int port : new int[] {tcp, http}) {
            connected(port).close();
        }
    }

    /** Attaches to the flood and acks nothing of it. */
    private void takeFlood(boolean read) throws IOException {
        try (Wire wire = login()) {
            JsonObject attach = BusClient.message("termbus.flow", "attach", new JsonObject().put("session", flood))
                    .put("replyAddress", "a");
            wire.send(bytes(attach));
            wire.receive();
            JsonObject attached = json(wire).getJsonObject("body", new JsonObject());
            wire.send(bytes(new JsonObject().put("type", "register").put("address", attached.getString("address"))));
            for (long end = System.nanoTime() + TIMEOUT_MS * 1_000_000L; System.nanoTime() < end; ) {
                if (read) {
                    wire.receive();
                } else {
                    pause();
                }
            }
        }
    }

    /** As many as go through, their answers read. */
    private void requests(JsonObject message) throws IOException {
        byte[] one = frame(bytes(message.put("replyAddress", "r")));
        ByteArrayOutputStream batch = new ByteArrayOutputStream();
        int count = Math.max(1, Math.min(BATCH, LARGE / one.length));
        for (int i = 0; i < count; i++) {
            batch.writeBytes(one);
        }
        try (Socket socket = connected(tcp)) {
            socket.getOutputStream().write(frame(bytes(login(token))));
            byte[] answers = new byte[1 << 16];
            for (int i = 0; i < BATCH; i++) {
                socket.getOutputStream().write(batch.toByteArray());
                while (socket.getInputStream().available() > 0) {
                    socket.getInputStream().read(answers);
                }
            }
        }
    }

    /** Of a session whose command has 0.9 MB, many times at once by many connections, read as they come. */
    private void longAnswers() throws IOException {
        if (talkative.isEmpty()) {
            talkative = create(new JsonObject().put("command", longCommand()));
        }
        byte[] one = frame(bytes(BusClient.message("termbus.session." + talkative, "info", new JsonObject())
                .put("replyAddress", "r")));
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        all.writeBytes(frame(bytes(login(token))));
        for (int i = 0; i < ANSWERS; i++) {
            all.writeBytes(one);
        }
        List<Socket> sockets = new ArrayList<>();
        try {
            for (int i = 0; i < ASKERS; i++) {
                sockets.add(connected(tcp));
            }
            for (Socket socket : sockets) {
                socket.setSoTimeout(ANSWERS_TIMEOUT_MS);
                socket.getOutputStream().write(all.toByteArray());
            }
            for (Socket socket : sockets) {
                DataInputStream in = new DataInputStream(new BufferedInputStream(socket.getInputStream()));
                for (int i = 0; i < ANSWERS; i++) {
                    in.skipNBytes(in.readInt());
                }
            }
        } finally {
            for (Socket socket : sockets) {
                socket.close();
            }
        }
    }

    private static JsonArray longCommand() {
        JsonArray command = new JsonArray().add("sh").add("-c").add("exec sleep 1000000");
        for (int i = 0; i < 7; i++) {
            command.add("x".repeat(130_000));
        }
        return command;
    }

    private String create(JsonObject session) throws IOException {
        try (Wire wire = login()) {
            wire.send(bytes(BusClient.message("termbus.hub", "create", session).put("replyAddress", "c")));
            wire.receive();
            return json(wire).getJsonObject("body").getString("id");
        }
    }

    private void sockJsBatches() throws IOException {
        JsonArray messages = new JsonArray();
        for (int i = 0; i < LARGE / 4; i++) {
            messages.add("1");
        }
        byte[] batch = bytes(messages);
        try (WebSocketWire wire = new WebSocketWire(http, "/eventbus/000/attacker/websocket?token=" + token)) {
            for (int i = 0; i < BATCH; i++) {
                wire.send(batch);
                wire.receive();
            }
        }
    }

    private void pings() throws IOException {
        ByteBuffer frames = ByteBuffer.allocate(131 * BATCH);
        for (int i = 0; i < BATCH; i++) {
            frames.put((byte) 0x89).put((byte) (0x80 | 125)).put(new byte[4 + 125]);
        }
        try (WebSocketWire wire = new WebSocketWire(http, "/eventbus/websocket?token=" + token)) {
            for (int i = 0; i < LARGE; i++) {
                wire.write(frames.array(), frames.position());
            }
        }
    }

    private void posts() throws IOException {
        byte[] body = bytes(new JsonArray().add("[".repeat(LARGE)));
        String head = " HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: ";
        String session = "POST /eventbus/000/s" + System.nanoTime();
        try (Socket open = connected(http)) {
            open.getOutputStream().write((session + "/xhr" + head + "0\r\n\r\n").getBytes(StandardCharsets.US_ASCII));
            drain(open);
        }
        for (int i = 0; i < 10; i++) {
            try (Socket socket = connected(http)) {
                String send = session + "/xhr_send" + head + body.length + "\r\nConnection: close\r\n\r\n";
                socket.getOutputStream().write(send.getBytes(StandardCharsets.US_ASCII));
                socket.getOutputStream().write(body);
                drain(socket);
            }
        }
    }

    /** Pipelined, for files and for what is not there. */
    private void httpRequests() throws IOException {
        byte[] some = ("GET / HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\nGET /none HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n")
                .repeat(BATCH / 10)
                .getBytes(StandardCharsets.US_ASCII);
        byte[] answers = new byte[1 << 16];
        try (Socket socket = connected(http)) {
            for (int i = 0; i < BATCH; i++) {
                socket.getOutputStream().write(some);
                while (socket.getInputStream().available() > 0) {
                    socket.getInputStream().read(answers);
                }
            }
        }
    }

    private Wire login() throws IOException {
        TcpWire wire = new TcpWire(tcp);
        wire.timeout(TIMEOUT_MS);
        wire.send(bytes(login(token).put("replyAddress", "l")));
        wire.receive();
        return wire;
    }

    private static JsonObject login(String token) {
        return BusClient.message("termbus.hub", "login", new JsonObject().put("token", token));
    }

    private static JsonObject json(Wire wire) {
        return new JsonObject(new String(wire.message, wire.from, wire.to - wire.from, StandardCharsets.UTF_8));
    }

    private static Socket connected(int port) throws IOException {
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), port);
        socket.setSoTimeout(TIMEOUT_MS);
        return socket;
    }

    private static void drain(Socket socket) throws IOException {
        socket.getInputStream().readAllBytes();
    }

    private static void pause() throws IOException {
        try {
            Thread.sleep(1000);
        } catch (InterruptedException e) {
            throw new IOException(e);
        }
    }

    private static JsonObject data(String text) {
        return new JsonObject().put("data", text);
    }

    private static byte[] bytes(JsonObject message) {
        return message.toBuffer().getBytes();
    }

    private static byte[] bytes(JsonArray messages) {
        return messages.toBuffer().getBytes();
    }

    private static byte[] frame(byte[] json) {
        return ByteBuffer.allocate(4 + json.length)
                .putInt(json.length)
                .put(json)
                .array();
    }
}
