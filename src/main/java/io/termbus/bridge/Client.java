package io.termbus.bridge;

import io.termbus.audit.Audit;
import io.termbus.protocol.ErrorCode;
import io.termbus.protocol.Grant;
import io.termbus.protocol.Headers;
import io.termbus.protocol.HubException;
import io.termbus.protocol.Ids;
import io.termbus.protocol.Operation;
import io.termbus.protocol.Role;
import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.auth.User;
import java.util.Optional;

/** Who is at the other end of a connection. */
final class Client {
    /** Version of the protocol, sent in the answer to a login. */
    private static final int PROTOCOL = 1;

    private final String connection = Ids.next();
    private final String peer;
    private final String address;
    private final BridgeContext hub;
    private final boolean oneRequest;
    private Optional<Grant> grant = Optional.empty();
    private boolean binary;

    Client(BridgeContext hub, Transport transport) {
        this.address = transport.address();
        this.hub = hub;
        this.peer = transport.peer();
        this.oneRequest = transport.isOneRequest();
    }

    /** Id of the connection. */
    String connection() {
        return connection;
    }

    String peer() {
        return peer;
    }

    /** What is counted of all connections of the node. */
    BridgeMeters meters() {
        return hub.meters();
    }

    /** Who pays for what the connection does: all connections of a user from one address together; of nobody, before login. */
    String payer() {
        return grant.map(Grant::user).orElse("") + "@" + AddressLimits.network(address);
    }

    /** Whether there is one who pays: strangers of this machine may be anybody, behind a proxy too. */
    boolean pays() {
        return isLoggedIn() || !address.isEmpty() && !AddressLimits.isLoopback(address);
    }

    boolean isLoggedIn() {
        return grant.isPresent();
    }

    Role role() {
        return grant().role();
    }

    /** What the login gave; fails where there was none. */
    Grant grant() {
        return grant.orElseThrow(
                () -> new HubException(ErrorCode.NOT_LOGGED_IN, "not logged in: send action 'login' to termbus.hub"));
    }

    /**
     * Takes what the credentials give. A right token is never made to wait for the wrong ones of its neighbours.
     *
     * @return as of {@link Login#askAndCount}
     */
    Future<Void> login(Vertx vertx, Credentials given) {
        return Login.askAndCount(vertx, hub, given)
                .<Void>map(grant -> {
                    accept(grant);
                    return null;
                })
                .onSuccess(done -> {
                    hub.meters().loggedIn();
                    auditLogin();
                })
                .onFailure(cause -> {
                    hub.meters().loginRefused((HubException) cause);
                    audit(given, (HubException) cause);
                });
    }

    Credentials credentials(Optional<String> token, Optional<User> user) {
        return new Credentials(token, user, address, peer);
    }

    /** Whether subscribers that are attached from now on get {@link BinaryFrames}, and such frames are taken. */
    boolean takesBinary() {
        return binary;
    }

    void takeBinary(boolean asked) {
        binary = asked;
    }

    /** Who and from where, for the audit log. */
    JsonObject facts() {
        return Grant.facts(grant).put("peer", peer).put("connection", connection);
    }

    /** Of many requests, each of which logs in, the first is told. */
    private void auditLogin() {
        if (!oneRequest || hub.addresses().isNew(payer())) {
            audit("login", facts(), Audit.OK);
        }
    }

    /** Who must wait is told so as often as it likes; the log tells of the wrong tokens before. */
    private void audit(Credentials given, HubException why) {
        boolean isWorth = given.token()
                .map(token -> hub.addresses().mayLog(address, token))
                .orElse(true);
        if (why.error() != ErrorCode.LIMIT_REACHED && isWorth) {
            audit("login", facts(), String.valueOf(why.getMessage()));
        }
    }

    /** A line of the audit log that tells of no change: the user, or whoever is at the address, may cause so many. */
    void audit(String event, JsonObject facts, String outcome) {
        String cause = grant.map(Grant::user).orElseGet(() -> "@" + AddressLimits.network(address));
        hub.audit().record(cause, event, facts, outcome);
    }

    /** @throws HubException where the role would allow it, and who decides beyond roles does not */
    void mustBeAllowed(Operation operation, Optional<String> session) {
        hub.embedding().mustAllow(grant(), operation, session);
    }

    /** Whether there is every session of the hub for the connection. */
    boolean seesAll() {
        return grant().session().isEmpty() && hub.embedding().authorizer() == Authorizer.ROLES;
    }

    /** Whether there is such a session for the connection. */
    boolean sees(String session) {
        return grant().reaches(session)
                && hub.embedding().authorizer().allows(grant(), Operation.INFO, Optional.of(session));
    }

    /** A connection never steps down: what it registered would outlive its grant. */
    void accept(Grant given) {
        if (grant.isPresent() && !given.covers(grant.get())) {
            throw new HubException(
                    ErrorCode.CONFLICT, "already logged in as " + grant.get().role());
        }
        grant = Optional.of(given);
    }

    /** The answer to {@code login} and {@code info}. */
    JsonObject info() {
        JsonObject info = new JsonObject()
                .put("connection", connection)
                .put("node", hub.node())
                .put("role", role().toString())
                .put("version", hub.version())
                .put("protocol", PROTOCOL)
                .put("time", System.currentTimeMillis());
        if (binary) {
            info.put("frames", BinaryFrames.NAME);
        }
        grant().session().ifPresent(session -> info.put("session", session));
        grant().expiresAt().ifPresent(end -> info.put("expiresAt", end.toString()));
        return info;
    }

    /** Says in the headers of a command who sends it. */
    void stamp(MultiMap headers) {
        headers.set(Headers.CONNECTION, connection);
        headers.set(Headers.ROLE, role().toString());
        headers.set(Headers.USER, grant().user());
        headers.set(Headers.PEER, peer);
    }
}
