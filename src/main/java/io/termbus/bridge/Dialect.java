package io.termbus.bridge;

/** What a client reads and writes: as the two stock bridges of Vert.x have it, or frames in messages of a WebSocket. */
public enum Dialect {
    /** One text message per frame; a delivery is a {@code rec}; pings are not answered. */
    SOCKJS("rec", false, false),
    /** Frames with a 4-byte length; a delivery is a {@code message} with {@code send}; a ping gets a {@code pong}. */
    TCP("message", true, true),
    /** The frames of {@link #TCP}, each of them one message, and {@link BinaryFrames} without asking. */
    WEBSOCKET_FRAMES("message", true, false);

    private final String deliveryType;
    private final boolean framed;
    private final boolean lengthPrefixed;

    Dialect(String deliveryType, boolean framed, boolean lengthPrefixed) {
        this.deliveryType = deliveryType;
        this.framed = framed;
        this.lengthPrefixed = lengthPrefixed;
    }

    String deliveryType() {
        return deliveryType;
    }

    /** Frames carry their length, so that several may go in one write. */
    boolean lengthPrefixed() {
        return lengthPrefixed;
    }

    boolean answersPing() {
        return framed;
    }

    /** Deliveries and replies say whether they were sent or published. */
    boolean saysSend() {
        return framed;
    }

    /** A client may ask for deliveries in {@link BinaryFrames}. */
    boolean carriesBinary() {
        return framed;
    }

    /** It has asked by what it speaks. */
    boolean beginsBinary() {
        return framed && !lengthPrefixed;
    }

    /** After bytes that are no JSON object the stream cannot be trusted any more. */
    boolean closesOnGarbage() {
        return framed;
    }
}
