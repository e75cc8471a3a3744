package io.termbus.pty;

import com.pty4j.unix.Pty;
import com.sun.jna.Memory;
import java.io.IOException;
import java.util.function.IntUnaryOperator;
import kotlin.Pair;

/**
 * The master side of a new PTY: non-blocking and close-on-exec. The descriptor is raw, with no owner but
 * the code that opened it: pty4j's {@code Pty} object would close it again in its finalizer and costs
 * a pipe besides. In the moment before close-on-exec is set, a child that another thread starts could
 * inherit it; {@link ChildSpawner}'s children and the JDK's close whatever they inherit.
 *
 * @param fd the descriptor
 * @param device path of the terminal device
 */
record PtyMaster(int fd, String device) {
    /** More than the kernel's struct termios, 36, of any architecture. */
    private static final int TERMIOS_BYTES = 256;

    static PtyMaster open(int cols, int rows, PtyModes modes) throws IOException {
        Pair<Integer, String> opened = Pty.ptyMasterOpen();
        if (opened.getFirst() < 0) {
            throw new IOException("no PTY or descriptor left: cannot open " + opened.getSecond());
        }
        PtyMaster master = new PtyMaster(opened.getFirst(), opened.getSecond());
        try {
            master.prepare(cols, rows, modes);
            return master;
        } catch (IOException e) {
            Libc.close(master.fd);
            throw e;
        }
    }

    /**
     * One that was kept: close-on-exec again.
     *
     * @throws IOException where the descriptor is not the master of that device
     */
    static PtyMaster kept(int fd, String device) throws IOException {
        try (Memory number = new Memory(4)) {
            if (Libc.ioctl(fd, Libc.TIOCGPTN, Libc.address(number)) != 0) {
                throw Libc.failure("descriptor " + fd + " is no terminal of ours");
            }
            if (!device.equals("/dev/pts/" + Integer.toUnsignedString(number.getInt(0)))) {
                throw new IOException("descriptor " + fd + " is not " + device);
            }
        }
        Libc.check(Libc.fcntl(fd, Libc.F_SETFD, Libc.FD_CLOEXEC), "cannot set up " + device);
        return new PtyMaster(fd, device);
    }

    static boolean isMaster(int fd) {
        try (Memory number = new Memory(4)) {
            return Libc.ioctl(fd, Libc.TIOCGPTN, Libc.address(number)) == 0;
        }
    }

    private void prepare(int cols, int rows, PtyModes modes) throws IOException {
        Libc.check(Libc.fcntl(fd, Libc.F_SETFD, Libc.FD_CLOEXEC), "cannot set up " + device);
        Libc.check(Libc.fcntl(fd, Libc.F_SETFL, Libc.O_RDWR | Libc.O_NONBLOCK), "cannot set up " + device);
        set(modes);
        if (!resize(cols, rows)) {
            throw Libc.failure("cannot set the size of " + device);
        }
    }

    /** IUTF8, that backspace in the kernel's line editing takes a whole character, is what every terminal sets. */
    private void set(PtyModes modes) throws IOException {
        try (Memory termios = new Memory(TERMIOS_BYTES)) {
            Libc.check(Libc.ioctl(fd, Libc.TCGETS, Libc.address(termios)), "cannot set up " + device);
            termios.setInt(Libc.INPUT_FLAGS, termios.getInt(Libc.INPUT_FLAGS) | Libc.IUTF8);
            if (modes.rawOutput()) {
                termios.setInt(Libc.OUTPUT_FLAGS, termios.getInt(Libc.OUTPUT_FLAGS) & ~Libc.OPOST);
            }
            if (!modes.echo()) {
                termios.setInt(Libc.LOCAL_FLAGS, termios.getInt(Libc.LOCAL_FLAGS) & ~Libc.ECHO);
            }
            Libc.check(Libc.ioctl(fd, Libc.TCSETS, Libc.address(termios)), "cannot set up " + device);
        }
    }

    /** What the terminal does with input now. */
    TerminalInput input() {
        try (Memory termios = new Memory(TERMIOS_BYTES)) {
            if (Libc.ioctl(fd, Libc.TCGETS, Libc.address(termios)) != 0) {
                return TerminalInput.READ_BY_THE_PROGRAM;
            }
            int flags = termios.getInt(Libc.LOCAL_FLAGS);
            return new TerminalInput(
                    (flags & Libc.ICANON) != 0,
                    (flags & Libc.ICANON) != 0 && (flags & Libc.ECHO) == 0,
                    (flags & Libc.ISIG) != 0,
                    (flags & Libc.NOFLSH) == 0,
                    termios.getByte(Libc.VEOF),
                    termios.getByte(Libc.VINTR),
                    termios.getByte(Libc.VQUIT),
                    termios.getByte(Libc.VSUSP));
        }
    }

    /**
     * Bytes of input that programs could read now and have not; an unfinished line of line editing is none of
     * them. 0 where the kernel does not tell.
     */
    int unread() {
        return inTerminal(PtyMaster::unreadIn);
    }

    private static int unreadIn(int terminal) {
        try (Memory count = new Memory(4)) {
            count.setInt(0, 0);
            Libc.ioctl(terminal, Libc.FIONREAD, Libc.address(count));
            return count.getInt(0);
        }
    }

    /**
     * Whether a program could read something now. Unlike {@link #unread} it knows of all that was written before.
     * While there is nothing the terminal takes every interrupt. False where the kernel does not tell.
     */
    boolean hasUnread() {
        return inTerminal(PtyMaster::isReadable) > 0;
    }

    private static int isReadable(int terminal) {
        try (Memory poll = new Memory(8)) {
            poll.setInt(0, terminal);
            poll.setInt(4, Libc.POLLIN);
            return Libc.poll(Libc.address(poll), 1, 0) > 0 ? poll.getShort(6) & Libc.POLLIN : 0;
        }
    }

    /** Drops the input that no program has read yet. False where the kernel does not. */
    boolean dropUnread() {
        return inTerminal(terminal -> Libc.ioctl(terminal, Libc.TCFLSH, Libc.TCIFLUSH) == 0 ? 1 : 0) > 0;
    }

    /** What the call says of the terminal's own descriptor; 0 where there is none. */
    private int inTerminal(IntUnaryOperator call) {
        int terminal = Libc.ioctl(fd, Libc.TIOCGPTPEER, Libc.O_RDWR | Libc.O_NOCTTY | Libc.O_NONBLOCK | Libc.O_CLOEXEC);
        if (terminal < 0) {
            return 0;
        }
        try {
            return call.applyAsInt(terminal);
        } finally {
            Libc.close(terminal);
        }
    }

    boolean resize(int cols, int rows) {
        try (Memory size = new Memory(8)) {
            size.clear();
            size.setShort(0, (short) rows);
            size.setShort(2, (short) cols);
            return Libc.ioctl(fd, Libc.TIOCSWINSZ, Libc.address(size)) == 0;
        }
    }

    /** The foreground process group; 0 where there is none. */
    int foregroundGroup() {
        try (Memory group = new Memory(4)) {
            group.setInt(0, 0);
            return Libc.ioctl(fd, Libc.TIOCGPGRP, Libc.address(group)) == 0 ? Math.max(0, group.getInt(0)) : 0;
        }
    }
}
