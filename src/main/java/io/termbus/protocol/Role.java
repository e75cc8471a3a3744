package io.termbus.protocol;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** What a connection may do, from least to most. Each role may do what those before it may. */
public enum Role {
    /** May list, attach and watch. */
    VIEWER,
    /** May also write, resize and signal. */
    OPERATOR,
    /** May also create and kill, and hear operators' topics. */
    ADMIN;

    private final String text = name().toLowerCase(Locale.ROOT);

    /** The role of that name, as {@link #toString} has it. */
    public static Optional<Role> of(String name) {
        return Arrays.stream(values()).filter(role -> role.text.equals(name)).findFirst();
    }

    public boolean atLeast(Role other) {
        return compareTo(other) >= 0;
    }

    @Override
    public String toString() {
        return text;
    }
}
