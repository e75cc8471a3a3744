package io.termbus.pty;

import com.sun.jna.Platform;
import java.io.IOException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Picks the backend for this platform. */
public final class PtyBackends {
    private static final Logger log = LoggerFactory.getLogger(PtyBackends.class);

    private PtyBackends() {}

    /**
     * Opens the Linux backend where it works (glibc 2.34 and kernel 5.3 or newer, x86-64 or AArch64), else
     * the portable one. May be called on any thread; blocks while native libraries load.
     */
    public static PtyBackend open(PtySettings settings) {
        if (settings.portable() || !linux()) {
            return new PortableBackend(settings);
        }
        try {
            return LoopBackend.open(settings);
        } catch (LinkageError | IOException e) {
            log.info("PTYs use the portable backend: {}", e.toString());
            return new PortableBackend(settings);
        }
    }

    /**
     * Sets the umask of this process, which children inherit. May be called on any thread.
     *
     * @return the one before
     */
    public static int umask(int mask) {
        return Libc.umask(mask);
    }

    /** The layouts and numbers in {@link Libc} hold for these two architectures. */
    private static boolean linux() {
        return Platform.isLinux() && Platform.is64Bit() && (Platform.isIntel() || Platform.isARM());
    }
}
