package io.termbus.bench;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.util.List;

/** A client of the hub that blocks. One thread, and at most one subscriber. */
final class BusClient implements AutoCloseable {
    private static final String HUB = "termbus.hub";
    private static final String FLOW = "termbus.flow";
    private static final String SESSION = "termbus.session.";
    private static final int CONNECT_TIMEOUT_MS = 30_000;

    /** How a client reaches the hub, and in what form deliveries come. */
    enum Transport {
        TCP("TCP"),
        TCP_BINARY("TCP binary"),
        WEB_SOCKET("WebSocket");

        final String title;

        Transport(String title) {
            this.title = title;
        }
    }

    private final Transport transport;
    private final Wire wire;
    private int requests;
    private String subscriber = "";
    private int channel;
    private byte[] outAddress = {};

    private BusClient(Transport transport, Wire wire) throws IOException {
        this.transport = transport;
        this.wire = wire;
        wire.timeout(CONNECT_TIMEOUT_MS);
    }

    static BusClient connect(HubProcess hub, Transport transport) throws IOException {
        return connect(hub, transport, transport == Transport.WEB_SOCKET ? hub.http : hub.tcp);
    }

    /** @param port the hub's, or of something before it */
    static BusClient connect(HubProcess hub, Transport transport, int port) throws IOException {
        if (transport == Transport.WEB_SOCKET) {
            BusClient client =
                    new BusClient(transport, new WebSocketWire(port, "/eventbus/websocket?token=" + hub.token));
            client.request(HUB, "info", new JsonObject());
            return client;
        }
        BusClient client = new BusClient(transport, new TcpWire(port));
        JsonObject login = new JsonObject().put("token", hub.token);
        if (transport == Transport.TCP_BINARY) {
            login.put("frames", "binary");
        }
        client.request(HUB, "login", login);
        return client;
    }

    static BusClient tcp(HubProcess hub) throws IOException {
        return connect(hub, Transport.TCP);
    }

    Transport transport() {
        return transport;
    }

    Wire wire() {
        return wire;
    }

    /** Returns the session's id. */
    String create(List<String> command) throws IOException {
        return create(command, 80, 24);
    }

    String create(List<String> command, int cols, int rows) throws IOException {
        JsonObject body = new JsonObject()
                .put("command", new JsonArray(command))
                .put("cols", cols)
                .put("rows", rows);
        return request(HUB, "create", body).getString("id");
    }

    /** A shell that tells of its prompts and commands, or one that does not. */
    String createShell(List<String> command, boolean integration) throws IOException {
        JsonObject body = new JsonObject()
                .put("command", new JsonArray(command))
                .put("shellIntegration", integration ? "auto" : "off");
        return request(HUB, "create", body).getString("id");
    }

    /** On the node that this client is connected to. */
    String createHere(List<String> command) throws IOException {
        String node = request(HUB, "info", new JsonObject()).getString("node");
        JsonObject body =
                new JsonObject().put("command", new JsonArray(command)).put("node", node);
        return request(HUB, "create", body).getString("id");
    }

    /** How many nodes answer. */
    int nodes() throws IOException {
        return request(HUB, "nodes", new JsonObject()).getJsonArray("nodes").size();
    }

    List<Object> list() throws IOException {
        return request(HUB, "list", new JsonObject()).getJsonArray("sessions").stream()
                .toList();
    }

    void kill(String session) throws IOException {
        request(SESSION + session, "kill", new JsonObject());
    }

    void killAll() throws IOException {
        request(HUB, "killAll", new JsonObject());
    }

    /** Attaches and registers; deliveries follow. */
    void attach(String session, String lag, boolean fromStart) throws IOException {
        JsonObject body = new JsonObject().put("session", session).put("lag", lag);
        if (fromStart) {
            body.put("from", 0);
        }
        JsonObject attached = request(FLOW, "attach", body);
        subscriber = attached.getString("subscriber");
        channel = attached.getInteger("channel", 0);
        String address = attached.getString("address");
        outAddress = ("\"address\":\"" + address + "\"").getBytes(java.nio.charset.StandardCharsets.US_ASCII);
        send(new JsonObject().put("type", "register").put("address", address));
    }

    JsonObject status() throws IOException {
        return request(FLOW, "status", new JsonObject().put("subscriber", subscriber));
    }

    void input(String session, String data) throws IOException {
        if (channel > 0) {
            wire.send(Delivery.binaryInput(channel, data));
            return;
        }
        send(message(SESSION + session, "input", new JsonObject().put("data", data)));
    }

    void ack(long seq) throws IOException {
        wire.send(ackOf(seq));
    }

    byte[] ackOf(long seq) {
        return channel > 0
                ? Delivery.binaryAck(channel, seq)
                : message(
                                FLOW,
                                "ack",
                                new JsonObject().put("subscriber", subscriber).put("seq", seq))
                        .toBuffer()
                        .getBytes();
    }

    /** Only for {@link #next}: how long it may wait. */
    void timeout(int ms) throws IOException {
        wire.timeout(ms);
    }

    /** Waits for the next delivery and drops other messages. */
    Delivery next() throws IOException {
        while (true) {
            wire.receive();
            if (isBinary()) {
                return Delivery.ofBinary(wire.message, wire.from, wire.to);
            }
            if (isDelivery()) {
                return Delivery.parse(wire.message, wire.from, wire.to);
            }
            failOnError();
        }
    }

    /** Asks a session and waits for the answer. */
    JsonObject ask(String session, String action, JsonObject body) throws IOException {
        return request(SESSION + session, action, body);
    }

    /** Asks a session; returns what {@link #answer} wants. */
    String begin(String session, String action, JsonObject body) throws IOException {
        return begun(SESSION + session, action, body);
    }

    private JsonObject request(String address, String action, JsonObject body) throws IOException {
        return answer(begun(address, action, body));
    }

    private String begun(String address, String action, JsonObject body) throws IOException {
        String replyAddress = "reply." + ++requests;
        send(message(address, action, body).put("replyAddress", replyAddress));
        return replyAddress;
    }

    /** Waits for the answer and drops other messages. */
    JsonObject answer(String replyAddress) throws IOException {
        while (true) {
            wire.receive();
            if (isBinary() || isDelivery()) {
                continue;
            }
            JsonObject said = json();
            if (replyAddress.equals(said.getString("address"))) {
                if (said.getString("type").equals("err")) {
                    throw new IOException(said.encode());
                }
                return said.getJsonObject("body");
            }
        }
    }

    private boolean isBinary() {
        return wire.message[wire.from] != '{';
    }

    private boolean isDelivery() {
        if (outAddress.length == 0) {
            return false;
        }
        int last = Math.min(wire.to - outAddress.length, wire.from + 64);
        for (int at = wire.from; at <= last; at++) {
            if (java.util.Arrays.equals(wire.message, at, at + outAddress.length, outAddress, 0, outAddress.length)) {
                return true;
            }
        }
        return false;
    }

    private void failOnError() throws IOException {
        JsonObject said = json();
        if (said.getString("type").equals("err")) {
            throw new IOException(said.encode());
        }
    }

    private JsonObject json() {
        return Buffer.buffer()
                .appendBytes(wire.message, wire.from, wire.to - wire.from)
                .toJsonObject();
    }

    static JsonObject message(String address, String action, JsonObject body) {
        return new JsonObject()
                .put("type", "send")
                .put("address", address)
                .put("headers", new JsonObject().put("action", action))
                .put("body", body);
    }

    private void send(JsonObject message) throws IOException {
        wire.send(message.toBuffer().getBytes());
    }

    @Override
    public void close() throws IOException {
        wire.close();
    }
}
