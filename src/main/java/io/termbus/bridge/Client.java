package io.termbus.bridge;

import io.termbus.protocol.ErrorCode;
import io.termbus.protocol.Headers;
import io.termbus.protocol.HubException;
import io.termbus.protocol.Ids;
import io.termbus.protocol.Role;
import io.vertx.core.MultiMap;
import io.vertx.core.json.JsonObject;
import java.util.Optional;

/** Who is at the other end of a connection. */
final class Client {
    /** Version of the protocol, sent in the answer to a login. */
    private static final int PROTOCOL = 1;
    /** Longest token that is looked at, in characters. */
    private static final int MAX_TOKEN_CHARS = 1024;

    private final String connection = Ids.next();
    private final String peer;
    private final BridgeContext hub;
    private Optional<Role> role = Optional.empty();

    Client(BridgeContext hub, String peer) {
        this.hub = hub;
        this.peer = peer;
    }

    /** Id of the connection. */
    String connection() {
        return connection;
    }

    String peer() {
        return peer;
    }

    boolean isLoggedIn() {
        return role.isPresent();
    }

    Role role() {
        return role.orElseThrow(
                () -> new HubException(ErrorCode.NOT_LOGGED_IN, "not logged in: send action 'login' to termbus.hub"));
    }

    /** Takes the role that the token gives. A connection never steps down: what it registered would outlive its role. */
    void login(String token) {
        Optional<Role> given = token.length() > MAX_TOKEN_CHARS
                ? Optional.empty()
                : hub.authenticator().roleOf(token);
        Role granted = given.orElseThrow(() -> new HubException(ErrorCode.NOT_LOGGED_IN, "wrong token"));
        if (role.isPresent() && !granted.atLeast(role.get())) {
            throw new HubException(ErrorCode.CONFLICT, "already logged in as " + role.get());
        }
        role = Optional.of(granted);
    }

    /** The answer to {@code login} and {@code info}. */
    JsonObject info() {
        return new JsonObject()
                .put("connection", connection)
                .put("node", hub.node())
                .put("role", role().toString())
                .put("version", hub.version())
                .put("protocol", PROTOCOL);
    }

    /** Says in the headers of a command who sends it. */
    void stamp(MultiMap headers) {
        headers.set(Headers.CONNECTION, connection);
        headers.set(Headers.ROLE, role().toString());
        headers.set(Headers.PEER, peer);
    }
}
