package io.termbus.bridge;

import io.termbus.protocol.ErrorCode;
import io.termbus.protocol.HubException;
import io.termbus.protocol.Role;
import java.util.Map;

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
            Role.ADMIN);
    static final Map<String, Role> SESSION = Map.of(
            "info", Role.VIEWER,
            "snapshot", Role.VIEWER,
            "input", Role.OPERATOR,
            "resize", Role.OPERATOR,
            "signal", Role.OPERATOR,
            "clear", Role.OPERATOR,
            "rename", Role.OPERATOR,
            "kill", Role.ADMIN);
    static final Map<String, Role> FLOW =
            Map.of("attach", Role.VIEWER, "ack", Role.VIEWER, "status", Role.VIEWER, "detach", Role.VIEWER);
    /** To attach with mode {@code write}. */
    static final Role WRITE = Role.OPERATOR;
    /** To hear {@code termbus.warnings} and {@code termbus.events}. */
    static final Role TOPICS = Role.ADMIN;
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

    static void check(Role needed, Role role, String what) {
        if (!role.atLeast(needed)) {
            throw new HubException(
                    ErrorCode.NOT_ALLOWED, what + " takes role " + needed + ", this connection has " + role);
        }
    }
}
