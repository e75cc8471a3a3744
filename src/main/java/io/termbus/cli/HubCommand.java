package io.termbus.cli;

import io.termbus.cli.hub.HubEndpoint;
import io.termbus.cli.process.CliException;
import io.termbus.cli.process.CommandContext;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;

/** A command that talks to a hub. */
@Command(sortOptions = false, abbreviateSynopsis = true)
abstract class HubCommand implements Callable<Integer> {
    private static final int JSON = 8;
    private static final int HELP = 20;

    @ParentCommand
    private @Nullable Cli cli;

    @Mixin
    private final HubOptions options = new HubOptions();

    @Option(order = JSON, names = "--json", description = "Print JSON for programs.")
    boolean json;

    @Option(order = HELP, names = "--help", usageHelp = true, description = "Show this help.")
    private boolean help;

    CommandContext context() {
        return Objects.requireNonNull(cli).context();
    }

    /** @return the status to exit with */
    abstract int run(HubEndpoint hub) throws CliException;

    @Override
    public final Integer call() throws CliException {
        return run(options.hub(context()));
    }

    void print(String line) {
        context().out().println(line);
    }
}
