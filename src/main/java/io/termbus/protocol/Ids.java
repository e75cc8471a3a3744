package io.termbus.protocol;

import java.security.SecureRandom;
import java.util.Base64;

/** Unguessable ids: 128 random bits, 22 characters of base64url. Any thread may call. */
public final class Ids {
    private static final int BYTES = 16;
    private static final SecureRandom RANDOM = new SecureRandom();

    private Ids() {}

    public static String next() {
        byte[] bytes = new byte[BYTES];
        RANDOM.nextBytes(bytes);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }
}
