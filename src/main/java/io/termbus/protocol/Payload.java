package io.termbus.protocol;

import java.lang.ref.WeakReference;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.concurrent.atomic.AtomicIntegerFieldUpdater;
import org.jspecify.annotations.Nullable;

/**
 * Immutable bytes of output, shared by reference between the backlog and every delivery of the same
 * bytes. Any thread may read it.
 */
public final class Payload {
    private static final Base64.Encoder BASE64 = Base64.getUrlEncoder().withoutPadding();
    /** Encoding fewer bytes costs no more than remembering the result. */
    private static final int REMEMBERED_BYTES = 1024;

    private static final AtomicIntegerFieldUpdater<Payload> HOLDERS =
            AtomicIntegerFieldUpdater.newUpdater(Payload.class, "holders");

    private final byte[] bytes;

    /** Queues of clients that it waits in. */
    private volatile int holders;

    /** The encoding, while somebody holds it. Any thread writes it; two that encode at once do no harm. */
    private volatile @Nullable WeakReference<byte[]> base64;

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

    /** One more queue keeps it; true for the first, as memory is taken once. {@link #letGo} must follow. */
    public boolean hold() {
        return HOLDERS.getAndIncrement(this) == 0;
    }

    /** A queue keeps it no more; true for the last. */
    public boolean letGo() {
        return HOLDERS.decrementAndGet(this) == 0;
    }

    /** The bytes themselves, not a copy: read only. */
    public byte[] bytes() {
        return bytes;
    }

    /**
     * The bytes as base64url without padding, in ASCII: read only. Shared by all who ask while one of them
     * holds it, so that what waits unencoded never keeps an encoding alive.
     */
    public byte[] base64() {
        if (bytes.length < REMEMBERED_BYTES) {
            return BASE64.encode(bytes);
        }
        WeakReference<byte[]> remembered = base64;
        byte[] encoded = remembered == null ? null : remembered.get();
        if (encoded == null) {
            encoded = BASE64.encode(bytes);
            base64 = new WeakReference<>(encoded);
        }
        return encoded;
    }
}
