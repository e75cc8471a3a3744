package io.termbus.pty;

import java.io.IOException;

/** What was asked for cannot be started here; asking again changes nothing. The message says why. */
public final class CommandException extends IOException {
    private static final long serialVersionUID = 1L;

    /** What of a {@link PtySpec} it is about. */
    public enum Subject {
        COMMAND,
        DIRECTORY
    }

    private final Subject subject;

    CommandException(Subject subject, String message) {
        super(message);
        this.subject = subject;
    }

    CommandException(String message) {
        this(Subject.COMMAND, message);
    }

    CommandException(String message, Throwable cause) {
        super(message, cause);
        this.subject = Subject.COMMAND;
    }

    public Subject subject() {
        return subject;
    }
}
