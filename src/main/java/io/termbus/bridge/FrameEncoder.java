package io.termbus.bridge;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.termbus.protocol.Delivery;
import io.termbus.protocol.Headers;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.Json;
import java.nio.charset.StandardCharsets;

/**
 * Writes frames into a buffer. Output gets there without intermediate JSON objects; base64url, digits
 * and the names of kinds need no escaping, and ids and addresses are escaped once, in the head. Who
 * gets the same bytes shares their base64.
 */
final class FrameEncoder {
    private static final int PREFIX_BYTES = 4;
    /** Room for the head and the numbers of a delivery, in bytes. */
    private static final int ENVELOPE_BYTES = 384;

    private final Dialect dialect;
    private final Envelope envelope;
    private final String quote;
    private final byte[] tail;

    FrameEncoder(Dialect dialect, Envelope envelope) {
        this.dialect = dialect;
        this.envelope = envelope;
        this.quote = envelope.inside().apply("\"");
        this.tail =
                ascii(envelope.inside().apply(dialect.saysSend() ? "\",\"send\":true}" : "\"}") + envelope.closing());
    }

    /** The part of a delivery that is the same for all deliveries at that address of that session. */
    byte[] head(String address, String session) {
        String head = "{\"type\":\"" + dialect.deliveryType() + "\",\"address\":" + Json.encode(address)
                + ",\"headers\":{\"" + Headers.SESSION + "\":" + Json.encode(session);
        return (envelope.opening() + envelope.inside().apply(head)).getBytes(StandardCharsets.UTF_8);
    }

    /** How many bytes {@link #append} will about write. */
    static int estimate(Outgoing frame) {
        return frame instanceof Outgoing.Deferred deferred
                ? deferred.delivery().payload().length() * 4 / 3 + ENVELOPE_BYTES
                : frame.weight(); // JSON and binary frames are a little less
    }

    /**
     * The frame as it goes out. Any thread.
     *
     * @param gone run when it leaves
     */
    Outgoing whole(Outgoing.Encoded frame, Runnable gone) {
        ByteBuf out = Unpooled.buffer(estimate(frame)); // of the heap, which needs no release
        append(out, frame);
        return new Outgoing.Whole(out, gone);
    }

    /** Writes the frame, with its length in front where the dialect has one. */
    void append(ByteBuf out, Outgoing frame) {
        if (frame instanceof Outgoing.Whole whole) {
            out.writeBytes(whole.frame().duplicate());
            return;
        }
        int start = out.writerIndex();
        if (dialect.lengthPrefixed()) {
            out.writeInt(0);
        }
        if (frame instanceof Outgoing.Deferred deferred) {
            appendDelivery(out, deferred.head(), deferred.delivery());
        } else if (frame instanceof Outgoing.Binary binary) {
            BinaryFrames.append(out, binary.channel(), binary.delivery());
        } else if (frame instanceof Outgoing.Encoded encoded) {
            out.writeBytes(text(encoded.json()));
        }
        if (dialect.lengthPrefixed()) {
            out.setInt(start, out.writerIndex() - start - PREFIX_BYTES);
        }
    }

    private void appendDelivery(ByteBuf out, byte[] head, Delivery.Counted delivery) {
        out.writeBytes(head).writeBytes(ascii(numbers(delivery)));
        out.writeBytes(delivery.payload().base64()).writeBytes(tail);
    }

    private byte[] text(Buffer json) {
        if (envelope == Envelope.NONE) {
            return json.getBytes();
        }
        String inside = envelope.inside().apply(json.toString());
        return (envelope.opening() + inside + envelope.closing()).getBytes(StandardCharsets.UTF_8);
    }

    private String numbers(Delivery.Counted delivery) {
        StringBuilder text = new StringBuilder(ENVELOPE_BYTES / 2);
        header(text, Headers.KIND, delivery.kind().toString());
        header(text, Headers.SEQ, Long.toString(delivery.seq()));
        header(text, Headers.OFFSET, Long.toString(delivery.offset()));
        header(text, Headers.TIME, Long.toString(delivery.time()));
        if (delivery.kind() == Delivery.Kind.SNAPSHOT) {
            header(text, Headers.COLS, Integer.toString(delivery.cols()));
            header(text, Headers.ROWS, Integer.toString(delivery.rows()));
        }
        text.append("},").append(quote).append("body").append(quote).append(':').append(quote);
        return text.toString();
    }

    private void header(StringBuilder out, String name, String value) {
        out.append(',').append(quote).append(name).append(quote).append(':');
        out.append(quote).append(value).append(quote);
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }
}
