package io.termbus.pty;

/**
 * Decides how much input may go to a terminal at a time. While a terminal edits lines it holds
 * {@value #MAX_BYTES} bytes of one that is not finished and drops what is beyond (Linux, n_tty.c). So a longer
 * line waits until the program reads by itself, or, if it is one that reads lines, goes in pieces, each passed
 * on by the end character: a read gets a piece, and whoever reads lines reads on. Not thread-safe: its owner
 * locks.
 */
final class LineEditing {
    /** N_TTY_BUF_SIZE of the kernel, less the place of the line's end. */
    static final int MAX_BYTES = 4095;

    /**
     * Then a long line goes in pieces, whatever the program does: it may be read by another than the one that leads
     * the foreground. A shell that reads by itself only later finds a NUL after each piece, which it passes over.
     */
    static final long LIMIT_NANOS = 2_000_000_000L;

    /** What input needs of which nothing is {@link #allowed}. */
    enum Step {
        /** Nothing more. */
        GO_ON,
        /** That the program reads: ask again. */
        WAIT,
        /** The end character; once it is written call {@link #passedOn}. */
        PASS_ON
    }

    /** Costs system calls, so it is asked only where the answer matters. */
    interface Program {
        /** Whether it waits for a line. */
        boolean awaitsLine();

        /** Whether it has read all that it could. */
        boolean hasReadAll();
    }

    /** Whether the terminal edited lines when it was last looked at. */
    private boolean lines;

    /** Bytes since the end of a line, no more than the terminal may hold. */
    private int held;

    /** How many of the last ones are certainly held, as they erase nothing. */
    private int certain;

    /** A line has ended that a program which reads by itself may not have dealt with: it may stop reading so. */
    private boolean behind;

    /** A program that reads by itself reads this line. */
    private boolean reading;

    /** This line has been passed on in part. */
    private boolean inPieces;

    /** The terminal holds the beginning of a line for a program that will read by itself. */
    private boolean kept;

    /** At the last step the program was not seen to wait for a line. */
    private boolean unread;

    private boolean hadReadAll;
    private boolean waiting;
    private long waitingSince;

    /** How many of the bytes may be written now; 0: take a {@link #step}. */
    int allowed(byte[] bytes, TerminalInput terminal) {
        if (lines != terminal.lines()) {
            turn();
        }
        boolean open = isRead();
        int line = held;
        for (int i = 0; i < bytes.length; i++) {
            if (ends(bytes[i])) {
                open = false;
                line = 0;
            } else if (open || line < MAX_BYTES) {
                line++;
            } else {
                return i;
            }
        }
        return bytes.length;
    }

    private boolean isRead() {
        return !lines && (reading || !behind);
    }

    private void turn() {
        if (lines) {
            behind = true;
        } else {
            kept = held == MAX_BYTES && !isRead();
            held = isRead() ? 0 : held;
            certain = 0;
        }
        lines = !lines;
        reading = false;
        inPieces = false;
    }

    /** So many of the bytes were written. */
    void written(byte[] bytes, int count) {
        for (int i = 0; i < count; i++) {
            if (ends(bytes[i])) {
                behind = true;
                startLine();
            } else {
                held = Math.min(MAX_BYTES, held + 1);
                certain = erases(bytes[i]) ? 0 : certain + 1;
            }
        }
    }

    private void startLine() {
        held = 0;
        certain = 0;
        reading = false;
        inPieces = false;
        kept = false;
    }

    /** @param now in nanoseconds */
    Step step(Program program, long now) {
        if (!waiting) {
            waiting = true;
            waitingSince = now;
        }
        if (!lines) {
            unread = false;
            return stepByProgram(program);
        }
        unread = !inPieces && !program.awaitsLine();
        boolean late = !kept && now - waitingSince >= LIMIT_NANOS;
        if (unread && !late) {
            return Step.WAIT;
        }
        if (certain > 0 || kept) {
            return Step.PASS_ON;
        }
        goOn(); // all may have been erased, and the end character at the beginning of a line is the input's end
        return Step.GO_ON;
    }

    /** What is on its way inside the kernel cannot be read yet, so there must have been nothing twice. */
    private Step stepByProgram(Program program) {
        boolean before = hadReadAll;
        hadReadAll = program.hasReadAll();
        if (!before || !hadReadAll) {
            return Step.WAIT;
        }
        goOn();
        reading = true;
        return Step.GO_ON;
    }

    /** Whether the last step, if it was none to wait, was taken only as the time was over. */
    boolean wasUnread() {
        return unread;
    }

    /** The terminal has the end character. */
    void passedOn() {
        goOn();
        inPieces = true;
    }

    private void goOn() {
        held = 0;
        certain = 0;
        kept = false;
        hadReadAll = false;
        waiting = false;
    }

    /** An interrupt: the terminal has dropped what it held, and what waits is dropped, too. */
    void reset() {
        goOn();
        startLine();
    }

    private static boolean ends(byte each) {
        return each == '\n' || each == '\r';
    }

    /** Control characters but tab and escape may erase, interrupt or end something. */
    private static boolean erases(byte each) {
        return each >= 0 && each < ' ' && each != '\t' && each != 0x1B || each == 0x7F;
    }
}
