package io.termbus.config;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Settings from the options of a program that a hub is part of: keys may be nested, dotted, or both, as in YAML. A null
 * counts as absent.
 */
final class OptionsSource {
    static final String SOURCE = "options";

    /** No setting of a hub that has the process for itself: nobody else is on its bus, or it shares it with other nodes. */
    static final Setting<String> ADDRESS_PREFIX = new Setting<>(
            "addressPrefix",
            "termbus",
            SettingType.text(
                    "a name such as shop.terminals, of at most 64 letters, digits and _.-",
                    Pattern.compile("[A-Za-z0-9_-][A-Za-z0-9_.-]{0,62}[A-Za-z0-9_-]|[A-Za-z0-9_-]")),
            false);

    private final Problems problems;
    private final List<Given> found = new ArrayList<>();
    private final Set<String> seen = new HashSet<>();

    private OptionsSource(Problems problems) {
        this.problems = problems;
    }

    static List<Given> read(JsonObject options, Problems problems) {
        OptionsSource source = new OptionsSource(problems);
        source.walk("", options);
        return source.found;
    }

    private void walk(String prefix, JsonObject group) {
        for (Map.Entry<String, Object> entry : group) {
            visit(prefix + entry.getKey(), entry.getValue());
        }
    }

    private void visit(String key, @Nullable Object value) {
        Optional<Setting<?>> setting =
                key.equals(ADDRESS_PREFIX.key()) ? Optional.of(ADDRESS_PREFIX) : Settings.byKey(key);
        if (value == null) {
            return;
        }
        if (setting.isPresent()) {
            take(setting.get(), value);
        } else if (value instanceof JsonObject group && !group.isEmpty()) {
            walk(key + ".", group);
        } else if (!Settings.isGroup(key)) {
            problems.unknown(key, isCollection(value) ? "" : value.toString(), SOURCE);
        } else if (!(value instanceof JsonObject)) {
            problems.add(key + " (" + SOURCE + "): is a group, allowed are keys below it, not a value");
        }
    }

    private void take(Setting<?> setting, Object value) {
        if (!seen.add(setting.key())) {
            problems.twice(setting.key(), SOURCE, SOURCE);
        }
        if (isCollection(value)) {
            problems.add(setting.key() + " (" + SOURCE + "): is a collection, allowed is "
                    + setting.kind().allowed());
        } else {
            found.add(new Given(setting, value.toString(), SOURCE));
        }
    }

    private static boolean isCollection(Object value) {
        return value instanceof JsonObject || value instanceof JsonArray;
    }
}
