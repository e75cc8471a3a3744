package io.termbus.cli;

import java.io.PrintWriter;
import picocli.CommandLine;
import picocli.CommandLine.IExecutionExceptionHandler;
import picocli.CommandLine.IParameterExceptionHandler;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;

/** One line on standard error for whatever goes wrong, and the status. */
final class Failures implements IParameterExceptionHandler, IExecutionExceptionHandler {
    private final String command;

    private Failures(String command) {
        this.command = command;
    }

    static Failures of(String command) {
        return new Failures(command);
    }

    @Override
    public int handleParseException(ParameterException e, String[] args) {
        String first = String.valueOf(e.getMessage()).lines().findFirst().orElse("wrong arguments");
        return tell(e.getCommandLine(), first + "; see 'help " + command + "'", Status.USAGE);
    }

    @Override
    public int handleExecutionException(Exception e, CommandLine line, ParseResult parsed) {
        if (e instanceof CliException failure) {
            return tell(line, String.valueOf(failure.getMessage()), failure.status());
        }
        return tell(line, "a fault of this program: " + e, Status.SOFTWARE);
    }

    private int tell(CommandLine line, String message, int status) {
        return tell(line.getErr(), message, status);
    }

    int tell(PrintWriter err, String message, int status) {
        err.println("termbus: " + Text.printable(message));
        boolean ofCommand = status == Status.COMMAND_NOT_FOUND || status == Status.COMMAND_NOT_EXECUTABLE;
        return command.equals("run") && !ofCommand ? Status.RUN_FAILED : status;
    }
}
