package io.termbus.cli.run;

import io.termbus.cli.hub.Refusal;
import io.termbus.cli.process.CliException;
import io.termbus.cli.process.Status;

/** Why a command was not started, as a status that env, sh and docker have for it, too. */
final class CommandStatus {
    private static final int MALFORMED = 400;

    private CommandStatus() {}

    /** What {@code run} fails with where the hub has refused to start a command. */
    static CliException of(Refusal refusal) {
        String message = String.valueOf(refusal.getMessage());
        if (refusal.code() != MALFORMED || !message.startsWith("field 'command'")) {
            return refusal;
        }
        boolean missing = message.contains("not found in PATH")
                || message.contains("does not exist")
                || message.contains("No such file")
                || message.contains("must name a program");
        return new CliException(missing ? Status.COMMAND_NOT_FOUND : Status.COMMAND_NOT_EXECUTABLE, message);
    }
}
