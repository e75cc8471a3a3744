package io.termbus.app;

/** Statuses the process exits with, after {@code sysexits.h}. 0 is a hub that was told to end. */
final class ExitCode {
    /** Unknown option or argument. */
    static final int USAGE = 64;
    /** A listener cannot be bound, or what was asked for is not there. */
    static final int UNAVAILABLE = 69;
    /** A fault of the hub. */
    static final int SOFTWARE = 70;
    /** Memory has run out. */
    static final int OUT_OF_MEMORY = 71;
    /** The settings are wrong, or the home directory cannot be used. */
    static final int CONFIG = 78;

    private ExitCode() {}
}
