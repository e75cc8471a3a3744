package io.termbus.auth;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import java.util.Base64;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.PBEKeySpec;

/**
 * What the nodes of a cluster make of the admin token that they all have, so that no secret travels between them.
 *
 * @param fingerprint shows that two nodes have the same token, and not which
 * @param shareKey signs share tokens; as good on one node as on another
 */
public record ClusterKeys(String fingerprint, String shareKey) {
    private static final String ALGORITHM = "PBKDF2WithHmacSHA512";
    private static final byte[] SALT = "termbus cluster 1".getBytes(StandardCharsets.US_ASCII);
    /** Who holds a share token could otherwise try admin tokens that a person made up. */
    private static final int ITERATIONS = 210_000;

    private static final int KEY_BYTES = 32;

    /** Takes some hundred milliseconds; no event loop may call. */
    public static ClusterKeys of(AdminToken token) {
        PBEKeySpec spec = new PBEKeySpec(token.reveal().toCharArray(), SALT, ITERATIONS, 2 * KEY_BYTES * Byte.SIZE);
        try {
            byte[] derived =
                    SecretKeyFactory.getInstance(ALGORITHM).generateSecret(spec).getEncoded();
            return new ClusterKeys(
                    text(Arrays.copyOf(derived, KEY_BYTES)),
                    text(Arrays.copyOfRange(derived, KEY_BYTES, 2 * KEY_BYTES)));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this JVM lacks " + ALGORITHM, e);
        } finally {
            spec.clearPassword();
        }
    }

    private static String text(byte[] bytes) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    @Override
    public String toString() {
        return "ClusterKeys[***]";
    }
}
