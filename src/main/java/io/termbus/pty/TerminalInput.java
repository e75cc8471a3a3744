package io.termbus.pty;

/**
 * What a terminal does with its input at a moment.
 *
 * @param lines it edits lines and passes them to the program when they are finished (ICANON)
 * @param signals it takes interrupts out of the input (ISIG)
 * @param end passes an unfinished line to the program, or, at the beginning of one, is the end of the input
 *     (VEOF, Ctrl-D); 0: there is none
 */
record TerminalInput(boolean lines, boolean signals, byte end) {
    static final TerminalInput READ_BY_THE_PROGRAM = new TerminalInput(false, false, (byte) 0);
}
