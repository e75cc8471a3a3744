package io.termbus.cli.hub;

import io.termbus.cli.process.CliException;
import io.termbus.cli.process.Status;
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

    /** The first frame is a short one. The first byte of its length is 0, which no text and no TLS begins with. */
    private static final int MAX_FIRST_BYTES = 1 << 16;

    private static final int BUFFER_BYTES = 1 << 16;
    /** So much of a greeting is read, to be shown. */
    private static final int GREETING_BYTES = 40;

    private static final int TLS_RECORDS = 0x14;

    private final DataInputStream in;
    private boolean first = true;

    Frames(InputStream in) {
        this.in = new DataInputStream(new BufferedInputStream(in, BUFFER_BYTES));
    }

    /** The next frame; blocks. */
    JsonObject next() throws IOException, CliException {
        int length = in.readInt();
        if (length <= 0 || length > (first ? MAX_FIRST_BYTES : MAX_BYTES)) {
            throw new CliException(Status.PROTOCOL, whatSpeaks(length));
        }
        first = false;
        byte[] bytes = new byte[length];
        in.readFully(bytes);
        try {
            return new JsonObject(new String(bytes, StandardCharsets.UTF_8));
        } catch (DecodeException e) {
            throw new CliException(Status.PROTOCOL, "what is there sends no JSON; is it a hub's TCP port?");
        }
    }

    /** Returns whether more has arrived already; false also where that is not known. */
    boolean more() throws IOException {
        return in.available() > 0;
    }

    static byte[] encode(String message) {
        byte[] json = message.getBytes(StandardCharsets.UTF_8);
        return ByteBuffer.allocate(Integer.BYTES + json.length)
                .putInt(json.length)
                .put(json)
                .array();
    }

    static String reason(IOException e) {
        return e instanceof EOFException || e.getMessage() == null ? "the hub closed the connection" : e.getMessage();
    }

    private String whatSpeaks(int firstBytes) throws IOException {
        if (firstBytes >>> 28 == TLS_RECORDS >>> 4) {
            return "that port speaks TLS; give --tls, or --tls-ca FILE";
        }
        String greeting = greeting(firstBytes);
        if (greeting.startsWith("HTTP") || greeting.startsWith("<")) {
            return "that port speaks HTTP; give the hub's TCP port, 7000 by default, by --port";
        }
        if (greeting.startsWith("SSH-")) {
            return "that port speaks SSH; give the hub's TCP port, 7000 by default, by --port";
        }
        return "what is there is no hub"
                + (greeting.isEmpty() ? "" : ", it says '" + greeting + "'")
                + "; give the hub's TCP port by --port";
    }

    /** The first line of what came instead of a frame, as far as it is there and plain text. */
    private String greeting(int firstBytes) throws IOException {
        byte[] bytes = new byte[GREETING_BYTES];
        ByteBuffer.wrap(bytes).putInt(firstBytes);
        int more = Math.min(in.available(), bytes.length - Integer.BYTES);
        int length = Integer.BYTES + in.readNBytes(bytes, Integer.BYTES, more);
        String text = new String(bytes, 0, length, StandardCharsets.ISO_8859_1)
                .lines()
                .findFirst()
                .orElse("");
        return text.chars().allMatch(each -> each >= ' ' && each < 127) ? text.strip() : "";
    }
}
