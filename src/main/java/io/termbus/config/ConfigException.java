package io.termbus.config;

import java.util.List;

/** The settings cannot be used. Its messages hold no secrets. */
public final class ConfigException extends Exception {
    private static final long serialVersionUID = 1;

    private final List<String> problems;

    /** @param problems one line each: key, value, source, what is allowed */
    public ConfigException(List<String> problems) {
        super(String.join("; ", problems));
        this.problems = List.copyOf(problems);
    }

    public List<String> problems() {
        return problems;
    }
}
