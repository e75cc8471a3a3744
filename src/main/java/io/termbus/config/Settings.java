package io.termbus.config;

import io.termbus.spelling.Spelling;
import java.util.List;
import java.util.Optional;

/**
 * All settings. Where the contract names no upper bound, the bound keeps a slip of the finger from costing the machine
 * its memory.
 */
final class Settings {
    /** Every byte limit fits an int with room for sums. */
    static final int MOST_BYTES = 1 << 30;

    static final int DAY_SECONDS = 86_400;

    static final List<Setting<?>> ALL = HubConfig.settings();

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
