package io.termbus.config;

import io.termbus.spelling.Spelling;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * Settings from variables that begin with {@code TERMBUS_}. Those that {@link ServiceVariables} knows are passed over,
 * also where a service is named so that they have the name of a setting: a port is no URL.
 */
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
            if (ServiceVariables.has(name, text)) {
                return;
            }
            String source = "environment " + Problems.show(name);
            Optional<Setting<?>> setting = Settings.byEnvironmentName(name);
            if (setting.isEmpty()) {
                unknown(name, text, source, problems);
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

    /** What has the name of a setting and is passed over as another service's; for the log, one line each. */
    static List<String> passedOver(Map<String, String> environment) {
        return new TreeMap<>(environment)
                .entrySet().stream()
                        .filter(each -> ServiceVariables.has(each.getKey(), each.getValue()))
                        .filter(each ->
                                Settings.byEnvironmentName(each.getKey()).isPresent())
                        .map(each -> each.getKey() + " = " + Problems.show(each.getValue())
                                + " is passed over: it is told of a service of that name, as Kubernetes does;"
                                + " to set the port give a number, or --set")
                        .toList();
    }

    private static void unknown(String name, String text, String source, Problems problems) {
        String key = keyLike(name);
        List<String> both = List.of(Settings.nearest(key).key(), keyLike(LOG_LEVEL));
        if (Spelling.nearest(key, both).equals(Optional.of(keyLike(LOG_LEVEL)))) {
            problems.unknown(key, text, source, LOG_LEVEL);
        } else {
            problems.unknown(key, text, source);
        }
    }

    private static String keyLike(String name) {
        return name.substring(Setting.ENVIRONMENT_PREFIX.length())
                .toLowerCase(Locale.ROOT)
                .replace('_', '.');
    }
}
