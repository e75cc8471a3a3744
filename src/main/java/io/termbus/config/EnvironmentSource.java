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
    /** Variables that are no settings: the log level is needed before the settings are read. */
    static final Set<String> RESERVED = Set.of("TERMBUS_LOG_LEVEL");

    private EnvironmentSource() {}

    static List<Given> read(Map<String, String> environment, Problems problems) {
        List<Given> found = new ArrayList<>();
        Map<String, String> seen = new HashMap<>();
        new TreeMap<>(environment).forEach((name, text) -> {
            if (!name.startsWith(Setting.ENVIRONMENT_PREFIX) || RESERVED.contains(name)) {
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

    private static String keyLike(String name) {
        return name.substring(Setting.ENVIRONMENT_PREFIX.length())
                .toLowerCase(Locale.ROOT)
                .replace('_', '.');
    }
}
