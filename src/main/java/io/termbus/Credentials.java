package io.termbus;

import io.vertx.ext.auth.User;
import java.util.Optional;

/**
 * What somebody who wants to be let in shows. At least one of token and user is there.
 *
 * @param token of the action {@code login}, or of {@code ?token=} and the cookie that it sets
 * @param user whom a handler of the program's own router has let in before {@link TermbusHandler}'s
 * @param address IP address of the client; empty: a Unix socket
 */
public record Credentials(Optional<String> token, Optional<User> user, String address) {
    /** Without the token. */
    @Override
    public String toString() {
        return "Credentials[" + address + "]";
    }
}
