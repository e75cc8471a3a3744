package io.termbus.config;

import java.util.Optional;

/**
 * The listener for scrapes: the settings {@code metrics.*}. Immutable.
 *
 * @param port 0..65535; 0 picks a free one; empty: nothing is counted, and nobody listens
 */
public record MetricsConfig(String host, Optional<Integer> port) {
    static final Rows ROWS = new Rows("metrics.");
    static final Setting<String> HOST = ROWS.row("host", "127.0.0.1", SettingType.host());
    static final Setting<Integer> PORT =
            ROWS.row("port", "", SettingType.whole(0, 65_535).orNothing());

    static MetricsConfig of(Values values) {
        return new MetricsConfig(values.get(HOST), values.find(PORT));
    }
}
