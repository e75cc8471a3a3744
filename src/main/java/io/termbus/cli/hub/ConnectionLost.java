package io.termbus.cli.hub;

import io.termbus.cli.process.CliException;
import io.termbus.cli.process.Status;

/** The connection has ended, for another reason than that this side closed it. */
public final class ConnectionLost extends CliException {
    private static final long serialVersionUID = 1L;

    public ConnectionLost(String message) {
        super(Status.UNAVAILABLE, message);
    }
}
