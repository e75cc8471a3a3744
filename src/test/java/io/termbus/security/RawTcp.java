package io.termbus.security;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.Socket;

/** Frames of the TCP bridge on a plain socket. */
final class RawTcp {
    private RawTcp() {}

    static void send(Socket socket, JsonObject message) throws IOException {
        Buffer json = message.toBuffer();
        socket.getOutputStream()
                .write(Buffer.buffer()
                        .appendInt(json.length())
                        .appendBuffer(json)
                        .getBytes());
    }
}
