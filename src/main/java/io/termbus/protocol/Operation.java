package io.termbus.protocol;

import java.util.Arrays;
import java.util.Collections;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * All that can be asked of a hub: a row for each operation. A new one is a row here and a handler with its owner (see
 * {@link Handlers}). The table of operations in docs/protocol.md is this one; a test compares them.
 */
public enum Operation {
    LOGIN(Target.HUB, "login", "token, frames?", Role.VIEWER, Reach.ANY, Trait.BY_BRIDGE),
    HUB_INFO(Target.HUB, "info", "", Role.VIEWER, Reach.ANY),
    LIST(Target.HUB, "list", "limit?, after?", Role.VIEWER, Reach.ANY, Trait.LONG),
    CREATE(Target.HUB, "create", "command?, node?, cwd?, env?, …", Role.ADMIN, Reach.WHOLE_HUB, Trait.AUDITED),
    KILL_ALL(Target.HUB, "killAll", "", Role.ADMIN, Reach.WHOLE_HUB, Trait.AUDITED),
    NODES(Target.HUB, "nodes", "", Role.ADMIN, Reach.WHOLE_HUB),
    DRAIN(Target.HUB, "drain", "on?, node?", Role.ADMIN, Reach.WHOLE_HUB, Trait.AUDITED),
    UPGRADE(Target.HUB, "upgrade", "jar?", Role.ADMIN, Reach.WHOLE_HUB, Trait.AUDITED, Trait.NO_SHARES),
    SHARE(
            Target.HUB,
            "share",
            "session?, role?, expiresInSeconds?",
            Role.ADMIN,
            Reach.WHOLE_HUB,
            Trait.AUDITED,
            Trait.NO_SHARES),
    REVOKE(Target.HUB, "revoke", "id", Role.ADMIN, Reach.WHOLE_HUB, Trait.AUDITED, Trait.NO_SHARES),
    SHARES(Target.HUB, "shares", "", Role.ADMIN, Reach.WHOLE_HUB, Trait.NO_SHARES),
    RECORDINGS(Target.HUB, "recordings", "session?", Role.VIEWER, Reach.ANY, Trait.LONG),
    RECORDING(
            Target.HUB,
            "recording",
            "recording, from?",
            Role.VIEWER,
            Reach.ANY,
            Trait.LONG,
            Trait.AUDITED,
            Trait.PACED),
    SEEK(
            Target.HUB,
            "seek",
            "recording, atMs, scrollback?, format?",
            Role.VIEWER,
            Reach.ANY,
            Trait.LONG,
            Trait.AUDITED,
            Trait.PACED),
    DELETE_RECORDING(Target.HUB, "deleteRecording", "recording", Role.ADMIN, Reach.WHOLE_HUB, Trait.AUDITED),

