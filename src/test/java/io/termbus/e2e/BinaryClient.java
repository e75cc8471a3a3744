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

/** A client that asked for binary frames, over TCP or a Unix socket. */
final class BinaryClient extends Client {
    private final SocketChannel socket;
    private final BinaryDeliveries deliveries = new BinaryDeliveries();

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
                HUB, "login", new JsonObject().put("token", hub.token()).put("frames", BinaryDeliveries.FRAMES));
        if (!BinaryDeliveries.FRAMES.equals(login.getString("frames"))) {
            throw new AssertionError("no binary frames: " + login);
        }
        return client;
    }

    /** Deliveries that came as binary frames. */
    long binaryDeliveries() {
        return deliveries.count();
    }

    /** Channel of the newest subscriber. */
    int channel() {
        return deliveries.channel();
    }

    void ackBinary(int channel, long seq) throws IOException {
        sendFrame(BinaryDeliveries.ack(channel, seq));
    }

    void inputBinary(int channel, byte[] bytes) throws IOException {
        sendFrame(BinaryDeliveries.input(channel, bytes));
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
                arrived(bytes[0] == '{' ? deliveries.json(frame.toJsonObject()) : deliveries.delivery(frame));
            }
        } catch (IOException end) {
            ended();
        }
    }
}
