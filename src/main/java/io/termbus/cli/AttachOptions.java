package io.termbus.cli;

import picocli.CommandLine.Option;

/** Options of an attached terminal. */
final class AttachOptions {
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
    private int reconnectSeconds = 30;

    @Option(
            names = {"-q", "--quiet"},
            description = "Do not say which key detaches.")
    private boolean quiet;

    DetachKey detachKey() throws CliException {
        return DetachKey.of(detachKey);
    }

    int scrollback() throws CliException {
        return ScreenCommand.lines(scrollback);
    }

    int reconnectSeconds() {
        return reconnectSeconds;
    }

    boolean quiet() {
        return quiet;
    }
}
