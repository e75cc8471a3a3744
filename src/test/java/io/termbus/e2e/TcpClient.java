package io.termbus.e2e;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

/** A client over TCP: a 4-byte length before each JSON object. */
final class TcpClient extends Client {
    private final Socket socket;

    private TcpClient(Socket socket) {
        this.socket = socket;
    }

    /** Connects and logs in. */
    static TcpClient connect(HubProcess hub) throws Exception {
        TcpClient client = connectOnly(hub);
        client.login(hub);
        return client;
    }

    /** Connects, without a login. */
    static TcpClient connectOnly(HubProcess hub) throws IOException {
        TcpClient client = new TcpClient(open(hub, 1 << 20));
        Thread reader = new Thread(client::readAll, "tcp-client-reader");
        reader.setDaemon(true);
        reader.start();
        return client;
    }

    /** A socket whose peer finds no room soon unless somebody reads. */
    static Socket open(HubProcess hub, int receiveBuffer) throws IOException {
        Socket socket = new Socket();
        socket.setReceiveBufferSize(receiveBuffer);
        socket.setTcpNoDelay(true);
        socket.connect(new InetSocketAddress(hub.host(), hub.tcpPort()));
        return socket;
    }

    static byte[] frame(String json) {
        byte[] bytes = json.getBytes(StandardCharsets.UTF_8);
        return Buffer.buffer().appendInt(bytes.length).appendBytes(bytes).getBytes();
    }

    static JsonObject readFrame(DataInputStream in) throws IOException {
        byte[] bytes = new byte[in.readInt()];
        in.readFully(bytes);
        return new JsonObject(Buffer.buffer(bytes));
    }

    @Override
    void send(JsonObject message) throws IOException {
        sendBytes(frame(message.encode()));
    }

    void sendBytes(byte[] bytes) throws IOException {
        socket.getOutputStream().write(bytes);
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }

    private void readAll() {
        try (DataInputStream in = new DataInputStream(new BufferedInputStream(socket.getInputStream(), 1 << 16))) {
            while (true) {
                arrived(readFrame(in));
            }
        } catch (IOException end) {
            ended();
        }
    }
}
