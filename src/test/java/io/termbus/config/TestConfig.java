package io.termbus.config;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Settings for tests: the defaults, and what they say. Nothing of the process or the working directory matters. */
public final class TestConfig {
    private TestConfig() {}

    /** @param assignments as for {@code --set} */
    public static HubConfig of(String... assignments) {
        try {
            return new ConfigLoader(Path.of("/nowhere"), Path.of("/nowhere"), Map.of())
                    .load(Optional.empty(), List.of(assignments))
                    .config();
        } catch (ConfigException e) {
            throw new AssertionError(e);
        }
    }
}
