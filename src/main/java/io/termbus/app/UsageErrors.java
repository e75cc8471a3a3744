package io.termbus.app;

import io.termbus.spelling.Spelling;
import java.io.PrintWriter;
import java.util.List;
import picocli.CommandLine.IParameterExceptionHandler;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/** One line and a hint for a wrong command line. What may be a misplaced secret is not repeated. */
final class UsageErrors implements IParameterExceptionHandler {
    @Override
    public int handleParseException(ParameterException e, String[] args) {
        PrintWriter err = e.getCommandLine().getErr();
        err.println("termbus: " + message(e) + "; see --help");
        err.flush();
        return ExitCode.USAGE;
    }

    private static String message(ParameterException e) {
        if (!(e instanceof UnmatchedArgumentException unmatched)) {
            return String.valueOf(e.getMessage()).lines().findFirst().orElse("wrong options");
        }
        List<String> options = unmatched.getUnmatched().stream()
                .filter(argument -> argument.startsWith("-"))
                .map(argument -> argument.split("=", 2)[0].replaceAll("\\p{Cntrl}", "?"))
                .toList();
        return options.isEmpty()
                ? "an argument that is no option"
                : "unknown option " + String.join(", ", options) + nearest(e, options.get(0));
    }

    private static String nearest(ParameterException e, String option) {
        return Spelling.nearest(
                        option, e.getCommandLine().getCommandSpec().optionsMap().keySet())
                .map(name -> ", the nearest is " + name + "; settings are given by --set key=value")
                .orElse("");
    }
}
