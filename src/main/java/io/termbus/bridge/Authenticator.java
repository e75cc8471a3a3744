package io.termbus.bridge;

import io.termbus.protocol.Grant;
import java.util.Optional;

/** Port to whoever knows the tokens. Any thread may call; must not block. */
@FunctionalInterface
public interface Authenticator {
    /** What {@code token} gives; empty where it gives nothing. Compares in constant time. */
    Optional<Grant> grantOf(String token);

    /** What whoever came with a token that gives nothing is told. */
    default String refusal(String token) {
        return "wrong token";
    }

    /** Whether a grant that was given still holds. {@code termbus.internal.share.ended} says when one ends early. */
    default boolean holds(Grant grant) {
        return true;
    }
}
