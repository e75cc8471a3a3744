package io.termbus.bridge;

import io.termbus.protocol.ErrorCode;
import io.termbus.protocol.Grant;
import io.termbus.protocol.HubException;
import io.vertx.core.Future;
import java.util.Optional;
import java.util.function.Function;

/** Port to whoever knows who may do what. Any thread may call; must not block. */
@FunctionalInterface
public interface Authenticator {
    /**
     * What the credentials give. Whoever waits for it is told the message of a {@link HubException}; one who is refused
     * without a reason of his own is told that the token is wrong.
     */
    Future<Grant> authenticate(Credentials credentials);

    /** Whether a grant that was given still holds. {@code termbus.internal.share.ended} says when one ends early. */
    default boolean holds(Grant grant) {
        return true;
    }

    /**
     * Tokens that are known here: the answer is there at once.
     *
     * @param grantOf what a token gives; compares in constant time
     */
    static Authenticator ofTokens(Function<String, Optional<Grant>> grantOf) {
        return credentials -> answer(credentials, grantOf, token -> "wrong token");
    }

    /** @param refusal what whoever came with a token that gives nothing is told */
    static Future<Grant> answer(
            Credentials credentials, Function<String, Optional<Grant>> grantOf, Function<String, String> refusal) {
        String token = credentials.token().orElse("");
        return grantOf.apply(token)
                .map(Future::succeededFuture)
                .orElseGet(() -> Future.failedFuture(new HubException(ErrorCode.NOT_LOGGED_IN, refusal.apply(token))));
    }
}
