package io.termbus.pty;

import com.pty4j.PtyProcess;
import com.pty4j.unix.Pty;
import com.pty4j.unix.UnixPtyProcess;
import com.sun.jna.Native;
import java.io.IOException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Signals and the device of a pty4j process. Where there are no POSIX signals, all but KILL, TERM and HUP are none. */
final class PortableSignals {
    private static final Logger log = LoggerFactory.getLogger(PortableSignals.class);

    private final PtyProcess process;

    PortableSignals(PtyProcess process) {
        this.process = process;
    }

    /** The POSIX functions that pty4j does not show. */
    private static final class Posix {
        static {
            Native.register(Posix.class, "c");
        }

        static native int tcgetpgrp(int fd);

        static native int kill(int pid, int signal);
    }

    String device() {
        return process instanceof UnixPtyProcess unix ? unix.getPty().getSlaveName() : "";
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

    private void toChild(int number) {
        if (process.isAlive()) {
            Posix.kill(-(int) process.pid(), number);
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
