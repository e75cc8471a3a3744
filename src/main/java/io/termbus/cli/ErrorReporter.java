package io.termbus.cli;

import io.termbus.cli.process.CliException;
import io.termbus.cli.process.Status;
import io.termbus.cli.process.Text;
import io.termbus.spelling.Spelling;
import java.io.PrintWriter;
import java.util.Optional;
import picocli.CommandLine;
import picocli.CommandLine.IExecutionExceptionHandler;
import picocli.CommandLine.IParameterExceptionHandler;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.UnmatchedArgumentException;

/** Reports whatever goes wrong in one line on standard error, and returns the status. */
final class ErrorReporter implements IParameterExceptionHandler, IExecutionExceptionHandler {
    private final String command;

    ErrorReporter(String command) {
        this.command = command;
    }

    @Override
    public int handleParseException(ParameterException e, String[] args) {
        String first = unknownOption(e)
                .orElseGet(
                        () -> String.valueOf(e.getMessage()).lines().findFirst().orElse("wrong arguments"));
        return tell(e.getCommandLine().getErr(), first + "; see 'help " + command + "'", Status.USAGE);
    }

    /** Names it without its value, and the option that it is likest to. */
    private static Optional<String> unknownOption(ParameterException e) {
        if (!(e instanceof UnmatchedArgumentException unmatched) || !unmatched.isUnknownOption()) {
            return Optional.empty();
        }
        String written = unmatched.getUnmatched().get(0).split("=", 2)[0];
        return Spelling.nearest(
                        written,
                        e.getCommandLine().getCommandSpec().optionsMap().keySet())
                .map(option -> "unknown option '" + written + "', the nearest is " + option);
    }

    @Override
    public int handleExecutionException(Exception e, CommandLine line, ParseResult parsed) {
        if (e instanceof CliException failure) {
            return tell(line.getErr(), String.valueOf(failure.getMessage()), failure.status());
        }
        return tell(line.getErr(), "a fault of this program: " + e, Status.SOFTWARE);
    }

    int tell(PrintWriter err, String message, int status) {
        err.println("termbus: " + Text.printable(message));
        boolean ofCommand = status == Status.COMMAND_NOT_FOUND || status == Status.COMMAND_NOT_EXECUTABLE;
        boolean ofRun = command.equals("run") && !ofCommand || command.equals("exec") && status != Status.NOT_IN_TIME;
        return ofRun ? Status.RUN_FAILED : status;
    }
}
