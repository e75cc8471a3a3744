package io.termbus.e2e;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.util.Base64;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * A client that asked for binary frames, over TCP or a Unix socket. It shows binary deliveries as the JSON
 * that they stand for, so that the same checks hold for both.
 */
final class BinaryClient extends Client {
    private static final int OUTPUT = 1;
    private static final int SNAPSHOT = 2;
    private static final int ACK = 3;
    private static final int INPUT = 4;

    private final SocketChannel socket;
    private final Map<Integer, String> addresses = new ConcurrentHashMap<>();
    private volatile long binaryDeliveries;
    private volatile int newest;

    private BinaryClient(SocketChannel socket) {
        this.socket = socket;
    }

    static BinaryClient tcp(HubProcess hub) throws Exception {
        return connect(hub, new InetSocketAddress(InetAddress.getLoopbackAddress(), hub.tcpPort()));
    }

    static BinaryClient unix(HubProcess hub, Path path) throws Exception {
        return connect(hub, UnixDomainSocketAddress.of(path));
    }

    private static BinaryClient connect(HubProcess hub, SocketAddress address) throws Exception {
        BinaryClient client = new BinaryClient(SocketChannel.open(address));
        Thread reader = new Thread(client::readAll, "binary-client-reader");
        reader.setDaemon(true);
        reader.start();
        JsonObject login = client.request(
                HUB, "login", new JsonObject().put("token", hub.token()).put("frames", "binary"));
        if (!"binary".equals(login.getString("frames"))) {
            throw new AssertionError("no binary frames: " + login);
        }
        return client;
    }

    /** Deliveries that came as binary frames. */
    long binaryDeliveries() {
        return binaryDeliveries;
    }

    /** Channel of the newest subscriber. */
    int channel() {
        return newest;
    }

    void ackBinary(int channel, long seq) throws IOException {
        sendFrame(Buffer.buffer().appendByte((byte) ACK).appendInt(channel).appendLong(seq));
    }

    void inputBinary(int channel, byte[] bytes) throws IOException {
        sendFrame(Buffer.buffer().appendByte((byte) INPUT).appendInt(channel).appendBytes(bytes));
    }

    void sendFrame(Buffer frame) throws IOException {
        ByteBuffer bytes = ByteBuffer.wrap(
                Buffer.buffer().appendInt(frame.length()).appendBuffer(frame).getBytes());
        while (bytes.hasRemaining()) {
            socket.write(bytes);
        }
    }

    @Override
    void send(JsonObject message) throws IOException {
        sendFrame(message.toBuffer());
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }

    private void readAll() {
        try (DataInputStream in =
                new DataInputStream(new BufferedInputStream(Channels.newInputStream(socket), 1 << 16))) {
            while (true) {
                byte[] bytes = new byte[in.readInt()];
                in.readFully(bytes);
                Buffer frame = Buffer.buffer(bytes);
                arrived(bytes[0] == '{' ? json(frame) : delivery(frame));
            }
        } catch (IOException end) {
            ended();
        }
    }

    /** Learns the channel of a subscriber from the answer to its attach. */
    private JsonObject json(Buffer frame) {
        JsonObject message = frame.toJsonObject();
        if (message.getValue("body") instanceof JsonObject body && body.containsKey("channel")) {
            newest = body.getInteger("channel");
            addresses.put(newest, body.getString("address"));
        }
        return message;
    }

    private JsonObject delivery(Buffer frame) {
        boolean snapshot = frame.getByte(0) == SNAPSHOT;
        if (!snapshot && frame.getByte(0) != OUTPUT) {
            throw new AssertionError("unknown kind of frame " + frame.getByte(0));
        }
        JsonObject headers = new JsonObject()
                .put("kind", snapshot ? "snapshot" : "output")
                .put("seq", Long.toString(frame.getLong(5)))
                .put("offset", Long.toString(frame.getLong(13)));
        if (snapshot) {
            headers.put("cols", Integer.toString(frame.getUnsignedShort(21)))
                    .put("rows", Integer.toString(frame.getUnsignedShort(23)));
        }
        binaryDeliveries++;
        return new JsonObject()
                .put("type", "message")
                .put("address", addresses.get(frame.getInt(1)))
                .put("headers", headers)
                .put("body", Base64.getUrlEncoder().encodeToString(frame.getBytes(snapshot ? 25 : 21, frame.length())));
    }
}
