package io.termbus.config;

import io.termbus.config.HubConfig.Auth;
import io.termbus.config.HubConfig.Connection;
import io.termbus.config.HubConfig.Flow;
import io.termbus.config.HubConfig.Http;
import io.termbus.config.HubConfig.Level;
import io.termbus.config.HubConfig.Session;
import io.termbus.config.HubConfig.Tcp;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
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

    /** So many times {@code flow.maxUnackedBytes} wait in a connection before it is closed, by default. */
    private static final int UNFLUSHED_PER_UNACKED = 4;

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
        return new LoadedConfig(assemble(values), List.copyOf(warnings));
    }

    /** What holds where nobody has set anything. */
    public static HubConfig defaults() {
        Values values = new Values(Path.of("/"), new Problems());
        Settings.ALL.forEach(setting -> values.put(Given.byDefault(setting)));
        return assemble(values);
    }

    private List<Given> fromFile(Optional<Path> file, Problems problems) {
        if (file.isPresent()) {
            return YamlSource.read(
                    directory.resolve(file.get()), Problems.show(file.get().toString()), problems);
        }
        Path byDefault = directory.resolve(DEFAULT_FILE);
        return Files.exists(byDefault) ? YamlSource.read(byDefault, DEFAULT_FILE, problems) : List.of();
    }

    private static HubConfig assemble(Values values) {
        return new HubConfig(
                values.get(Settings.HOME),
                new Http(values.get(Settings.HTTP_HOST), values.get(Settings.HTTP_PORT)),
                new Tcp(values.get(Settings.TCP_HOST), values.get(Settings.TCP_PORT), values.find(Settings.TCP_SOCKET)),
                new Auth(values.find(Settings.AUTH_TOKEN)),
                session(values),
                connection(values),
                flow(values),
                SecuritySettings.of(values),
                ClusterSettings.of(values));
    }

    private static Session session(Values values) {
        return new Session(
                values.get(Settings.SESSION_MAX),
                values.get(Settings.SCROLLBACK_LINES),
                values.get(Settings.STATE_BYTES),
                values.get(Settings.INPUT_QUEUE_BYTES),
                Duration.ofSeconds(values.get(Settings.EXITED_RETENTION)),
                Duration.ofMillis(values.get(Settings.KILL_GRACE)),
                Duration.ofMillis(values.get(Settings.EXIT_GRACE)),
                values.get(Settings.CHECKSUMS));
    }

    private static Connection connection(Values values) {
        return new Connection(
                values.get(Settings.CONNECTION_MAX),
                Duration.ofSeconds(values.get(Settings.LOGIN_SECONDS)),
                values.get(Settings.MAX_SUBSCRIBERS),
                maxUnflushedBytes(values));
    }

    /** A user who raises {@code flow.maxUnackedBytes} alone must not have to know of this limit. */
    private static int maxUnflushedBytes(Values values) {
        int own = values.get(Settings.MAX_UNFLUSHED);
        if (!values.isDefault(Settings.MAX_UNFLUSHED)) {
            return own;
        }
        long scaled = (long) UNFLUSHED_PER_UNACKED * values.get(Settings.MAX_UNACKED_BYTES);
        return (int) Math.min(Integer.MAX_VALUE, Math.max(own, scaled));
    }

    private static Flow flow(Values values) {
        return new Flow(
                new Level(
                        values.get(Settings.YELLOW_DELIVERIES),
                        values.get(Settings.YELLOW_BYTES),
                        values.get(Settings.YELLOW_INTERVAL)),
                new Level(
                        values.get(Settings.RED_DELIVERIES),
                        values.get(Settings.RED_BYTES),
                        values.get(Settings.RED_INTERVAL)),
                values.get(Settings.AUTO_DISCONNECT),
                values.get(Settings.MAX_UNACKED_DELIVERIES),
                values.get(Settings.MAX_UNACKED_BYTES),
                values.get(Settings.MAX_DELIVERY_BYTES),
                values.get(Settings.BACKLOG_BYTES),
                Duration.ofSeconds(values.get(Settings.STALL_SECONDS)),
                Duration.ofSeconds(values.get(Settings.HOLD_SECONDS)),
                values.get(Settings.TARGET_DELAY_MS));
    }
}
