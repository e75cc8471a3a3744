package io.termbus.pty;

import java.io.IOException;

/** What was asked for cannot be started here; asking again changes nothing. The message says why. */
public final class CommandException extends IOException {
    private static final long serialVersionUID = 1L;

    CommandException(String message) {
        super(message);
    }

    CommandException(String message, Throwable cause) {
        super(message, cause);
    }
}
