package io.termbus.bridge;

/** How the two stock bridges of Vert.x differ in what they write. */
public enum Dialect {
    /** One text message per frame; a delivery is a {@code rec}; pings are not answered. */
    SOCKJS("rec", false),
    /** Frames with a 4-byte length; a delivery is a {@code message} with {@code send}; a ping gets a {@code pong}. */
    TCP("message", true);

    private final String deliveryType;
    private final boolean framed;

    Dialect(String deliveryType, boolean framed) {
        this.deliveryType = deliveryType;
        this.framed = framed;
    }

    String deliveryType() {
        return deliveryType;
    }

    /** Frames carry their length, so that several may go in one write. */
    boolean lengthPrefixed() {
        return framed;
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

    /** After bytes that are no JSON object the stream cannot be trusted any more. */
    boolean closesOnGarbage() {
        return framed;
    }
}
