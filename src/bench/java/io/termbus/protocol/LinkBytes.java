package io.termbus.protocol;

import io.vertx.core.buffer.Buffer;

/** How long messages of links are on the wire. */
public final class LinkBytes {
    private LinkBytes() {}

    public static int of(LinkMessage message) {
        Buffer wire = Buffer.buffer();
        new LinkCodec().encodeToWire(wire, message);
        return wire.length();
    }
}
