package io.termbus.pty;

import java.util.stream.IntStream;

/**
 * What a terminal does with its input at a moment. A key that is 0 is none.
 *
 * @param lines it edits lines and passes them to the program when they are finished (ICANON)
 * @param hides what is typed is not shown while it edits lines (ICANON without ECHO): a password, most likely
 * @param signals it takes interrupts out of the input (ISIG)
 * @param flushes an interrupt drops the input that no program has read yet (not NOFLSH)
 * @param end passes an unfinished line to the program, or, at the beginning of one, is the end of the input
 *     (VEOF, Ctrl-D)
 * @param interrupt sends SIGINT (VINTR, Ctrl-C)
 * @param quit sends SIGQUIT (VQUIT, Ctrl-\)
 * @param suspend sends SIGTSTP (VSUSP, Ctrl-Z)
 */
record TerminalInput(
        boolean lines,
        boolean hides,
        boolean signals,
        boolean flushes,
        byte end,
        byte interrupt,
        byte quit,
        byte suspend) {
    static final TerminalInput READ_BY_THE_PROGRAM =
            new TerminalInput(false, false, false, false, (byte) 0, (byte) 0, (byte) 0, (byte) 0);

    /** Where each kind of interrupt comes last in the input, ascending: an earlier one of a kind says no more. */
    int[] interrupts(byte[] input) {
        return signals
                ? IntStream.of(last(interrupt, input), last(quit, input), last(suspend, input))
                        .filter(at -> at >= 0)
                        .sorted()
                        .distinct()
                        .toArray()
                : new int[0];
    }

    private static int last(byte key, byte[] input) {
        int at = key == 0 ? -1 : input.length - 1;
        while (at >= 0 && input[at] != key) {
            at--;
        }
        return at;
    }

    /** The number of the signal that an interrupt sends to the foreground group. */
    int signal(byte key) {
        return Signals.number(key == interrupt ? "INT" : key == quit ? "QUIT" : "TSTP");
    }
}
