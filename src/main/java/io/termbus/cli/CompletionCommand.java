package io.termbus.cli;

import io.termbus.cli.process.CliException;
import io.termbus.cli.process.Status;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

@Command(
        name = "completion",
        description =
                "Print a completion script: source <(termbus completion bash), zsh alike; termbus completion fish | source",
        footer = {"", "With: alias termbus='java -jar /path/to/termbus.jar'"})
final class CompletionCommand implements Callable<Integer> {
    @ParentCommand
    private @Nullable Cli cli;

    @Parameters(arity = "1", paramLabel = "bash|zsh|fish", description = "The shell.")
    private String shell = "";

    @Option(names = "--command", paramLabel = "NAME", description = "What you call the program; termbus.")
    private String command = "termbus";

    @Option(names = "--help", usageHelp = true, description = "Show this help.")
    private boolean help;

    @Override
    public Integer call() throws CliException {
        if (!Completions.SHELLS.contains(shell)) {
            throw new CliException(Status.USAGE, "no completion for '" + shell + "'; give bash, zsh or fish");
        }
        if (!command.matches("[A-Za-z0-9_.-]+")) {
            throw new CliException(Status.USAGE, "--command: give a plain name, such as termbus");
        }
        cli.context().out().print(new Completions(command, cli.all()).of(shell));
        return Status.OK;
    }
}
