package io.termbus.bridge;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.termbus.protocol.Delivery;
import io.termbus.protocol.Headers;
import io.vertx.core.json.Json;
import java.nio.charset.StandardCharsets;

/**
 * Makes frames ready to be written. Output gets there without intermediate JSON objects; base64url, digits
 * and the names of kinds need no escaping, and ids and addresses are escaped once, in the head. Large
 * bodies are shared by all who get the same bytes, not copied.
 */
final class FrameEncoder {
    private static final int PREFIX_BYTES = 4;
    /** Room for the head and the numbers of a delivery, in bytes. */
    private static final int ENVELOPE_BYTES = 384;
    /** Up to so many bytes are copied into one buffer, which costs less than a buffer of several parts. */
    private static final int COPIED_BYTES = 4096;

    private static final byte[] NOTHING = {};

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

    /** How many bytes {@link #encode} will about give. */
    static int estimate(Outgoing frame) {
        return frame instanceof Outgoing.Deferred deferred
                ? deferred.delivery().payload().length() * 4 / 3 + ENVELOPE_BYTES
                : frame.weight(); // JSON and binary frames are a little less
    }

    /** The frame, with its length in front where the dialect has one. Heap memory: nothing to release. */
    ByteBuf encode(Outgoing frame) {
        if (frame instanceof Outgoing.Deferred deferred) {
            Delivery.Counted delivery = deferred.delivery();
            byte[] numbers = numbers(delivery);
            return framed(deferred.head(), numbers, delivery.payload().base64(), tail);
        }
        if (frame instanceof Outgoing.Binary binary) {
            byte[] head = BinaryFrames.head(binary.channel(), binary.delivery());
            return framed(head, NOTHING, binary.delivery().payload().bytes(), NOTHING);
        }
        return framed(NOTHING, NOTHING, text(((Outgoing.Encoded) frame).json()), NOTHING);
    }

    private byte[] text(io.vertx.core.buffer.Buffer json) {
        if (envelope == Envelope.NONE) {
            return json.getBytes();
        }
        String inside = envelope.inside().apply(json.toString());
        return (envelope.opening() + inside + envelope.closing()).getBytes(StandardCharsets.UTF_8);
    }

    private ByteBuf framed(byte[] head, byte[] numbers, byte[] body, byte[] end) {
        int prefix = dialect.lengthPrefixed() ? PREFIX_BYTES : 0;
        int length = head.length + numbers.length + body.length + end.length;
        boolean copied = length <= COPIED_BYTES;
        ByteBuf first = Unpooled.buffer(prefix + (copied ? length : head.length + numbers.length));
        if (prefix > 0) {
            first.writeInt(length);
        }
        first.writeBytes(head).writeBytes(numbers);
        return copied
                ? first.writeBytes(body).writeBytes(end)
                : Unpooled.wrappedBuffer(first, Unpooled.wrappedBuffer(body), Unpooled.wrappedBuffer(end));
    }

    private byte[] numbers(Delivery.Counted delivery) {
        StringBuilder text = new StringBuilder(ENVELOPE_BYTES / 2);
        header(text, Headers.KIND, delivery.kind().toString());
        header(text, Headers.SEQ, Long.toString(delivery.seq()));
        header(text, Headers.OFFSET, Long.toString(delivery.offset()));
        if (delivery.kind() == Delivery.Kind.SNAPSHOT) {
            header(text, Headers.COLS, Integer.toString(delivery.cols()));
            header(text, Headers.ROWS, Integer.toString(delivery.rows()));
        }
        text.append("},").append(quote).append("body").append(quote).append(':').append(quote);
        return ascii(text.toString());
    }

    private void header(StringBuilder out, String name, String value) {
        out.append(',').append(quote).append(name).append(quote).append(':');
        out.append(quote).append(value).append(quote);
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }
}
