package io.termbus.bridge;

import io.netty.buffer.ByteBuf;
import io.termbus.protocol.Delivery;
import io.termbus.protocol.Fields;
import io.termbus.protocol.HubException;
import io.vertx.core.buffer.Buffer;
import java.util.List;

/**
 * Frames without JSON and base64, for clients that asked for them at login: a kind, a channel, numbers in
 * big-endian order, then raw bytes. The layout is in docs/protocol.md, section 3. A kind is a control
 * character, with which no JSON text begins.
 */
public final class BinaryFrames {
    /** The value of the login's field {@code frames}. */
    static final String NAME = "binary";

    private static final String JSON = "json";

    static final byte OUTPUT = 1;
    static final byte SNAPSHOT = 2;
    static final byte ACK = 3;
    static final byte INPUT = 4;

    private static final int CHANNEL_AT = 1;
    private static final int BODY_AT = CHANNEL_AT + Integer.BYTES;
    private static final int FIRST_OF_JSON = '\t';

    /** What a client may send. */
    sealed interface Received {
        int channel();
    }

    /** Acks all deliveries up to {@code seq}. */
    record Ack(int channel, long seq) implements Received {}

    /** Bytes for the session of the channel. */
    record Input(int channel, byte[] bytes) implements Received {}

    private BinaryFrames() {}

    /** Whether a login asks for binary frames. Fails where the value is none that the transport knows. */
    static boolean askedFor(Fields login, Dialect dialect) {
        List<String> either = dialect.beginsBinary() ? List.of(NAME, JSON) : List.of(JSON, NAME);
        return login.choice("frames", dialect.carriesBinary() ? either : List.of(JSON))
                .equals(NAME);
    }

    /** Whether a frame is meant to be one of these, and no JSON. */
    static boolean isBinary(Buffer frame) {
        return frame.length() > 0 && isKind(frame.getUnsignedByte(0));
    }

    /** Whether a frame that begins with this is one of these, and no JSON. */
    public static boolean isKind(int first) {
        return first < FIRST_OF_JSON;
    }

    /** Fails where the frame is none that a client may send. */
    static Received parse(Buffer frame) {
        byte kind = frame.getByte(0);
        if (kind == ACK && frame.length() == BODY_AT + Long.BYTES && frame.getLong(BODY_AT) >= 0) {
            return new Ack(frame.getInt(CHANNEL_AT), frame.getLong(BODY_AT));
        }
        if (kind == INPUT && frame.length() > BODY_AT) {
            return new Input(frame.getInt(CHANNEL_AT), frame.getBytes(BODY_AT, frame.length()));
        }
        throw HubException.malformed("a binary frame must be an ack (kind 3, 13 bytes, seq not negative)"
                + " or input (kind 4, more than 5 bytes), was kind " + kind + " of " + frame.length() + " bytes");
    }

    /** Writes output or a snapshot. */
    static void append(ByteBuf out, int channel, Delivery.Counted delivery) {
        boolean snapshot = delivery.kind() == Delivery.Kind.SNAPSHOT;
        out.writeByte(snapshot ? SNAPSHOT : OUTPUT)
                .writeInt(channel)
                .writeLong(delivery.seq())
                .writeLong(delivery.offset());
        if (snapshot) {
            out.writeShort(delivery.cols()).writeShort(delivery.rows());
        }
        out.writeBytes(delivery.payload().bytes());
    }
}
