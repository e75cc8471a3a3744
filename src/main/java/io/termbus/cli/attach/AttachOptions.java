package io.termbus.cli.attach;

import io.termbus.cli.process.CliException;
import io.termbus.cli.process.Status;
import io.termbus.cli.process.Text;
import picocli.CommandLine.Option;

/** Options of an attached terminal. */
public final class AttachOptions {
    private static final String ALL = "all";

    @Option(
            names = "--detach-key",
            paramLabel = "KEY",
            description = "Leaves the session, which goes on: ctrl-] (the default), another ctrl-X, or none.")
    private String detachKey = DetachKey.DEFAULT;

    @Option(names = "--scrollback", paramLabel = "LINES|all", description = "So many lines above the screen too; 0.")
    private String scrollback = "0";

    @Option(
            names = "--reconnect",
            paramLabel = "SECONDS",
            description = "How long to try again when the connection to the hub breaks; 30.")
    int reconnectSeconds = 30;

    @Option(
            names = {"-q", "--quiet"},
            description = "Do not say which key detaches.")
    boolean quiet;

    DetachKey detachKey() throws CliException {
        return DetachKey.of(detachKey);
    }

    int scrollback() throws CliException {
        return lines(scrollback);
    }

    /** The value of a {@code --scrollback}. */
    public static int lines(String text) throws CliException {
        if (text.equals(ALL)) {
            return Integer.MAX_VALUE;
        }
        if (!text.matches("[0-9]{1,9}")) {
            throw new CliException(
                    Status.USAGE, "--scrollback " + Text.printable(text) + ": give a number of lines, or all");
        }
        return Integer.parseInt(text);
    }
}