    INFO(Target.SESSION, "info", "brief?", Role.VIEWER, Reach.SESSION, Trait.LONG),
    INPUT(Target.SESSION, "input", "data or base64, lease?", Role.OPERATOR, Reach.SESSION, Trait.WRITES),
    KEYS(Target.SESSION, "keys", "keys, lease?", Role.OPERATOR, Reach.SESSION, Trait.WRITES),
    READ(Target.SESSION, "read", "since?, maxBytes?, format?", Role.VIEWER, Reach.SESSION, Trait.LONG),
    WAIT(Target.SESSION, "wait", "any, since?, timeoutMs?", Role.VIEWER, Reach.SESSION, Trait.LASTS),
    CANCEL(Target.SESSION, "cancel", "", Role.VIEWER, Reach.SESSION),
    LEASE(
            Target.SESSION,
            "lease",
            "ttlMs?, note?, take?, yieldMs?, lease?",
            Role.OPERATOR,
            Reach.SESSION,
            Trait.WRITES,
            Trait.AUDITED,
            Trait.PACED),
    RELEASE(Target.SESSION, "release", "lease?", Role.OPERATOR, Reach.SESSION, Trait.AUDITED, Trait.PACED),
    COMMANDS(Target.SESSION, "commands", "limit?, before?", Role.VIEWER, Reach.SESSION, Trait.LONG),
    COMMAND_OUTPUT(Target.SESSION, "commandOutput", "id, format?, maxBytes?", Role.VIEWER, Reach.SESSION, Trait.LONG),
    RUN(
            Target.SESSION,
            "run",
            "command, timeoutMs?, maxBytes?, lease?",
            Role.OPERATOR,
            Reach.SESSION,
            Trait.WRITES,
            Trait.LASTS),
    STDIN(Target.SESSION, "stdin", "data or base64, end?, lease?", Role.OPERATOR, Reach.SESSION, Trait.WRITES),
    RECORD(Target.SESSION, "record", "on?", Role.OPERATOR, Reach.SESSION, Trait.AUDITED, Trait.PACED),
    RESIZE(Target.SESSION, "resize", "cols, rows, lease?", Role.OPERATOR, Reach.SESSION, Trait.WRITES),
    SIGNAL(Target.SESSION, "signal", "signal, lease?", Role.OPERATOR, Reach.SESSION, Trait.WRITES),
    KILL(Target.SESSION, "kill", "", Role.ADMIN, Reach.SESSION, Trait.WRITES, Trait.AUDITED),
    CLEAR(Target.SESSION, "clear", "", Role.OPERATOR, Reach.SESSION, Trait.WRITES),
    RENAME(Target.SESSION, "rename", "name", Role.OPERATOR, Reach.SESSION, Trait.WRITES),
    SNAPSHOT(Target.SESSION, "snapshot", "scrollback?, format?, piece?, next?", Role.VIEWER, Reach.SESSION, Trait.LONG),

    ATTACH(
            Target.FLOW,
            "attach",
            "session, mode?, lag?, hold?, scrollback?, from?, first?",
            Role.VIEWER,
            Reach.SESSION,
            Trait.AUDITED,
            Trait.PACED),
    ACK(Target.FLOW, "ack", "subscriber, seq or count", Role.VIEWER, Reach.SUBSCRIBER, Trait.FREE),
    STATUS(Target.FLOW, "status", "subscriber", Role.VIEWER, Reach.SUBSCRIBER),
    DETACH(Target.FLOW, "detach", "subscriber", Role.VIEWER, Reach.SUBSCRIBER, Trait.AUDITED, Trait.PACED),
    SUBSCRIBERS(Target.FLOW, "subscribers", "session?", Role.VIEWER, Reach.SESSION, Trait.LONG, Trait.ALL_NODES),
    DISCONNECT(
            Target.FLOW,
            "disconnect",
            "subscriber",
            Role.OPERATOR,
            Reach.SUBSCRIBER,
            Trait.AUDITED,
            Trait.PACED,
            Trait.ALL_NODES);

    /** The kinds of address that operations are sent to. */
    public enum Target {
        HUB(Addresses.HUB),
        SESSION(Addresses.session("<id>")),
        FLOW(Addresses.FLOW);

        private final String title;

        Target(String title) {
            this.title = title;
        }

        /** Empty: no client may send there. */
        public static Optional<Target> of(String address) {
            if (address.equals(Addresses.FLOW)) {
                return Optional.of(FLOW);
            }
            if (address.equals(Addresses.HUB)) {
                return Optional.of(HUB);
            }
            return Addresses.isSession(address) ? Optional.of(SESSION) : Optional.empty();
        }

        /** The address, with {@code <id>} for what differs. */
        @Override
        public String toString() {
            return title;
        }
    }

    /** What a token must reach for it. */
    public enum Reach {
        /** Nothing. The answer has no more than the token reaches. */
        ANY("any"),
        /** All sessions. */
        WHOLE_HUB("whole hub"),
        /** The session of the address, or of the field {@code session}. */
        SESSION("the session"),
        /** The session of the subscriber that the field {@code subscriber} names. */
        SUBSCRIBER("the subscriber");

