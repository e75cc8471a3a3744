package io.termbus.pty;

import java.util.Locale;

/** What was typed though the program had not read for as long as input waits for that. */
public enum Untimely {
    /** What {@link Pty#writeWhenRead} was given, after {@value ReactorPty#READY_SECONDS} s. */
    COMMANDS,
    /** A line of more than {@value LineEditing#MAX_BYTES} bytes, in pieces, after as long. */
    LINE;

    private final String text = name().toLowerCase(Locale.ROOT);

    @Override
    public String toString() {
        return text;
    }
}
