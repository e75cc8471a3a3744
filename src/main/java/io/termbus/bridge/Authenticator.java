package io.termbus.bridge;

import io.termbus.protocol.Role;
import java.util.Optional;

/** Port to whoever knows the tokens. Any thread may call; must not block. */
@FunctionalInterface
public interface Authenticator {
    /** The role that {@code token} gives; empty where it gives none. Compares in constant time. */
    Optional<Role> roleOf(String token);
}
