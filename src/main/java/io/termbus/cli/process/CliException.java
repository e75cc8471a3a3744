package io.termbus.cli.process;

/** Ends a command: one line for the user, which says how to put it right, and a {@link Status}. */
public class CliException extends Exception {
    private static final long serialVersionUID = 1L;

    private final int status;

    public CliException(int status, String message) {
        super(message, null, false, false);
        this.status = status;
    }

    /** Makes the failure of a thread that was interrupted while it waited; it stays interrupted. */
    public static CliException interrupted() {
        Thread.currentThread().interrupt();
        return new CliException(Status.SOFTWARE, "interrupted");
    }

    public int status() {
        return status;
    }
}
