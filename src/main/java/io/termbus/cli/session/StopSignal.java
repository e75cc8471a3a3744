package io.termbus.cli.session;

import io.termbus.cli.process.Status;

/** Signals that users and service managers send to end a program. */
public enum StopSignal {
    HUP(1),
    INT(2),
    QUIT(3),
    TERM(15);

    private final int number;

    StopSignal(int number) {
        this.number = number;
    }

    /** Returns the status that shells report for a process that this signal ended. */
    public int status() {
        return Status.SIGNALLED + number;
    }
}
