package io.termbus.cli;

import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonObject;
import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** Frames from the hub: a 4-byte length and that many bytes of JSON. One thread reads. */
final class Frames {
    /** Larger than any snapshot; also, what speaks another protocol seems to send longer ones. */
    private static final int MAX_BYTES = 64 << 20;

    private static final int BUFFER_BYTES = 1 << 16;
    private static final int HTTP = 0x48545450;
    private static final int TLS_RECORDS = 0x14;

    private final DataInputStream in;

    Frames(InputStream in) {
        this.in = new DataInputStream(new BufferedInputStream(in, BUFFER_BYTES));
    }

    /** The next frame; blocks. */
    JsonObject next() throws IOException, CliException {
        int length = in.readInt();
        if (length <= 0 || length > MAX_BYTES) {
            throw new CliException(Status.PROTOCOL, whatSpeaks(length));
        }
        byte[] bytes = new byte[length];
        in.readFully(bytes);
        try {
            return new JsonObject(new String(bytes, StandardCharsets.UTF_8));
        } catch (DecodeException e) {
            throw new CliException(Status.PROTOCOL, "what is there sends no JSON; is it a hub's TCP port?");
        }
    }

    /** Whether more has arrived already; false also where that is not known. */
    boolean more() throws IOException {
        return in.available() > 0;
    }

    static byte[] encode(JsonObject message) {
        byte[] json = message.encode().getBytes(StandardCharsets.UTF_8);
        return ByteBuffer.allocate(Integer.BYTES + json.length)
                .putInt(json.length)
                .put(json)
                .array();
    }

    static String reason(IOException e) {
        return e instanceof EOFException || e.getMessage() == null ? "the hub closed the connection" : e.getMessage();
    }

    private static String whatSpeaks(int firstBytes) {
        if (firstBytes == HTTP) {
            return "that port speaks HTTP; give the hub's TCP port, 7000 by default, by --port";
        }
        return firstBytes >>> 28 == TLS_RECORDS >>> 4
                ? "that port speaks TLS; give --tls, or --tls-ca FILE"
                : "what is there is no hub; give the hub's TCP port by --port";
    }
}
