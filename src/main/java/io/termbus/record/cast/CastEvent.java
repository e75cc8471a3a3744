package io.termbus.record.cast;

/**
 * Something that happened in a recording.
 *
 * @param micros since its beginning, in microseconds; never less than that of the event before
 * @param code what: {@link #OUTPUT} and so on, or what else there may be
 */
public record CastEvent(long micros, char code, String data) {
    public static final char OUTPUT = 'o';
    public static final char INPUT = 'i';
    /** Data such as 80x24. */
    public static final char RESIZE = 'r';

    public static final char MARKER = 'm';
    /** Data is the exit code. */
    public static final char EXIT = 'x';
}
