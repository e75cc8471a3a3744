package io.termbus.e2e;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import java.util.Base64;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Shows binary deliveries as the JSON that they stand for, so that the same checks hold for both. One for each client. */
final class BinaryDeliveries {
    static final String FRAMES = "binary";

    private static final int OUTPUT = 1;
    private static final int SNAPSHOT = 2;
    private static final int ACK = 3;
    private static final int INPUT = 4;

    private final Map<Integer, String> addresses = new ConcurrentHashMap<>();
    private volatile long count;
    private volatile int newest;

    /** How many came. */
    long count() {
        return count;
    }

    /** Channel of the newest subscriber. */
    int channel() {
        return newest;
    }

    static Buffer ack(int channel, long seq) {
        return Buffer.buffer().appendByte((byte) ACK).appendInt(channel).appendLong(seq);
    }

    static Buffer input(int channel, byte[] bytes) {
        return Buffer.buffer().appendByte((byte) INPUT).appendInt(channel).appendBytes(bytes);
    }

    /** Learns the channel of a subscriber from the answer to its attach. */
    JsonObject json(JsonObject message) {
        if (message.getValue("body") instanceof JsonObject body && body.containsKey("channel")) {
            newest = body.getInteger("channel");
            addresses.put(newest, body.getString("address"));
        }
        return message;
    }

    JsonObject delivery(Buffer frame) {
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
        count++;
        return new JsonObject()
                .put("type", "message")
                .put("address", addresses.get(frame.getInt(1)))
                .put("headers", headers)
                .put("body", Base64.getUrlEncoder().encodeToString(frame.getBytes(snapshot ? 25 : 21, frame.length())));
    }
}
