package io.termbus.config;

import java.util.Locale;
import java.util.Set;

/**
 * One row of the table of settings.
 *
 * @param key as in YAML and {@code --set}
 * @param defaultText its default as a user would write it; empty: none
 * @param secret whether its value must never be shown
 */
record Setting<T>(String key, String defaultText, SettingType<T> kind, boolean secret) {
    static final String ENVIRONMENT_PREFIX = "TERMBUS_";

    /** Its names in the environment: words of the key run together, or parted as its capitals part them. */
    Set<String> environmentNames() {
        String together = environmentName(key);
        String parted = environmentName(key.replaceAll("([a-z])([A-Z])", "$1_$2"));
        return together.equals(parted) ? Set.of(together) : Set.of(together, parted);
    }

    static String environmentName(String key) {
        return ENVIRONMENT_PREFIX + key.replace('.', '_').toUpperCase(Locale.ROOT);
    }
}
