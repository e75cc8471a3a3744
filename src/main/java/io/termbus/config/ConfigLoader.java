package io.termbus.config;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Brings the sources together, weakest first: defaults, file, environment, {@code --set}. Reads files; call
 * before there are event loops.
 *
 * @param directory where {@code conf/termbus.yaml} is looked for and {@code --conf} is relative to
 * @param userHome what {@code ~} stands for
 * @param environment all of it; only what begins with {@code TERMBUS_} matters
 */
public record ConfigLoader(Path directory, Path userHome, Map<String, String> environment) {
    /** The file that is read where {@code --conf} names none; it may be absent. */
    public static final String DEFAULT_FILE = "conf/termbus.yaml";

    /** The loader of this process. {@code ~} is {@code HOME}, as in a shell. */
    public static ConfigLoader ofProcess() {
        Map<String, String> environment = System.getenv();
        String home = environment.getOrDefault("HOME", "");
        return new ConfigLoader(
                Path.of(""), Path.of(home.startsWith("/") ? home : System.getProperty("user.home")), environment);
    }

    /**
     * @param file the file of {@code --conf}, which must exist
     * @param assignments those of {@code --set}, each {@code key=value}
     * @throws ConfigException with every problem of every source
     */
    public LoadedConfig load(Optional<Path> file, List<String> assignments) throws ConfigException {
        Problems problems = new Problems();
        Values values = new Values(userHome, problems);
        Settings.ALL.forEach(setting -> values.put(Given.byDefault(setting)));
        fromFile(file, problems).forEach(values::put);
        EnvironmentSource.read(environment, problems).forEach(values::put);
        AssignmentSource.read(assignments, problems).forEach(values::put);
        CrossRules.check(values, problems);
        if (!problems.isEmpty()) {
            throw new ConfigException(problems.list());
        }
        List<String> warnings = new ArrayList<>(CrossRules.warnings(values));
        warnings.addAll(EnvironmentSource.passedOver(environment));
        return new LoadedConfig(HubConfig.of(values), List.copyOf(warnings));
    }

    /** What holds where nobody has set anything. */
    public static HubConfig defaults() {
        Values values = new Values(Path.of("/"), new Problems());
        Settings.ALL.forEach(setting -> values.put(Given.byDefault(setting)));
        return HubConfig.of(values);
    }

    private List<Given> fromFile(Optional<Path> file, Problems problems) {
        if (file.isPresent()) {
            return YamlSource.read(
                    directory.resolve(file.get()), Problems.show(file.get().toString()), problems);
        }
        Path byDefault = directory.resolve(DEFAULT_FILE);
        return Files.exists(byDefault) ? YamlSource.read(byDefault, DEFAULT_FILE, problems) : List.of();
    }
}
