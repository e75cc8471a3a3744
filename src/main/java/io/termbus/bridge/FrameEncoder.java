package io.termbus.bridge;

import io.termbus.protocol.Delivery;
import io.termbus.protocol.Headers;
import io.termbus.protocol.Payload;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.Json;
import java.nio.charset.StandardCharsets;
import java.util.Base64;

/**
 * Writes frames into a buffer. Output goes there without intermediate JSON objects; base64url, digits
 * and the names of kinds need no escaping, and ids and addresses are escaped once, in the head.
 */
final class FrameEncoder {
    private static final Base64.Encoder BASE64 = Base64.getUrlEncoder().withoutPadding();
    private static final int PREFIX_BYTES = 4;
    /** Room for the head and the numbers of a delivery, in bytes. */
    private static final int ENVELOPE_BYTES = 384;

    private final Dialect dialect;
    private final byte[] tail;

    FrameEncoder(Dialect dialect) {
        this.dialect = dialect;
        this.tail = ascii(dialect.saysSend() ? "\",\"send\":true}" : "\"}");
    }

    /** The part of a delivery that is the same for all deliveries at that address of that session. */
    byte[] head(String address, String session) {
        String head = "{\"type\":\"" + dialect.deliveryType() + "\",\"address\":" + Json.encode(address)
                + ",\"headers\":{\"" + Headers.SESSION + "\":" + Json.encode(session);
        return head.getBytes(StandardCharsets.UTF_8);
    }

    /** How many bytes {@link #append} will about write. */
    static int estimate(Outgoing frame) {
        return frame instanceof Outgoing.Deferred deferred
                ? deferred.delivery().payload().length() * 4 / 3 + ENVELOPE_BYTES
                : frame.weight(); // JSON and binary frames are a little less
    }

    void append(Buffer out, Outgoing frame) {
        int start = out.length();
        if (dialect.lengthPrefixed()) {
            out.appendInt(0);
        }
        if (frame instanceof Outgoing.Deferred deferred) {
            appendDelivery(out, deferred.head(), deferred.delivery());
        } else if (frame instanceof Outgoing.Binary binary) {
            BinaryFrames.append(out, binary.channel(), binary.delivery());
        } else if (frame instanceof Outgoing.Encoded encoded) {
            out.appendBuffer(encoded.json());
        }
        if (dialect.lengthPrefixed()) {
            out.setInt(start, out.length() - start - PREFIX_BYTES);
        }
    }

    private void appendDelivery(Buffer out, byte[] head, Delivery.Counted delivery) {
        StringBuilder middle = new StringBuilder(ENVELOPE_BYTES / 2);
        header(middle, Headers.KIND, delivery.kind().toString());
        header(middle, Headers.SEQ, Long.toString(delivery.seq()));
        header(middle, Headers.OFFSET, Long.toString(delivery.offset()));
        if (delivery.kind() == Delivery.Kind.SNAPSHOT) {
            header(middle, Headers.COLS, Integer.toString(delivery.cols()));
            header(middle, Headers.ROWS, Integer.toString(delivery.rows()));
        }
        middle.append("},\"body\":\"");
        out.appendBytes(head).appendBytes(ascii(middle.toString()));
        out.appendBytes(base64(delivery.payload())).appendBytes(tail);
    }

    /** Not kept in the payload: measured, 64 KiB take 11 µs, of the 50 µs or more that writing them takes. */
    private static byte[] base64(Payload payload) {
        return BASE64.encode(payload.bytes());
    }

    private static void header(StringBuilder out, String name, String value) {
        out.append(",\"").append(name).append("\":\"").append(value).append('"');
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }
}