        private final String text;

        Reach(String text) {
            this.text = text;
        }

        @Override
        public String toString() {
            return text;
        }
    }

    /** What else is true of an operation. */
    public enum Trait {
        /** Refused while the connection is attached to the session with mode {@code read} alone. */
        WRITES("writes"),
        /** Done or refused, it is in the audit log. */
        AUDITED("audited"),
        /** Whoever may do it may do it without end: its lines in the audit log have a rate, and say how many they stand for. */
        PACED("paced"),
        /** Not with a share token, whose holder could make tokens that outlive it. */
        NO_SHARES("no share token"),
        /** Counts for no limit of requests: what is acked was sent by the hub, and a refused ack would stall. */
        FREE("not counted"),
        /** Answered by the connection itself; needs no login. */
        BY_BRIDGE("before login"),
        /** Changes nothing, and its reply may be long: a connection has so many under way and is then read no further. */
        LONG("long reply"),
        /** Does nothing without a reply address, and answers when something has happened: after so long as the field {@code timeoutMs} says at most. */
        LASTS("lasts"),
        /** In a cluster the other nodes are asked too. */
        ALL_NODES("all nodes");

        private final String text;

        Trait(String text) {
            this.text = text;
        }

        @Override
        public String toString() {
            return text;
        }
    }

    /** How long an owner may take to answer, in milliseconds; Vert.x' own default. */
    public static final long ANSWER_MS = 30_000;
    /** How much longer what lasts may take: as long as anybody may ask for ({@code timeoutMs}). */
    private static final long LASTING_MS = 600_000;

    private static final Map<Target, Map<String, Operation>> BY_ACTION = new EnumMap<>(Target.class);

    static {
        for (Operation each : values()) {
            BY_ACTION.computeIfAbsent(each.target, any -> new HashMap<>()).put(each.action, each);
        }
    }

    private final Target target;
    private final String action;
    private final String arguments;
    private final Role role;
    private final Reach reach;
    private final Set<Trait> traits;

    Operation(Target target, String action, String arguments, Role role, Reach reach, Trait... traits) {
        this.target = target;
        this.action = action;
        this.arguments = arguments;
        this.role = role;
        this.reach = reach;
        this.traits =
                traits.length == 0 ? Set.of() : Collections.unmodifiableSet(EnumSet.copyOf(Arrays.asList(traits)));
    }

    /**
     * @param action value of the header {@code action}
     * @throws HubException not found, where there is no such operation
     */
    public static Operation of(Target target, String action) {
        Operation found = BY_ACTION.get(target).get(action);
        if (found == null) {
            throw HubException.notFound("no action '" + action + "' at " + target);
        }
        return found;
    }

    /** Empty: there is none such, or no client may send there. */
    public static Optional<Operation> find(String address, @Nullable String action) {
        return Target.of(address).map(target -> BY_ACTION.get(target).get(action));
    }

    /** All at addresses of that kind. */
    public static Set<Operation> at(Target target) {
        Set<Operation> all = EnumSet.noneOf(Operation.class);
        all.addAll(BY_ACTION.get(target).values());
        return all;
    }

    public Target target() {
        return target;
    }

    /** Value of the header {@code action}. */
    public String action() {
        return action;
    }

    /** Fields of the body, for people. */
    public String arguments() {
        return arguments;
    }

    /** The least that it takes. */
    public Role role() {
        return role;
    }

    public Reach reach() {
        return reach;
    }

    /** How long its owner may take to answer, in milliseconds. */
    public long answerMs() {
        return ANSWER_MS + (is(Trait.LASTS) ? LASTING_MS : 0);
    }

    public boolean is(Trait trait) {
        return traits.contains(trait);
    }

    public Set<Trait> traits() {
        return traits;
    }
}
