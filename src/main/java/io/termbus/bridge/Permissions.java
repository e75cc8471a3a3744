package io.termbus.bridge;

import io.termbus.protocol.ErrorCode;
import io.termbus.protocol.Grant;
import io.termbus.protocol.HubException;
import io.termbus.protocol.Operation;
import io.termbus.protocol.Operation.Reach;
import io.termbus.protocol.Operation.Trait;
import io.termbus.protocol.Role;

/** What operations take ({@link Operation}), and some of their arguments beyond that. */
final class Permissions {
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

    /** Role, kind of token, and, where it is about the whole hub, reach. */
    static void check(Operation operation, Grant grant) {
        String what = "action '" + operation.action() + "'";
        check(operation.role(), grant.role(), what);
        if (operation.reach() == Reach.WHOLE_HUB) {
            checkReachesAll(grant, what);
        }
        if (operation.is(Trait.NO_SHARES) && grant.share().isPresent()) {
            throw new HubException(ErrorCode.NOT_ALLOWED, what + " cannot be done with a share token");
        }
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

    static void check(Role needed, Role role, String what) {
        if (!role.atLeast(needed)) {
            throw new HubException(
                    ErrorCode.NOT_ALLOWED, what + " takes role " + needed + ", this connection has " + role);
        }
    }
}
