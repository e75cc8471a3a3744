package io.termbus.bridge;

import io.vertx.ext.auth.User;
import java.util.Optional;

/**
 * What somebody who wants to be let in shows.
 *
 * @param token of the login, the URL or the cookie; empty: none
 * @param user whom the program that the hub is part of has let in, where the request came through its own router
 * @param address IP address of the client; empty: a Unix socket
 * @param peer for logs
 */
public record Credentials(Optional<String> token, Optional<User> user, String address, String peer) {
    /** Longest token that is looked at, in characters. */
    private static final int MAX_TOKEN_CHARS = 1024;

    /** Whether there is anything to look at. */
    boolean areGiven() {
        return token.isPresent() || user.isPresent();
    }

    boolean areTooLong() {
        return token.filter(it -> it.length() > MAX_TOKEN_CHARS).isPresent();
    }

    /** Without the token. */
    @Override
    public String toString() {
        return "Credentials[" + peer + "]";
    }
}
