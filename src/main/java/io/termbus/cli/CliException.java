package io.termbus.cli;

/** Ends a command: one line for the user, which says how to put it right, and a {@link Status}. */
class CliException extends Exception {
    private static final long serialVersionUID = 1L;

    private final int status;

    CliException(int status, String message) {
        super(message, null, false, false);
        this.status = status;
    }

    /** Of a thread that was interrupted while it waited, which it stays. */
    static CliException interrupted() {
        Thread.currentThread().interrupt();
        return new CliException(Status.SOFTWARE, "interrupted");
    }

    int status() {
        return status;
    }
}
