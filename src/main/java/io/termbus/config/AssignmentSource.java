package io.termbus.config;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Settings from {@code --set key=value}; of two for one key the later wins. */
final class AssignmentSource {
    private static final String SOURCE = "--set";

    private AssignmentSource() {}

    static List<Given> read(List<String> assignments, Problems problems) {
        List<Given> found = new ArrayList<>();
        for (String assignment : assignments) {
            int equals = assignment.indexOf('=');
            String key = equals < 0 ? assignment : assignment.substring(0, equals);
            Optional<Setting<?>> setting = Settings.byKey(key);
            if (equals < 0) {
                // what is no key may be a value, and that a secret
                problems.add(setting.map(Setting::key).orElse(Problems.HIDDEN) + " (" + SOURCE
                        + "): has no value, allowed is key=value");
            } else if (setting.isEmpty()) {
                problems.unknown(key, assignment.substring(equals + 1), SOURCE);
            } else {
                found.add(new Given(setting.get(), assignment.substring(equals + 1), SOURCE));
            }
        }
        return found;
    }
}
