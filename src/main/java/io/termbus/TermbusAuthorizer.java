package io.termbus;

import java.util.Optional;

/** Says what a client may do of that which its role allows. Without one that is all of it. */
@FunctionalInterface
public interface TermbusAuthorizer {
    /**
     * Called on event loops, for every key that is typed: must not block, nor wait. What has to be asked elsewhere belongs into
     * the {@link TermbusAuthenticator}. A session whose {@code info} is not allowed is in no list and no event for the client.
     *
     * @param action as in the protocol, such as {@code create}, {@code input} or {@code attach}
     * @param session its id; empty: the action is about none, or about one that only its owner knows
     * @return whether it may; else it is refused with 403
     */
    boolean mayDo(Grant who, String action, Optional<String> session);
}
