package io.termbus.protocol;

import java.nio.charset.StandardCharsets;

/**
 * Immutable bytes of output, shared by reference between the backlog and every delivery of the same
 * bytes. Any thread may read it.
 */
public final class Payload {
    private final byte[] bytes;

    private Payload(byte[] bytes) {
        this.bytes = bytes;
    }

    /** Takes ownership: the caller must never write to {@code bytes} again. */
    public static Payload of(byte[] bytes) {
        return new Payload(bytes);
    }

    public static Payload ofText(String text) {
        return new Payload(text.getBytes(StandardCharsets.UTF_8));
    }

    public int length() {
        return bytes.length;
    }

    /** The bytes themselves, not a copy: read only. */
    public byte[] bytes() {
        return bytes;
    }
}
