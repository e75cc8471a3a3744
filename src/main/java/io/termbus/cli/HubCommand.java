package io.termbus.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** A command that talks to a hub. */
@Command(sortOptions = false, abbreviateSynopsis = true)
abstract class HubCommand implements Callable<Integer> {
    private static final int JSON = 8;
    private static final int HELP = 20;

    final Surroundings surroundings;

    @Mixin
    private final HubOptions options;

    @Option(order = JSON, names = "--json", description = "Print JSON for programs.")
    boolean json;

    @Option(order = HELP, names = "--help", usageHelp = true, description = "Show this help.")
    private boolean help;

    HubCommand(Surroundings surroundings) {
        this.surroundings = surroundings;
        this.options = new HubOptions(surroundings);
    }

    /** @return the status to exit with */
    abstract int run(Hub hub) throws CliException;

    @Override
    public final Integer call() throws CliException {
        return run(options.hub());
    }

    void print(String line) {
        surroundings.out().println(line);
    }
}
