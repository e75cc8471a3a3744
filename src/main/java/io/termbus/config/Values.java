package io.termbus.config;

import io.termbus.config.SettingType.RefusedException;
import io.termbus.config.SettingType.Texts;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The values in force, with where each is from. A later {@link #put} wins over an earlier one. */
final class Values {
    private final Path userHome;
    private final Problems problems;
    private final Map<String, Given> givens = new HashMap<>();
    private final Map<String, Object> values = new HashMap<>();

    Values(Path userHome, Problems problems) {
        this.userHome = userHome;
        this.problems = problems;
    }

    /** Reads {@code given}; one that is not allowed is a problem even where a stronger source overrides it. */
    void put(Given given) {
        Setting<?> setting = given.setting();
        givens.put(setting.key(), given);
        values.remove(setting.key());
        if (given.text().isEmpty() && setting.kind().mayBeNone()) {
            return;
        }
        try {
            values.put(setting.key(), setting.kind().read(given.text(), userHome));
        } catch (RefusedException e) {
            problems.notAllowed(given);
        }
    }

    /** Empty where the setting has no value, or one that is not allowed. */
    <T> Optional<T> find(Setting<T> setting) {
        return Optional.ofNullable(values.get(setting.key())).map(setting.kind().type()::cast);
    }

    /** @throws java.util.NoSuchElementException unless the setting has a default or an allowed value */
    <T> T get(Setting<T> setting) {
        return find(setting).orElseThrow();
    }

    /** Of a list; none where it has no value. */
    List<String> items(Setting<Texts> setting) {
        return find(setting).map(Texts::items).orElse(List.of());
    }

    Given given(Setting<?> setting) {
        return givens.getOrDefault(setting.key(), Given.byDefault(setting));
    }

    boolean isDefault(Setting<?> setting) {
        return given(setting).equals(Given.byDefault(setting));
    }
}
