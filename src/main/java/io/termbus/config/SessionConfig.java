package io.termbus.config;

import io.termbus.config.SettingType.Texts;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.regex.Pattern;

/**
 * Sessions: the settings {@code session.*}. Immutable.
 *
 * @param max live sessions on this node
 * @param maxPerUser live sessions of one user; 0: as many as there may be
 * @param maxSubscribers of one session, of all connections together
 * @param scrollbackLines lines of scrollback kept for each session, ≥ 0
 * @param stateBytes what the terminal's state of one session may take in memory
 * @param inputQueueBytes input that waits for a child that does not read
 * @param exitedRetention how long an exited session stays listed and attachable
 * @param killGrace from HUP to KILL
 * @param exitGrace how long the PTY of a child that has exited is still read while grandchildren hold it
 * @param checksums programs may ask for checksums of the screen, by which they can read it
 */
public record SessionConfig(
        int max,
        int maxPerUser,
        int maxSubscribers,
        int scrollbackLines,
        int stateBytes,
        int inputQueueBytes,
        Duration exitedRetention,
        Duration killGrace,
        Duration exitGrace,
        boolean checksums,
        Child child) {
    static final Rows ROWS = new Rows("session.");
    /** Linux has 4096 PTYs unless told otherwise. */
    private static final Setting<Integer> MAX = ROWS.whole("max", 64, 1, 4096);

    private static final Setting<Integer> MAX_PER_USER = ROWS.whole("maxPerUser", 0, 0, 4096);
    private static final Setting<Integer> MAX_SUBSCRIBERS = ROWS.whole("maxSubscribers", 1024, 1, 100_000);
    /** A million lines of 80 columns take some hundred MB in one session. */
    private static final Setting<Integer> SCROLLBACK_LINES = ROWS.whole("scrollbackLines", 10_000, 0, 1_000_000);

    /** Below it no screen of common size would keep its colours; a million lines need more than the default. */
    private static final Setting<Integer> STATE_BYTES =
            ROWS.whole("stateBytes", 33_554_432, 1_048_576, Settings.MOST_BYTES);

    private static final Setting<Integer> INPUT_QUEUE_BYTES =
            ROWS.whole("inputQueueBytes", 2_000_000, 1, Settings.MOST_BYTES);
    private static final Setting<Integer> EXITED_RETENTION =
            ROWS.whole("exitedRetentionSeconds", 60, 0, Settings.DAY_SECONDS);
    private static final Setting<Integer> KILL_GRACE = ROWS.whole("killGraceMs", 2000, 100, 60_000);
    private static final Setting<Integer> EXIT_GRACE = ROWS.whole("exitGraceMs", 2000, 0, 60_000);
    private static final Setting<Boolean> CHECKSUMS = ROWS.row("checksums", "false", SettingType.truth());

    private static final Setting<Texts> COMMANDS =
            ROWS.row("commands", "", SettingType.texts("absolute paths of programs", Pattern.compile("/[^,]+")));
    private static final Setting<Texts> DIRECTORIES =
            ROWS.row("directories", "", SettingType.texts("absolute paths of directories", Pattern.compile("/[^,]*")));
    private static final Setting<String> UMASK =
            ROWS.row("umask", "", SettingType.text("three octal digits such as 027", Pattern.compile("0?[0-7]{3}")));
    private static final Setting<Texts> KEEP_ENVIRONMENT = ROWS.row(
            "keepEnvironment",
            "",
            SettingType.texts(
                    "names of variables, or beginnings with * behind", Pattern.compile("[A-Za-z_][A-Za-z0-9_]*\\*?")));
    private static final Setting<String> OPEN_FILES = ROWS.row(
            "openFiles",
            "",
            SettingType.text(
                    "a whole number from 16 to 999999999", Pattern.compile("1[6-9]|[2-9][0-9]|[1-9][0-9]{2,8}")));

    private static final Setting<Integer> AUTOGROUP_NICE = ROWS.whole("autogroupNice", 5, 0, 19);

    static SessionConfig of(Values values) {
        return new SessionConfig(
                values.get(MAX),
                values.get(MAX_PER_USER),
                values.get(MAX_SUBSCRIBERS),
                values.get(SCROLLBACK_LINES),
                values.get(STATE_BYTES),
                values.get(INPUT_QUEUE_BYTES),
                Duration.ofSeconds(values.get(EXITED_RETENTION)),
                Duration.ofMillis(values.get(KILL_GRACE)),
                Duration.ofMillis(values.get(EXIT_GRACE)),
                values.get(CHECKSUMS),
                Child.of(values));
    }

    /**
     * What children may be, and what they get.
     *
     * @param commands programs that sessions may run, absolute paths; none: all
     * @param directories that sessions may start in or below; none: all
     * @param umask of the hub and its sessions, octal; empty: the one it was started with
     * @param keepEnvironment variables of the terminal that the hub was started in which sessions get all the
     *     same: names, or beginnings of names with * behind
     * @param openFiles soft limit of open files; empty: the one that the hub was started with
     * @param autogroupNice how much less than the hub a session weighs where Linux shares processors out between sessions;
     *     0: that is left alone
     */
    public record Child(
            List<String> commands,
            List<String> directories,
            Optional<String> umask,
            List<String> keepEnvironment,
            OptionalLong openFiles,
            int autogroupNice) {
        static Child of(Values values) {
            return new Child(
                    values.items(COMMANDS),
                    values.items(DIRECTORIES),
                    values.find(UMASK),
                    values.items(KEEP_ENVIRONMENT),
                    values.find(OPEN_FILES)
                            .map(text -> OptionalLong.of(Long.parseLong(text)))
                            .orElse(OptionalLong.empty()),
                    values.get(AUTOGROUP_NICE));
        }
    }
}
