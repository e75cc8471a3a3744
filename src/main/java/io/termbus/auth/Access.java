package io.termbus.auth;

import io.termbus.protocol.Grant;
import io.termbus.protocol.Role;
import java.util.Optional;

/** Every token that lets somebody in. Any thread may call; does not block. */
public record Access(AdminToken admin, Shares shares) {
    public Optional<Grant> grantOf(String token) {
        return admin.matches(token) ? Optional.of(Grant.of("admin", Role.ADMIN)) : shares.grantOf(token);
    }

    /** Why {@link #grantOf} refuses a token. */
    public String refusal(String token) {
        return shares.refusal(token);
    }

    /** Whether a grant that was given has not been revoked. */
    public boolean holds(Grant grant) {
        return grant.share().isEmpty() || shares.holds(grant.share().get());
    }
}
