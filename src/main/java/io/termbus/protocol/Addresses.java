package io.termbus.protocol;

/**
 * Event bus addresses. The public ones are the contract's; the internal ones exist on one node only
 * (local consumers) and no client can name them: bridges admit only the public ones.
 */
public final class Addresses {
    /** Public: login, info, create, list, killAll. */
    public static final String HUB = "termbus.hub";
    /** Public: attach, ack, status, detach. */
    public static final String FLOW = "termbus.flow";
    /** Public, published: zone changes and forced disconnects. */
    public static final String WARNINGS = "termbus.warnings";
    /** Public, published: session and subscriber life cycle. */
    public static final String EVENTS = "termbus.events";

    private static final String SESSION_PREFIX = "termbus.session.";
    private static final String OUT_PREFIX = "termbus.out.";
    private static final String NODE_PREFIX = "termbus.node.";
    private static final String ROSTER = ".roster";

    private Addresses() {}

    /** Public: the commands of one session. */
    public static String session(String sessionId) {
        return SESSION_PREFIX + sessionId;
    }

    /** Public: where the deliveries of one subscriber arrive. */
    public static String out(String subscriberId) {
        return OUT_PREFIX + subscriberId;
    }

    public static boolean isSession(String address) {
        return address.startsWith(SESSION_PREFIX) && address.length() > SESSION_PREFIX.length();
    }

    public static boolean isOut(String address) {
        return address.startsWith(OUT_PREFIX) && address.length() > OUT_PREFIX.length();
    }

    /** The session id in a {@link #session} address. */
    public static String sessionIdOf(String address) {
        return address.substring(SESSION_PREFIX.length());
    }

    /** The subscriber id in an {@link #out} address. */
    public static String subscriberIdOf(String address) {
        return address.substring(OUT_PREFIX.length());
    }

    /** Internal: {@link FlowMessage}s to the flow-control instance with that index. */
    public static String flowShard(int shard) {
        return "termbus.internal.flow." + shard;
    }

    /** Internal: {@link SessionMessage}s from flow control to the owner of a session. */
    public static String sessionControl(String sessionId) {
        return "termbus.internal.session." + sessionId;
    }

    /** Internal: share, revoke and shares, forwarded from {@link #HUB}. */
    public static final String SHARES = "termbus.internal.shares";

    /** Internal: what is asked about recordings, forwarded from {@link #HUB}. */
    public static final String RECORDINGS = "termbus.internal.recordings";

    /** Internal: upgrade, forwarded from {@link #HUB}; nobody answers where the hub has no process of its own. */
    public static final String UPGRADE = "termbus.internal.upgrade";

    /** Internal, published: the body is the id of a share token that holds no more. */
    public static final String SHARE_ENDED = "termbus.internal.share.ended";

    /** Between nodes: create, list, killAll and nodes, for the sessions of that node. */
    public static String nodeHub(String node) {
        return NODE_PREFIX + node + ".hub";
    }

    /** Between nodes: answered at once by a node that lives. {@code node} is its short form, {@link Ids#shortForm}. */
    public static String nodePing(String node) {
        return NODE_PREFIX + node + ".ping";
    }

    /** Between nodes: who is there, as another node sees it. Also reaches a node that is no member at the moment. */
    public static String nodeRoster(String node) {
        return NODE_PREFIX + node + ROSTER;
    }

    public static boolean isNodeRoster(String address) {
        return address.startsWith(NODE_PREFIX) && address.endsWith(ROSTER);
    }

    /** The node that a node's address names, by its name or its short form; empty: it is no such address. */
    public static String nodeOf(String address) {
        int end = address.startsWith(NODE_PREFIX) ? address.indexOf('.', NODE_PREFIX.length()) : -1;
        return end < 0 ? "" : address.substring(NODE_PREFIX.length(), end);
    }

    /** Between nodes: {@link LinkMessage}s to the flow-control instance with that index on that node. */
    public static String nodeFlow(String node, int shard) {
        return NODE_PREFIX + node + ".flow." + shard;
    }

    /** Between nodes: subscribers and disconnect, for the subscribers of that node. */
    public static String nodeSubscribers(String node) {
        return NODE_PREFIX + node + ".subscribers";
    }

    /** Between nodes: what was published on another node at {@code topic}, for the listeners of that node. */
    public static String nodeTopic(String node, String topic) {
        return NODE_PREFIX + node + "." + topic;
    }

    /** Internal: how this node is in its cluster, for {@code /healthz}; nobody answers where there is none. */
    public static final String HEALTH = "termbus.internal.health";

    /** Internal: how full this node is, and whether it takes sessions, as it answers {@code nodes}. */
    public static final String LOAD = "termbus.internal.load";

    /** Internal, published: the body is the name of a node that has joined the cluster. */
    public static final String NODE_JOINED = "termbus.internal.node.joined";

    /** Internal, published: the body is the name of a node that has left the cluster. */
    public static final String NODE_LEFT = "termbus.internal.node.left";

    /** Internal, published: the body is the id of a client connection that has closed. */
    public static final String CONNECTION_CLOSED = "termbus.internal.connection.closed";
}
