package io.termbus.auth;

import io.termbus.config.HubConfig;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;

/** The token that makes an administrator. Immutable; any thread may call. */
public final class AdminToken {
    private final String secret;

    AdminToken(String secret) {
        this.secret = secret;
    }

    /**
     * The token of the settings; without one that of {@code home/token}, which is made if need be and stays for later
     * starts. {@link HomeDirectory#prepare} comes first. Blocks; no event loop may call.
     *
     * @throws IOException where the file cannot be read or made, holds no token, or others may have written it
     */
    public static AdminToken of(HubConfig config) throws IOException {
        if (config.auth().token().isPresent()) {
            return new AdminToken(config.auth().token().get());
        }
        return new AdminToken(new TokenFile(config.home().resolve(HomeDirectory.TOKEN_FILE)).readOrCreate());
    }

    /** Whether {@code given} is the token, in a time that depends on the length of {@code given} alone. */
    public boolean matches(String given) {
        return MessageDigest.isEqual(bytes(given), bytes(secret));
    }

    /** The token itself, for the login URL. Must not be logged. */
    public String reveal() {
        return secret;
    }

    @Override
    public String toString() {
        return "AdminToken[***]";
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
