package io.termbus.protocol;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/**
 * Immutable bytes of output, shared by reference between the backlog and every delivery of the same
 * bytes. Any thread may read it.
 */
public final class Payload {
    private static final Base64.Encoder BASE64 = Base64.getUrlEncoder().withoutPadding();

    private final byte[] bytes;
    /** Filled by the first reader of a shared payload; a race costs a second encoding, nothing else. */
    private volatile byte @Nullable [] encoded;

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

    /** Base64url without padding, as Vert.x writes a Buffer in JSON. Encoded once, then kept: read only. */
    public byte[] base64() {
        byte[] known = encoded;
        if (known == null) {
            known = BASE64.encode(bytes);
            encoded = known;
        }
        return known;
    }
}
