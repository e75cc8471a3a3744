package io.termbus.pty;

/** What became of bytes for a child's standard input. */
public enum InputOutcome {
    /** All are on their way. */
    TAKEN,
    /** Too many wait: none was taken. */
    FULL,
    /** Nobody reads any more, or the end was told: none was taken. */
    CLOSED
}
