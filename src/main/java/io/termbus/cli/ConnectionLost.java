package io.termbus.cli;

/** The connection has ended, for another reason than that this side closed it. */
final class ConnectionLost extends CliException {
    private static final long serialVersionUID = 1L;

    ConnectionLost(String message) {
        super(Status.UNAVAILABLE, message);
    }
}
