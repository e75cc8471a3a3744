package io.termbus.cli;

/** Signals that users and service managers send to end a program. */
enum StopSignal {
    HUP(1),
    INT(2),
    TERM(15);

    private final int number;

    StopSignal(int number) {
        this.number = number;
    }

    /** What a shell reports for a process that this signal ended. */
    int status() {
        return Status.SIGNALLED + number;
    }
}
