package io.termbus.config;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/**
 * Every setting of a hub, checked. Made once at start, never changed.
 *
 * @param home directory of the hub's own files, created 0700
 */
public record HubConfig(
        Path home,
        Http http,
        Tcp tcp,
        Auth auth,
        Session session,
        Connection connection,
        Flow flow,
        Security security,
        Cluster cluster) {
    /** With nothing said about security and clusters. */
    public HubConfig(Path home, Http http, Tcp tcp, Auth auth, Session session, Connection connection, Flow flow) {
        this(home, http, tcp, auth, session, connection, flow, Security.DEFAULTS, Cluster.DEFAULTS);
    }

    /** @param port 0..65535; 0 picks a free one */
    public record Http(String host, int port) {}

    /**
     * @param port 0..65535; 0 picks a free one
     * @param socket path of a Unix domain socket that is served beside the port
     */
    public record Tcp(String host, int port, Optional<Path> socket) {}

    /** @param token the admin token; empty: read from, or generated into, {@code home/token} */
    public record Auth(Optional<String> token) {
        @Override
        public String toString() {
            return "Auth[token=" + (token.isPresent() ? "***" : "none") + "]";
        }
    }

    /**
     * @param max live sessions on this node
     * @param scrollbackLines lines of scrollback kept for each session, ≥ 0
     * @param stateBytes what the terminal's state of one session may take in memory
     * @param inputQueueBytes input that waits for a child that does not read
     * @param exitedRetention how long an exited session stays listed and attachable
     * @param killGrace from HUP to KILL
     * @param exitGrace how long the PTY of a child that has exited is still read while grandchildren hold it
     * @param checksums programs may ask for checksums of the screen, by which they can read it
     */
    public record Session(
            int max,
            int scrollbackLines,
            int stateBytes,
            int inputQueueBytes,
            Duration exitedRetention,
            Duration killGrace,
            Duration exitGrace,
            boolean checksums) {}

    /**
     * @param max client connections on this node
     * @param login how long a connection may stay without having logged in
     * @param maxSubscribers subscribers of one connection
     * @param maxUnflushedBytes bytes that wait in one connection for its peer to read; beyond it the
     *     connection is closed
     */
    public record Connection(int max, Duration login, int maxSubscribers, int maxUnflushedBytes) {}

    /**
     * Flow control of each subscriber.
     *
     * @param autoDisconnect disconnect on entering red
     * @param maxUnackedDeliveries beyond it the subscriber is disconnected
     * @param maxUnackedBytes at it deliveries wait for acks
     * @param maxDeliveryBytes coalesced output grows up to so many bytes
     * @param backlogBytes how far a subscriber may lag
     * @param stall unacked deliveries and no ack for so long: disconnect; zero turns it off
     * @param hold who never skips may hold the terminal back for so long, then skips; zero: for ever
     * @param targetDelayMs how long the line before a subscriber may get that its link makes, milliseconds
     */
    public record Flow(
            Level yellow,
            Level red,
            boolean autoDisconnect,
            int maxUnackedDeliveries,
            int maxUnackedBytes,
            int maxDeliveryBytes,
            int backlogBytes,
            Duration stall,
            Duration hold,
            int targetDelayMs) {}

    /**
     * Where a zone begins and how it throttles.
     *
     * @param deliveries unacked deliveries from which on the zone holds
     * @param bytes unacked bytes from which on the zone holds
     * @param intervalMs at most one delivery per so many milliseconds
     */
    public record Level(int deliveries, int bytes, int intervalMs) {}
}
