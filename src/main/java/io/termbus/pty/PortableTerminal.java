package io.termbus.pty;

import com.pty4j.PtyProcess;
import com.pty4j.unix.Pty;
import com.pty4j.unix.UnixPtyProcess;
import com.sun.jna.Native;
import com.sun.jna.Platform;
import java.io.IOException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What the streams of a pty4j process do not give: signals, input that does not block, the device. Where there are no POSIX signals, all but KILL, TERM and HUP are none. */
final class PortableTerminal {
    private static final Logger log = LoggerFactory.getLogger(PortableTerminal.class);

    private final PtyProcess process;

    PortableTerminal(PtyProcess process) {
        this.process = process;
        if (process instanceof UnixPtyProcess unix) {
            Posix.fcntl(unix.getPty().getMasterFD(), F_SETFL, O_RDWR | O_NONBLOCK);
        }
    }

    private static final int F_SETFL = 4;
    private static final int O_RDWR = 2;
    private static final int O_NONBLOCK = Platform.isLinux() ? 0x800 : 0x4;
    private static final int EAGAIN = Platform.isLinux() ? 11 : 35;

    /** The POSIX functions that pty4j does not show. */
    private static final class Posix {
        static {
            Native.register(Posix.class, "c");
        }

        static native int tcgetpgrp(int fd);

        static native int kill(int pid, int signal);

        static native int fcntl(int fd, int command, int argument);

        static native long write(int fd, byte[] bytes, long count);

        static native long read(int fd, byte[] bytes, long count);
    }

    String device() {
        return process instanceof UnixPtyProcess unix ? unix.getPty().getSlaveName() : "";
    }

    /**
     * Waits for output and returns its length, at least 1, or -1 at the end. pty4j's stream takes every read
     * that fails for the end, also one that found nothing (EAGAIN) and one that looked for input just before
     * the last of it came (EIO); so its word counts only where the descriptor says the same.
     */
    int read(byte[] buffer) throws IOException {
        while (true) {
            int length = process.getInputStream().read(buffer);
            if (length > 0 || !(process instanceof UnixPtyProcess unix)) {
                return length;
            }
            boolean alive = process.isAlive();
            int master = unix.getPty().getMasterFD();
            long rest = master < 0 ? 0 : Posix.read(master, buffer, buffer.length);
            if (rest > 0) {
                return (int) rest;
            }
            if (rest == 0 || !alive || Native.getLastError() != EAGAIN) {
                return -1;
            }
        }
    }

    /** Whether {@link #write} never blocks. */
    boolean writesWithoutBlocking() {
        return process instanceof UnixPtyProcess;
    }

    /**
     * Returns how much the terminal took, 0 where it has no room. On POSIX this is not pty4j's stream: a
     * write that blocks in the kernel is not woken when its terminal is closed, and its thread is lost.
     */
    int write(byte[] bytes) throws IOException {
        if (!(process instanceof UnixPtyProcess unix)) {
            process.getOutputStream().write(bytes);
            process.getOutputStream().flush();
            return bytes.length;
        }
        long written = Posix.write(unix.getPty().getMasterFD(), bytes, bytes.length);
        if (written < 0 && Native.getLastError() != EAGAIN) {
            throw new IOException("errno " + Native.getLastError());
        }
        return (int) Math.max(0, written);
    }

    /** To the foreground group, where there is none to the child's. */
    void send(int number) {
        if (process instanceof UnixPtyProcess unix) {
            if (!toForeground(unix.getPty(), number)) {
                toChild(number);
            }
        } else if (number == Signals.KILL || number == Signals.HUP || number == Signals.TERM) {
            process.destroyForcibly();
        } else {
            throw new IllegalArgumentException("this platform has no signal " + Signals.name(number));
        }
    }

    void hangUp() {
        toAll(Signals.HUP);
        if (process instanceof UnixPtyProcess) {
            toAll(Signals.CONT);
        }
    }

    void kill() {
        toAll(Signals.KILL);
    }

    private void toAll(int number) {
        if (process instanceof UnixPtyProcess unix) {
            toForeground(unix.getPty(), number);
            toChild(number);
        } else {
            process.destroyForcibly();
        }
    }

    private static boolean toForeground(Pty pty, int number) {
        int fd = pty.getMasterFD();
        int group = fd < 0 ? 0 : Posix.tcgetpgrp(fd);
        return group > 1 && Posix.kill(-group, number) == 0;
    }

    /** A child that was only just forked may not lead its group yet. */
    private void toChild(int number) {
        int pid = (int) process.pid();
        if (process.isAlive() && Posix.kill(-pid, number) != 0) {
            Posix.kill(pid, number);
        }
    }

    /** Gives back the descriptors: pty4j does so only where both streams were closed. */
    void release() {
        try {
            if (process instanceof UnixPtyProcess unix) {
                unix.getPty().close();
            } else {
                process.getOutputStream().close();
                process.getInputStream().close();
            }
        } catch (IOException e) {
            log.debug("Closing {}: {}", device(), e.toString());
        }
    }
}
