package io.termbus.protocol;

import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.util.Optional;

/**
 * What a token, or a trusted proxy, lets a connection do.
 *
 * @param user who it is, for limits and the audit log: {@code admin}, {@code share:<id>}, or the proxy's user
 * @param session the one session that there is for this connection; empty: all
 * @param share id of the share token; empty where it is none
 * @param expiresAt when it ends; empty: never
 */
public record Grant(
        String user, Role role, Optional<String> session, Optional<String> share, Optional<Instant> expiresAt) {
    /** A grant over everything, without end. */
    public static Grant of(String user, Role role) {
        return new Grant(user, role, Optional.empty(), Optional.empty(), Optional.empty());
    }

    /** Whether it lets do everything that {@code other} does. Ends and users do not matter. */
    public boolean covers(Grant other) {
        return role.atLeast(other.role) && (session.isEmpty() || session.equals(other.session));
    }

    /** Whether there is such a session for the connection. */
    public boolean reaches(String sessionId) {
        return session.isEmpty() || session.get().equals(sessionId);
    }

    /** Who it is, for the audit log; nothing of one who has none. */
    public static JsonObject facts(Optional<Grant> grant) {
        JsonObject facts = new JsonObject();
        grant.ifPresent(it -> facts.put("user", it.user()).put("role", it.role().toString()));
        return facts;
    }
}
