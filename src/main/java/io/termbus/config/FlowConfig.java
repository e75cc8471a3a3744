package io.termbus.config;

import java.time.Duration;

/**
 * Flow control of each subscriber: the settings {@code flow.*}. Immutable.
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
public record FlowConfig(
        Level yellow,
        Level red,
        boolean autoDisconnect,
        int maxUnackedDeliveries,
        int maxUnackedBytes,
        int maxDeliveryBytes,
        int backlogBytes,
        Duration stall,
        Duration hold,
        int targetDelayMs) {
    /** An unacked delivery costs a few bytes of bookkeeping; so many cost a subscriber over 100 MB. */
    private static final int MOST_DELIVERIES = 1 << 24;

    private static final int HOUR_MS = 3_600_000;

    static final Rows ROWS = new Rows("flow.");
    static final Setting<Integer> YELLOW_DELIVERIES = ROWS.whole("yellow.deliveries", 1024, 1, MOST_DELIVERIES);
    static final Setting<Integer> YELLOW_BYTES = ROWS.whole("yellow.bytes", 131_072, 1, Settings.MOST_BYTES);
    static final Setting<Integer> YELLOW_INTERVAL = ROWS.whole("yellow.intervalMs", 10, 1, HOUR_MS);
    static final Setting<Integer> RED_DELIVERIES = ROWS.whole("red.deliveries", 4096, 1, MOST_DELIVERIES);
    static final Setting<Integer> RED_BYTES = ROWS.whole("red.bytes", 524_288, 1, Settings.MOST_BYTES);
    static final Setting<Integer> RED_INTERVAL = ROWS.whole("red.intervalMs", 100, 1, HOUR_MS);
    private static final Setting<Boolean> AUTO_DISCONNECT = ROWS.row("autoDisconnect", "false", SettingType.truth());
    static final Setting<Integer> MAX_UNACKED_DELIVERIES =
            ROWS.whole("maxUnackedDeliveries", 65_536, 1, MOST_DELIVERIES);
    static final Setting<Integer> MAX_UNACKED_BYTES = ROWS.whole("maxUnackedBytes", 4_194_304, 1, Settings.MOST_BYTES);
    private static final Setting<Integer> MAX_DELIVERY_BYTES = ROWS.whole("maxDeliveryBytes", 65_536, 1024, 1_048_576);
    private static final Setting<Integer> BACKLOG_BYTES =
            ROWS.whole("backlogBytes", 1_048_576, 1024, Settings.MOST_BYTES);
    private static final Setting<Integer> STALL_SECONDS = ROWS.whole("stallSeconds", 60, 0, Settings.DAY_SECONDS);
    private static final Setting<Integer> HOLD_SECONDS = ROWS.whole("holdSeconds", 30, 0, Settings.DAY_SECONDS);
    private static final Setting<Integer> TARGET_DELAY_MS = ROWS.whole("targetDelayMs", 100, 1, 10_000);

    static FlowConfig of(Values values) {
        return new FlowConfig(
                new Level(values.get(YELLOW_DELIVERIES), values.get(YELLOW_BYTES), values.get(YELLOW_INTERVAL)),
                new Level(values.get(RED_DELIVERIES), values.get(RED_BYTES), values.get(RED_INTERVAL)),
                values.get(AUTO_DISCONNECT),
                values.get(MAX_UNACKED_DELIVERIES),
                values.get(MAX_UNACKED_BYTES),
                values.get(MAX_DELIVERY_BYTES),
                values.get(BACKLOG_BYTES),
                Duration.ofSeconds(values.get(STALL_SECONDS)),
                Duration.ofSeconds(values.get(HOLD_SECONDS)),
                values.get(TARGET_DELAY_MS));
    }

    /**
     * Where a zone begins and how it throttles.
     *
     * @param deliveries unacked deliveries from which on the zone holds
     * @param bytes unacked bytes from which on the zone holds
     * @param intervalMs at most one delivery per so many milliseconds
     */
    public record Level(int deliveries, int bytes, int intervalMs) {}
}
