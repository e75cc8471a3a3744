package io.termbus.pty;

import com.sun.jna.Platform;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;

/** What Linux tells of the process that leads a terminal's foreground group. Its answers are a moment old. */
final class Foreground {
    /** Numbers of read and readv. */
    private static final Set<String> READS = Platform.isIntel() ? Set.of("0", "19") : Set.of("63", "65");

    private Foreground() {}

    /**
     * Whether it is inside a read of the terminal. False also where the system does not say: of another user's
     * process, of a shell that waits for the one that reads.
     */
    static boolean reads(PtyMaster master) {
        int group = master.foregroundGroup();
        if (group <= 1) {
            return false;
        }
        Path process = Path.of("/proc", String.valueOf(group));
        try {
            String[] call = Files.readString(process.resolve("syscall"), StandardCharsets.US_ASCII)
                    .split(" ", 3);
            return call.length == 3
                    && READS.contains(call[0])
                    && Files.readSymbolicLink(process.resolve("fd").resolve(descriptor(call[1])))
                            .toString()
                            .equals(master.device());
        } catch (IOException | NumberFormatException e) {
            return false;
        }
    }

    private static String descriptor(String hex) {
        return String.valueOf(Integer.parseUnsignedInt(hex.substring(2), 16));
    }
}
