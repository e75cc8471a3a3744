package io.termbus.pty;

import com.sun.jna.Platform;
import java.util.List;
import java.util.Locale;

/** Signal names and numbers of this platform. */
final class Signals {
    /** Position is the number. */
    private static final List<String> LINUX = List.of(
            "", "HUP", "INT", "QUIT", "ILL", "TRAP", "ABRT", "BUS", "FPE", "KILL", "USR1", "SEGV", "USR2", "PIPE",
            "ALRM", "TERM", "STKFLT", "CHLD", "CONT", "STOP", "TSTP", "TTIN", "TTOU", "URG", "XCPU", "XFSZ", "VTALRM",
            "PROF", "WINCH", "IO", "PWR", "SYS");

    private static final List<String> BSD = List.of(
            "", "HUP", "INT", "QUIT", "ILL", "TRAP", "ABRT", "EMT", "FPE", "KILL", "BUS", "SEGV", "SYS", "PIPE", "ALRM",
            "TERM", "URG", "STOP", "TSTP", "CONT", "CHLD", "TTIN", "TTOU", "IO", "XCPU", "XFSZ", "VTALRM", "PROF",
            "WINCH", "INFO", "USR1", "USR2");

    private static final List<String> NAMES = Platform.isLinux() ? LINUX : BSD;

    static final int HUP = 1;
    static final int KILL = 9;
    static final int TERM = 15;
    static final int CONT = number("CONT");

    private Signals() {}

    /**
     * The number of a name with or without SIG, in any case.
     *
     * @throws IllegalArgumentException where this platform has no such signal
     */
    static int number(String name) {
        String upper = name.toUpperCase(Locale.ROOT);
        int number = NAMES.indexOf(upper.startsWith("SIG") ? upper.substring(3) : upper);
        if (number < 1) {
            throw new IllegalArgumentException("no such signal: " + name);
        }
        return number;
    }

    /** The name with SIG; realtime signals, which have no name of their own, are SIG and the number. */
    static String name(int number) {
        return "SIG" + (number > 0 && number < NAMES.size() ? NAMES.get(number) : String.valueOf(number));
    }
}
