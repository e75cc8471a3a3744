package io.termbus.cli;

/** Ends a command: one line for the user, which says how to put it right, and a {@link Status}. */
class CliException extends Exception {
    private static final long serialVersionUID = 1L;

    private final int status;

    CliException(int status, String message) {
        super(message, null, false, false);
        this.status = status;
    }

    int status() {
        return status;
    }
}
