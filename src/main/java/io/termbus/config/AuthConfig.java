package io.termbus.config;

import java.util.Optional;

/**
 * Tokens: the settings {@code auth.*}. Immutable.
 *
 * @param token the admin token; empty: read from, or generated into, {@code home/token}
 * @param maxFailures wrong tokens of one address before further ones must wait
 */
public record AuthConfig(Optional<String> token, int maxFailures) {
    static final Rows ROWS = new Rows("auth.");
    static final Setting<String> TOKEN = ROWS.secret("token", SettingType.token());
    private static final Setting<Integer> MAX_FAILURES = ROWS.whole("maxFailures", 10, 1, 1_000_000);

    static AuthConfig of(Values values) {
        return new AuthConfig(values.find(TOKEN), values.get(MAX_FAILURES));
    }

    @Override
    public String toString() {
        return "AuthConfig[token=" + (token.isPresent() ? "***" : "none") + ", maxFailures=" + maxFailures + "]";
    }
}
