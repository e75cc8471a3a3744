package io.termbus.cli;

import io.termbus.cli.hub.HubEndpoint;
import io.termbus.cli.process.CliException;
import io.termbus.cli.process.CommandContext;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** A command that talks to a hub. */
@Command(sortOptions = false, abbreviateSynopsis = true)
abstract class HubCommand implements Callable<Integer> {
    private static final int JSON = 8;
    private static final int HELP = 20;

    final CommandContext context;

    @Mixin
    private final HubOptions options;

    @Option(order = JSON, names = "--json", description = "Print JSON for programs.")
    boolean json;

    @Option(order = HELP, names = "--help", usageHelp = true, description = "Show this help.")
    private boolean help;

    HubCommand(CommandContext context) {
        this.context = context;
        this.options = new HubOptions(context);
    }

    /** @return the status to exit with */
    abstract int run(HubEndpoint hub) throws CliException;

    @Override
    public final Integer call() throws CliException {
        return run(options.hub());
    }

    void print(String line) {
        context.out().println(line);
    }
}
