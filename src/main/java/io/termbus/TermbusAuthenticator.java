package io.termbus;

import io.vertx.core.Future;

/** Says who a client is. A hub without one has tokens of its own, as a hub that has the process for itself. */
@FunctionalInterface
public interface TermbusAuthenticator {
    /**
     * Called on an event loop, which must not be blocked; commands of the client wait for the answer, for
     * {@code connection.loginSeconds} at most.
     *
     * @return fails with a {@link TermbusException} whose code and message the client gets, 401 where it is not let in; what
     *     else it fails with is logged, and the client gets 503
     */
    Future<Grant> authenticate(Credentials credentials);
}
