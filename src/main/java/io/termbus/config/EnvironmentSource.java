package io.termbus.config;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/** Settings from variables that begin with {@code TERMBUS_}. */
final class EnvironmentSource {
    /** No setting, as the log needs it before the settings are read; {@code conf/logback.xml} reads it. */
    private static final String LOG_LEVEL = "TERMBUS_LOG_LEVEL";

    private static final Set<String> LOG_LEVELS = Set.of("TRACE", "DEBUG", "INFO", "WARN", "ERROR", "OFF");

    private EnvironmentSource() {}

    static List<Given> read(Map<String, String> environment, Problems problems) {
        List<Given> found = new ArrayList<>();
        Map<String, String> seen = new HashMap<>();
        new TreeMap<>(environment).forEach((name, text) -> {
            if (!name.startsWith(Setting.ENVIRONMENT_PREFIX)) {
                return;
            }
            if (name.equals(LOG_LEVEL)) {
                checkLogLevel(text, problems);
                return;
            }
            String source = "environment " + Problems.show(name);
            Optional<Setting<?>> setting = Settings.byEnvironmentName(name);
            if (setting.isEmpty()) {
                problems.unknown(keyLike(name), text, source);
                return;
            }
            String other = seen.put(setting.get().key(), source);
            if (other != null) {
                problems.twice(setting.get().key(), source, other);
            }
            found.add(new Given(setting.get(), text, source));
        });
        return found;
    }

    private static void checkLogLevel(String text, Problems problems) {
        if (!LOG_LEVELS.contains(text)) {
            problems.add(LOG_LEVEL + " = " + Problems.show(text)
                    + " (environment): allowed is TRACE, DEBUG, INFO, WARN, ERROR or OFF");
        }
    }

    private static String keyLike(String name) {
        return name.substring(Setting.ENVIRONMENT_PREFIX.length())
                .toLowerCase(Locale.ROOT)
                .replace('_', '.');
    }
}
