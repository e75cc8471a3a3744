package io.termbus.protocol;

/** Names of message headers. */
public final class Headers {
    /** Names the operation, as in Vert.x service proxies. */
    public static final String ACTION = "action";

    /** Headers with this prefix are set by bridges only; a client that sends one is refused. */
    public static final String RESERVED_PREFIX = "termbus-";
    /** Stamped by the bridge: id of the client connection. */
    public static final String CONNECTION = "termbus-connection";
    /** Stamped by the bridge: role of the client connection. */
    public static final String ROLE = "termbus-role";
    /** Stamped by the bridge: who the client is, see {@link Grant#user}. */
    public static final String USER = "termbus-user";
    /** Stamped by the bridge: address of the peer, for logs. */
    public static final String PEER = "termbus-peer";
    /** Stamped by the bridge in {@code attach}: {@code tcp}, {@code unix}, {@code websocket} or {@code sockjs}. */
    public static final String TRANSPORT = "termbus-transport";
    /** Stamped by the bridge in {@code create}: number of the event loop that the connection is at home on. */
    public static final String LOOP = "termbus-loop";
    /** Stamped by the bridge in {@code disconnect} and what the hub is asked: the one session that there is for the client; absent: all. */
    public static final String REACH = "termbus-reach";

    /** Of an event or warning of another node of the cluster: the name of that node. */
    public static final String NODE = "node";

    /** Of a delivery: its {@link Delivery.Kind}, in lower case. */
    public static final String KIND = "kind";
    /** Of a delivery: id of the session. */
    public static final String SESSION = "session";
    /** Of a counted delivery: 1, 2, 3, … without gaps. */
    public static final String SEQ = "seq";
    /** Of a counted delivery: bytes of session output up to its end. */
    public static final String OFFSET = "offset";
    /** Of a counted delivery: when its newest byte came, see {@link Delivery.Counted#time}. */
    public static final String TIME = "time";
    /** Of a snapshot: size of the terminal, columns. */
    public static final String COLS = "cols";
    /** Of a snapshot: size of the terminal, rows. */
    public static final String ROWS = "rows";

    private Headers() {}
}
