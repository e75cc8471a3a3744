package io.termbus.bridge;

import io.termbus.protocol.Addresses;
import io.termbus.protocol.ErrorCode;
import io.termbus.protocol.Grant;
import io.termbus.protocol.HubException;
import io.termbus.protocol.Role;
import java.util.Map;
import java.util.Set;

/** Which role each operation takes. What is not in a table is for admins only. */
final class Permissions {
    static final Map<String, Role> HUB = Map.of(
            "login",
            Role.VIEWER,
            "info",
            Role.VIEWER,
            "list",
            Role.VIEWER,
            "create",
            Role.ADMIN,
            "killAll",
            Role.ADMIN,
            "share",
            Role.ADMIN,
            "revoke",
            Role.ADMIN,
            "shares",
            Role.ADMIN);
    /** What a token for one session may ask of the hub. */
    private static final Set<String> WITH_ONE_SESSION = Set.of("login", "info", "list");
    /** What no share token may: its holder could make tokens that outlive it. */
    private static final Set<String> SHARING = Set.of("share", "revoke", "shares");

    static final Map<String, Role> SESSION = Map.of(
            "info", Role.VIEWER,
            "snapshot", Role.VIEWER,
            "input", Role.OPERATOR,
            "stdin", Role.OPERATOR,
            "resize", Role.OPERATOR,
            "signal", Role.OPERATOR,
            "clear", Role.OPERATOR,
            "rename", Role.OPERATOR,
            "kill", Role.ADMIN);
    static final Map<String, Role> FLOW = Map.of(
            "attach", Role.VIEWER,
            "ack", Role.VIEWER,
            "status", Role.VIEWER,
            "detach", Role.VIEWER,
            "subscribers", Role.VIEWER,
            "disconnect", Role.OPERATOR);
    /** To attach with mode {@code write}. */
    static final Role WRITE = Role.OPERATOR;
    /** To hold terminals back for as long as one likes. */
    static final Role HOLD_FOR_EVER = Role.ADMIN;
    /** To hear {@code termbus.warnings} and {@code termbus.events}. */
    static final Role TOPICS = Role.ADMIN;
    /** To list the subscribers of all sessions. */
    static final Role ALL_SUBSCRIBERS = Role.ADMIN;
    /** To ask for the status of, or detach, other connections' subscribers. */
    static final Role OTHERS_SUBSCRIBERS = Role.ADMIN;

    private Permissions() {}

    static void checkAction(Map<String, Role> table, String address, String action, Role role) {
        Role needed = table.get(action);
        if (needed == null && role == Role.ADMIN) {
            return; // the owner knows best what it does not know
        }
        if (needed == null) {
            throw HubException.notFound("no action '" + action + "' at " + address);
        }
        check(needed, role, "action '" + action + "'");
    }

    /** What is not about one session: role and reach. */
    static void checkWholeHub(Role needed, Grant grant, String what) {
        check(needed, grant.role(), what);
        checkReachesAll(grant, what);
    }

    private static void checkReachesAll(Grant grant, String what) {
        if (grant.session().isPresent()) {
            throw new HubException(ErrorCode.NOT_ALLOWED, what + ": this connection's token is for one session");
        }
    }

    /** An action at {@code termbus.hub}: role, reach and kind of token. */
    static void checkHubAction(String action, Grant grant) {
        checkAction(HUB, Addresses.HUB, action, grant.role());
        if (!WITH_ONE_SESSION.contains(action)) {
            checkReachesAll(grant, "action '" + action + "'");
        }
        if (grant.share().isPresent() && SHARING.contains(action)) {
            throw new HubException(ErrorCode.NOT_ALLOWED, "action '" + action + "' cannot be done with a share token");
        }
    }

    static void check(Role needed, Role role, String what) {
        if (!role.atLeast(needed)) {
            throw new HubException(
                    ErrorCode.NOT_ALLOWED, what + " takes role " + needed + ", this connection has " + role);
        }
    }
}
