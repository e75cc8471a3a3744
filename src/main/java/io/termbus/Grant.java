package io.termbus;

import java.time.Instant;
import java.util.Optional;

/**
 * What somebody may do who was let in. Immutable.
 *
 * @param user who it is, for limits, the audit log and {@link TermbusAuthorizer}; 1 to 200 characters, no control characters
 * @param session the one session that there is for the client; empty: all
 * @param expiresAt when the client's connection is closed; empty: never
 */
public record Grant(String user, Role role, Optional<String> session, Optional<Instant> expiresAt) {
    private static final int MAX_USER_CHARS = 200;

    /** What a client may do, from least to most. Each may do what those before it may. */
    public enum Role {
        /** May list, attach and watch. */
        VIEWER,
        /** May also write, resize and signal. */
        OPERATOR,
        /** May also create and kill, and hear of all that happens. */
        ADMIN
    }

    public Grant {
        if (user.isEmpty() || user.length() > MAX_USER_CHARS || user.chars().anyMatch(Character::isISOControl)) {
            throw new IllegalArgumentException(
                    "user must have 1 to " + MAX_USER_CHARS + " characters and no control characters");
        }
    }

    /** For all sessions, without end. */
    public static Grant of(String user, Role role) {
        return new Grant(user, role, Optional.empty(), Optional.empty());
    }

    /** The same for one session. */
    public Grant onlyFor(String sessionId) {
        return new Grant(user, role, Optional.of(sessionId), expiresAt);
    }

    /** The same until then. */
    public Grant until(Instant end) {
        return new Grant(user, role, session, Optional.of(end));
    }
}
