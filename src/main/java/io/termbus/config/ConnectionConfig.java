package io.termbus.config;

import java.time.Duration;

/**
 * Client connections: the settings {@code connection.*}. Immutable.
 *
 * @param max client connections on this node
 * @param maxPerAddress of them; loopback addresses have no such limit
 * @param login how long a connection may stay without having logged in
 * @param maxSubscribers subscribers of one connection
 * @param maxRequestsPerSecond of one connection
 * @param maxInputBytesPerSecond messages of one connection, in bytes
 * @param maxUnflushedBytes bytes that wait in one connection for its peer to read; beyond it the
 *     connection is closed
 */
public record ConnectionConfig(
        int max,
        int maxPerAddress,
        Duration login,
        int maxSubscribers,
        int maxRequestsPerSecond,
        int maxInputBytesPerSecond,
        int maxUnflushedBytes) {
    static final Rows ROWS = new Rows("connection.");
    /** Each connection takes a descriptor; there are no more ports than this to one client address. */
    private static final Setting<Integer> MAX = ROWS.whole("max", 128, 1, 65_535);

    private static final Setting<Integer> MAX_PER_ADDRESS = ROWS.whole("maxPerAddress", 64, 1, 65_535);
    private static final Setting<Integer> MAX_REQUESTS = ROWS.whole("maxRequestsPerSecond", 20_000, 1, 10_000_000);
    /** Some times what a terminal takes; what waits for a program that does not read has a limit of its own. */
    private static final Setting<Integer> MAX_INPUT_BYTES =
            ROWS.whole("maxInputBytesPerSecond", 64 << 20, 1024, Settings.MOST_BYTES);

    private static final Setting<Integer> LOGIN_SECONDS = ROWS.whole("loginSeconds", 10, 1, 3600);
    private static final Setting<Integer> MAX_SUBSCRIBERS = ROWS.whole("maxSubscribers", 64, 1, 10_000);
    /** Its default grows with {@code flow.maxUnackedBytes}. */
    static final Setting<Integer> MAX_UNFLUSHED = ROWS.whole("maxUnflushedBytes", 16_777_216, 1024, Integer.MAX_VALUE);

    /** So many times {@code flow.maxUnackedBytes} wait in a connection before it is closed, by default. */
    private static final int UNFLUSHED_PER_UNACKED = 4;

    static ConnectionConfig of(Values values) {
        return new ConnectionConfig(
                values.get(MAX),
                values.get(MAX_PER_ADDRESS),
                Duration.ofSeconds(values.get(LOGIN_SECONDS)),
                values.get(MAX_SUBSCRIBERS),
                values.get(MAX_REQUESTS),
                values.get(MAX_INPUT_BYTES),
                maxUnflushedBytes(values));
    }

    /** A user who raises {@code flow.maxUnackedBytes} alone must not have to know of this limit. */
    private static int maxUnflushedBytes(Values values) {
        int own = values.get(MAX_UNFLUSHED);
        if (!values.isDefault(MAX_UNFLUSHED)) {
            return own;
        }
        long scaled = (long) UNFLUSHED_PER_UNACKED * values.get(FlowConfig.MAX_UNACKED_BYTES);
        return (int) Math.min(Integer.MAX_VALUE, Math.max(own, scaled));
    }
}
