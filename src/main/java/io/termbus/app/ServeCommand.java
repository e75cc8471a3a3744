package io.termbus.app;

import io.termbus.auth.AdminToken;
import io.termbus.auth.HomeDirectory;
import io.termbus.config.ConfigException;
import io.termbus.config.ConfigLoader;
import io.termbus.config.HubConfig;
import io.termbus.config.LoadedConfig;
import io.termbus.session.StateInput;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Runs a hub in the foreground until a signal ends it. Statuses: {@link ExitCode}; stdout: {@link ReadyLine}. */
@Command(
        name = "termbus",
        customSynopsis = "java -jar termbus.jar [serve] [--conf FILE] [--set key=value]... [--cluster]",
        description = "A terminal hub. Runs in the foreground; prints a line beginning 'Termbus ready' when it is up.",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        sortOptions = false,
        exitCodeOnInvalidInput = ExitCode.USAGE,
        exitCodeOnExecutionException = ExitCode.SOFTWARE,
        footer = {
            "",
            "Commands for a hub that runs (new, attach, run, ls and others): 'java -jar termbus.jar help'.",
            "",
            "Settings come from, weakest first: built-in defaults, the file, the environment",
            "(flow.yellow.deliveries is TERMBUS_FLOW_YELLOW_DELIVERIES), --set.",
            "TERMBUS_LOG_LEVEL is no setting: the level of the log on stderr, INFO by default.",
            "",
            "Exit status: 0 told to end, 64 wrong options, 69 a listener cannot be bound,",
            "70 a fault of the hub, 71 out of memory, 78 wrong settings; 128+n a second signal n."
        })
public final class ServeCommand implements Callable<Integer> {
    private static final Logger LOG = LoggerFactory.getLogger(ServeCommand.class);

    private final ConfigLoader loader;

    @Option(
            names = "--conf",
            paramLabel = "FILE",
            description = "Settings in YAML, instead of " + ConfigLoader.DEFAULT_FILE + ".")
    private @Nullable Path file;

    @Option(names = "--set", paramLabel = "key=value", description = "One setting; may be repeated, the last wins.")
    private List<String> assignments = new ArrayList<>();

    @Option(names = "--cluster", description = "Join the other hubs at cluster.members, or wait for them.")
    private boolean cluster;

    @Option(names = "--resume-fd", hidden = true, description = "What an earlier program of this process has left.")
    private @Nullable Integer resume;

    @Option(names = "--check-resume", hidden = true, description = "Only see whether stdin could be gone on with.")
    private boolean checkResume;

    @Spec
    private @Nullable CommandSpec spec;

    public ServeCommand(ConfigLoader loader) {
        this.loader = loader;
    }

    /** A command line that runs this command, with errors of one line that hold no values. */
    public CommandLine commandLine() {
        return new CommandLine(this)
                .setExpandAtFiles(false)
                .setParameterExceptionHandler(new UsageErrors())
                .setExecutionExceptionHandler((failure, line, parsed) -> {
                    LOG.error("the hub failed", failure);
                    return ExitCode.SOFTWARE;
                });
    }

    @Override
    public Integer call() throws InterruptedException {
        HubConfig config;
        AdminToken token;
        Optional<StateInput> kept = Optional.ofNullable(resume).flatMap(Upgrade::resume);
        try {
            LoadedConfig loaded = loader.load(Optional.ofNullable(file), assignments);
            if (kept.isPresent()) {
                assignments.addAll(Upgrade.ports(kept.get(), loaded.config()));
                loaded = loader.load(Optional.ofNullable(file), assignments);
            }
            if (checkResume) {
                print(Upgrade.check(loaded.config(), System.in));
                return 0;
            }
            loaded.warnings().forEach(LOG::warn);
            config = loaded.config();
            token = token(config);
        } catch (ConfigException e) {
            return fail(ExitCode.CONFIG, describe(e.problems()));
        } catch (IOException e) {
            return fail(ExitCode.UNAVAILABLE, "the state of the hub that runs: " + e.getMessage());
        }
        try {
            return new HubProcess(config, token, cluster, kept).run(this::print);
        } catch (HubProcess.StartException e) {
            return fail(e.exitCode(), e.getMessage());
        }
    }

    private static AdminToken token(HubConfig config) throws ConfigException {
        try {
            HomeDirectory.prepare(config.home());
            return AdminToken.of(config);
        } catch (IOException e) {
            throw new ConfigException(List.of("home = " + config.home() + ": cannot be used: " + reason(e)));
        }
    }

    /** The messages of most file exceptions are but the path. */
    private static String reason(IOException e) {
        if (e instanceof FileSystemException file && file.getReason() == null) {
            return file.getClass().getSimpleName().replace("Exception", "") + " " + file.getFile();
        }
        return String.valueOf(e.getMessage());
    }

    private static String describe(List<String> problems) {
        String count = problems.size() == 1 ? "1 error" : problems.size() + " errors";
        return count + " in the settings:\n  " + String.join("\n  ", problems);
    }

    private void print(String line) {
        spec().commandLine().getOut().println(line);
        spec().commandLine().getOut().flush();
    }

    private int fail(int exitCode, String message) {
        spec().commandLine().getErr().println("termbus: " + message);
        spec().commandLine().getErr().flush();
        return exitCode;
    }

    private CommandSpec spec() {
        if (spec == null) {
            throw new IllegalStateException("not run by a command line");
        }
        return spec;
    }
}
