package io.termbus.cli;

import io.termbus.cli.process.CliException;
import io.termbus.cli.process.Status;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

@Command(name = "help", description = "Show the commands, or how one is used.")
final class HelpCommand implements Callable<Integer> {
    @ParentCommand
    private @Nullable Cli cli;

    @Parameters(arity = "0..1", paramLabel = "COMMAND", description = "One of the commands.")
    private @Nullable String command;

    @Option(names = "--man", description = "Print the manual page of all commands: termbus help --man | man -l -")
    private boolean man;

    @Option(names = "--help", usageHelp = true, description = "Show this help.")
    private boolean help;

    @Override
    public Integer call() throws CliException {
        CommandLine all = cli.all();
        if (man) {
            cli.context().out().print(ManPage.of(all));
            return Status.OK;
        }
        CommandLine shown = command == null ? all : all.getSubcommands().get(command);
        if (shown == null) {
            throw new CliException(Status.USAGE, Cli.noCommand(command));
        }
        shown.usage(cli.context().out());
        return Status.OK;
    }
}
