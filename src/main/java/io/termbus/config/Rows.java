package io.termbus.config;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** The settings of one group, in the order in which they are declared. */
final class Rows {
    private final String prefix;
    private final List<Setting<?>> all = new ArrayList<>();

    /** @param prefix what their keys begin with, its dot included */
    Rows(String prefix) {
        this.prefix = prefix;
    }

    /** @param byDefault as a user would write it; empty: none */
    <T> Setting<T> row(String name, String byDefault, SettingType<T> kind) {
        return add(new Setting<>(prefix + name, byDefault, kind, false));
    }

    /** A whole number from {@code min} to {@code max}. */
    Setting<Integer> whole(String name, int byDefault, int min, int max) {
        return row(name, Integer.toString(byDefault), SettingType.whole(min, max));
    }

    /** One whose value must never be shown. It has no default. */
    <T> Setting<T> secret(String name, SettingType<T> kind) {
        return add(new Setting<>(prefix + name, "", kind, true));
    }

    private <T> Setting<T> add(Setting<T> setting) {
        all.add(setting);
        return setting;
    }

    List<Setting<?>> all() {
        return Collections.unmodifiableList(all);
    }
}
