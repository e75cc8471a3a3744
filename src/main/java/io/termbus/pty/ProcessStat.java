package io.termbus.pty;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * What {@code /proc} tells of a process.
 *
 * @param state as proc(5) names it, such as {@code Z} for one that has ended and was not waited for
 * @param parent its parent's number
 * @param session the number of its session's leader
 * @param startTicks when it was started, in ticks since the system was
 */
record ProcessStat(String state, int parent, int session, long startTicks) {
    static final ProcessStat NONE = new ProcessStat("", 0, 0, 0);

    private static final int STATE = 0;
    private static final int PARENT = 1;
    private static final int SESSION = 3;
    private static final int START = 19;

    /** Empty: there is none such. */
    static Optional<ProcessStat> of(long pid) {
        return of(Path.of("/proc", String.valueOf(pid)));
    }

    /** The name before the fields may hold any character. */
    static Optional<ProcessStat> of(Path process) {
        try {
            String stat = Files.readString(process.resolve("stat"), StandardCharsets.ISO_8859_1);
            String[] fields = stat.substring(stat.lastIndexOf(')') + 1).strip().split(" ");
            return fields.length > START
                    ? Optional.of(new ProcessStat(
                            fields[STATE],
                            Integer.parseInt(fields[PARENT]),
                            Integer.parseInt(fields[SESSION]),
                            Long.parseLong(fields[START])))
                    : Optional.empty();
        } catch (IOException e) {
            return Optional.empty();
        }
    }
}
