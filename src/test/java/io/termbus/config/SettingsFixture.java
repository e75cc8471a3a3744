package io.termbus.config;

import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Loads settings from sources that a test sets up. */
final class SettingsFixture {
    final Map<String, String> environment = new HashMap<>();
    final Path directory;
    private final ConfigLoader loader;

    SettingsFixture(Path directory) {
        this.directory = directory;
        loader = new ConfigLoader(directory, Path.of("/home/someone"), environment);
    }

    void yaml(String text) {
        write("conf/termbus.yaml", text);
    }

    void write(String name, String text) {
        try {
            Path file = directory.resolve(name);
            Files.createDirectories(file.getParent());
            Files.writeString(file, text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    LoadedConfig load(String... assignments) throws ConfigException {
        return loader.load(Optional.empty(), List.of(assignments));
    }

    HubConfig config(String... assignments) throws ConfigException {
        return load(assignments).config();
    }

    HubConfig configOf(String file, String... assignments) throws ConfigException {
        return loader.load(Optional.of(Path.of(file)), List.of(assignments)).config();
    }

    /** The problems of a load that must fail. */
    List<String> problems(String... assignments) {
        return catchThrowableOfType(ConfigException.class, () -> load(assignments))
                .problems();
    }

    List<String> problemsOf(String file) {
        return catchThrowableOfType(ConfigException.class, () -> configOf(file)).problems();
    }
}
