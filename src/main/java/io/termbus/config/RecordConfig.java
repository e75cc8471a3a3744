package io.termbus.config;

import java.time.Duration;
import java.util.Locale;

/**
 * Recordings: the settings {@code record.*}. Immutable.
 *
 * @param mode what is recorded
 * @param sessions which are recorded
 * @param keep how long a recording is kept from its end on
 * @param maxBytes of all recordings together; the oldest go first
 */
public record RecordConfig(Mode mode, Which sessions, Duration keep, long maxBytes) {
    /** What is recorded. */
    public enum Mode {
        OFF,
        OUTPUT,
        /** Output, and what is typed unless the terminal hides it. */
        INPUT;

        private final String text = name().toLowerCase(Locale.ROOT);

        @Override
        public String toString() {
            return text;
        }
    }

    /** Which sessions are recorded. */
    public enum Which {
        ALL,
        /** Those that somebody asks it for. */
        ASKED
    }

    static final Rows ROWS = new Rows("record.");
    private static final int DAYS = 36_500;
    private static final long MIB = 1L << 20;
    private static final long PIB = 1L << 50;

    private static final Setting<String> MODE = ROWS.row("mode", "off", SettingType.oneOf("off", "output", "input"));
    private static final Setting<String> SESSIONS = ROWS.row("sessions", "asked", SettingType.oneOf("all", "asked"));
    private static final Setting<Integer> KEEP_DAYS = ROWS.whole("keepDays", 30, 1, DAYS);
    private static final Setting<Long> MAX_BYTES =
            ROWS.row("maxBytes", "10737418240", SettingType.large(16 * MIB, PIB));

    static RecordConfig of(Values values) {
        return new RecordConfig(
                Mode.valueOf(values.get(MODE).toUpperCase(Locale.ROOT)),
                Which.valueOf(values.get(SESSIONS).toUpperCase(Locale.ROOT)),
                Duration.ofDays(values.get(KEEP_DAYS)),
                values.get(MAX_BYTES));
    }

    public boolean isOn() {
        return mode != Mode.OFF;
    }
}
