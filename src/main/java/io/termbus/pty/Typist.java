package io.termbus.pty;

import java.util.concurrent.TimeUnit;

/**
 * Writes input to a terminal, at most as much as its line editing holds, and holds input back until the
 * program reads. Its owner locks.
 */
final class Typist {
    /** What {@link #type} returns where the program must read first. */
    static final int HELD = -1;

    /** How often held input looks whether the program reads. */
    static final long RETRY_NANOS = TimeUnit.MILLISECONDS.toNanos(5);

    private final PtyMaster master;
    private final PtyListener listener;
    private final LineEditing editing = new LineEditing();
    private final LineEditing.Program program = new LineEditing.Program() {
        @Override
        public boolean awaitsLine() {
            return Foreground.reads(master);
        }

        @Override
        public boolean hasReadAll() {
            return master.unread() == 0;
        }
    };

    private boolean unready;
    private long readyAt;

    /** @param listener hears of what is typed though the program does not read */
    Typist(PtyMaster master, PtyListener listener) {
        this.master = master;
        this.listener = listener;
    }

    /** Nothing is written until the program reads, or until then. @param nanos of a monotonic clock */
    void waitForProgram(long nanos) {
        unready = true;
        readyAt = nanos;
    }

    /** Whether it waits for the program to read. */
    boolean waitsForProgram() {
        return unready;
    }

    /** Returns how many of the bytes were written, 0 where the kernel has no room, or {@link #HELD}. */
    int type(byte[] bytes, long now) {
        TerminalInput terminal = master.input();
        if (unready && terminal.lines() && !program.awaitsLine()) {
            if (now < readyAt) {
                return HELD;
            }
            listener.typedUnread(Untimely.COMMANDS);
        }
        unready = false;
        int allowed = editing.allowed(bytes, terminal);
        return allowed > 0 ? write(bytes, allowed) : step(bytes, terminal, now);
    }

    private int write(byte[] bytes, int count) {
        int written = writeNow(bytes, count);
        editing.written(bytes, written);
        return written;
    }

    /** Says 0 where the end character found no room, as epoll reports that. */
    private int step(byte[] bytes, TerminalInput terminal, long now) {
        LineEditing.Step step = editing.step(program, now);
        if (step == LineEditing.Step.WAIT) {
            return HELD;
        }
        boolean unread = editing.wasUnread();
        if (step == LineEditing.Step.PASS_ON) {
            if (terminal.end() != 0 && writeNow(new byte[] {terminal.end()}, 1) == 0) {
                return 0;
            }
            editing.passedOn();
        }
        if (unread) {
            listener.typedUnread(Untimely.LINE);
        }
        return write(bytes, editing.allowed(bytes, terminal));
    }

    /**
     * Types an interrupt before all that waits. A kernel with input that was not read may take no more, not even this:
     * so that goes first, as the terminal would drop it at the interrupt.
     *
     * @return false where the kernel did not take it: its signal must be sent
     */
    boolean interrupt(byte key, TerminalInput terminal) {
        unready = false;
        boolean room = !master.hasUnread() || terminal.flushes() && master.dropUnread();
        if (terminal.flushes()) {
            editing.reset();
        }
        return room && writeNow(new byte[] {key}, 1) == 1;
    }

    /**
     * Returns how much the kernel took: 0 means that it has no room, and that epoll will report when it has.
     * A PTY that nobody has open any more swallows its input.
     */
    private int writeNow(byte[] piece, int count) {
        while (true) {
            long written = Libc.write(master.fd(), piece, count);
            if (written > 0) {
                return (int) written;
            }
            int errno = Libc.errno();
            if (errno != Libc.EINTR) {
                return errno == Libc.EAGAIN ? 0 : count;
            }
        }
    }
}
