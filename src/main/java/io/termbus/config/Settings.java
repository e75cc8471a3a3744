package io.termbus.config;

import static io.termbus.config.Setting.open;
import static io.termbus.config.Setting.whole;

import io.termbus.spelling.Spelling;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The table of settings: the only place that knows keys, defaults and ranges. Where the contract names
 * no upper bound, the bound keeps a slip of the finger from costing the machine its memory.
 */
final class Settings {
    /** Every byte limit fits an int with room for sums. */
    private static final int GIB = 1 << 30;

    private static final int HOUR_MS = 3_600_000;
    private static final int DAY_SECONDS = 86_400;
    /** An unacked delivery costs a few bytes of bookkeeping; so many cost a subscriber over 100 MB. */
    private static final int MOST_DELIVERIES = 1 << 24;

    static final Setting<Path> HOME = open("home", "~/.termbus", Kind.directory());
    static final Setting<String> HTTP_HOST = open("http.host", "127.0.0.1", Kind.host());
    static final Setting<Integer> HTTP_PORT = whole("http.port", 8080, 0, 65535);
    static final Setting<String> TCP_HOST = open("tcp.host", "127.0.0.1", Kind.host());
    static final Setting<Integer> TCP_PORT = whole("tcp.port", 7000, 0, 65535);
    static final Setting<Path> TCP_SOCKET = open("tcp.socket", "", Kind.socket());
    static final Setting<String> AUTH_TOKEN = new Setting<>("auth.token", "", Kind.token(), true);

    /** Linux has 4096 PTYs unless told otherwise. */
    static final Setting<Integer> SESSION_MAX = whole("session.max", 64, 1, 4096);
    /** A million lines of 80 columns take some hundred MB in one session. */
    static final Setting<Integer> SCROLLBACK_LINES = whole("session.scrollbackLines", 10_000, 0, 1_000_000);

    /** Below it no screen of common size would keep its colours; a million lines need more than the default. */
    static final Setting<Integer> STATE_BYTES = whole("session.stateBytes", 33_554_432, 1_048_576, GIB);

    static final Setting<Integer> INPUT_QUEUE_BYTES = whole("session.inputQueueBytes", 2_000_000, 1, GIB);
    static final Setting<Integer> EXITED_RETENTION = whole("session.exitedRetentionSeconds", 60, 0, DAY_SECONDS);
    static final Setting<Integer> KILL_GRACE = whole("session.killGraceMs", 2000, 100, 60_000);
    static final Setting<Integer> EXIT_GRACE = whole("session.exitGraceMs", 2000, 0, 60_000);
    static final Setting<Boolean> CHECKSUMS = open("session.checksums", "false", Kind.truth());

    /** Each connection takes a descriptor; there are no more ports than this to one client address. */
    static final Setting<Integer> CONNECTION_MAX = whole("connection.max", 128, 1, 65_535);

    static final Setting<Integer> LOGIN_SECONDS = whole("connection.loginSeconds", 10, 1, 3600);
    static final Setting<Integer> MAX_SUBSCRIBERS = whole("connection.maxSubscribers", 64, 1, 10_000);
    /** Its default grows with {@code flow.maxUnackedBytes}, see {@link ConfigLoader}. */
    static final Setting<Integer> MAX_UNFLUSHED =
            whole("connection.maxUnflushedBytes", 16_777_216, 1024, Integer.MAX_VALUE);

    static final Setting<Integer> YELLOW_DELIVERIES = whole("flow.yellow.deliveries", 1024, 1, MOST_DELIVERIES);
    static final Setting<Integer> YELLOW_BYTES = whole("flow.yellow.bytes", 131_072, 1, GIB);
    static final Setting<Integer> YELLOW_INTERVAL = whole("flow.yellow.intervalMs", 10, 1, HOUR_MS);
    static final Setting<Integer> RED_DELIVERIES = whole("flow.red.deliveries", 4096, 1, MOST_DELIVERIES);
    static final Setting<Integer> RED_BYTES = whole("flow.red.bytes", 524_288, 1, GIB);
    static final Setting<Integer> RED_INTERVAL = whole("flow.red.intervalMs", 100, 1, HOUR_MS);
    static final Setting<Boolean> AUTO_DISCONNECT = open("flow.autoDisconnect", "false", Kind.truth());
    static final Setting<Integer> MAX_UNACKED_DELIVERIES =
            whole("flow.maxUnackedDeliveries", 65_536, 1, MOST_DELIVERIES);
    static final Setting<Integer> MAX_UNACKED_BYTES = whole("flow.maxUnackedBytes", 4_194_304, 1, GIB);
    static final Setting<Integer> MAX_DELIVERY_BYTES = whole("flow.maxDeliveryBytes", 65_536, 1024, 1_048_576);
    static final Setting<Integer> BACKLOG_BYTES = whole("flow.backlogBytes", 1_048_576, 1024, GIB);
    static final Setting<Integer> TARGET_DELAY_MS = whole("flow.targetDelayMs", 100, 1, 10_000);
    static final Setting<Integer> STALL_SECONDS = whole("flow.stallSeconds", 60, 0, DAY_SECONDS);
    static final Setting<Integer> HOLD_SECONDS = whole("flow.holdSeconds", 30, 0, DAY_SECONDS);

    private static final List<Setting<?>> OWN = List.of(
            HOME,
            HTTP_HOST,
            HTTP_PORT,
            TCP_HOST,
            TCP_PORT,
            TCP_SOCKET,
            AUTH_TOKEN,
            SESSION_MAX,
            SCROLLBACK_LINES,
            STATE_BYTES,
            INPUT_QUEUE_BYTES,
            EXITED_RETENTION,
            KILL_GRACE,
            EXIT_GRACE,
            CHECKSUMS,
            CONNECTION_MAX,
            LOGIN_SECONDS,
            MAX_SUBSCRIBERS,
            MAX_UNFLUSHED,
            YELLOW_DELIVERIES,
            YELLOW_BYTES,
            YELLOW_INTERVAL,
            RED_DELIVERIES,
            RED_BYTES,
            RED_INTERVAL,
            AUTO_DISCONNECT,
            MAX_UNACKED_DELIVERIES,
            MAX_UNACKED_BYTES,
            MAX_DELIVERY_BYTES,
            BACKLOG_BYTES,
            STALL_SECONDS,
            HOLD_SECONDS,
            TARGET_DELAY_MS);

    static final List<Setting<?>> ALL = Stream.of(OWN, SecuritySettings.ALL, ClusterSettings.ALL)
            .flatMap(List::stream)
            .toList();

    private Settings() {}

    static Optional<Setting<?>> byKey(String key) {
        return ALL.stream().filter(setting -> setting.key().equals(key)).findFirst();
    }

    static Optional<Setting<?>> byEnvironmentName(String name) {
        return ALL.stream()
                .filter(setting -> setting.environmentNames().contains(name))
                .findFirst();
    }

    /** Whether {@code key} is not a setting but the beginning of some. */
    static boolean isGroup(String key) {
        return ALL.stream().anyMatch(setting -> setting.key().startsWith(key + "."));
    }

    /** The setting whose key is nearest to {@code key}. */
    static Setting<?> nearest(String key) {
        List<String> keys = ALL.stream().<String>map(Setting::key).toList();
        return Spelling.nearest(key, keys).flatMap(Settings::byKey).orElseThrow();
    }
}
