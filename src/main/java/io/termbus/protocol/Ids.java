package io.termbus.protocol;

import java.security.SecureRandom;
import java.util.Base64;

/**
 * Unguessable ids: 128 random bits, 22 characters of base64url. None begins with a hyphen, as ids are
 * arguments of commands. Any thread may call.
 */
public final class Ids {
    private static final int BYTES = 16;
    /** What the first six bits of a hyphen are. */
    private static final int HYPHEN = 0xF8;

    private static final SecureRandom RANDOM = new SecureRandom();

    private Ids() {}

    public static String next() {
        byte[] bytes = new byte[BYTES];
        do {
            RANDOM.nextBytes(bytes);
        } while ((bytes[0] & 0xFC) == HYPHEN);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }
}
