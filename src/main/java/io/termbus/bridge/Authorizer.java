package io.termbus.bridge;

import io.termbus.protocol.Grant;
import io.termbus.protocol.Operation;
import java.util.Optional;

/** Port to whoever says what may be done beyond roles. Called on event loops, for every key that is typed: must not block. */
@FunctionalInterface
public interface Authorizer {
    /** What the role allows may be done. */
    Authorizer ROLES = (who, operation, session) -> true;

    /** @param session that it is about; empty: about none, or about several */
    boolean allows(Grant who, Operation operation, Optional<String> session);
}
