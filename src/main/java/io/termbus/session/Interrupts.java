package io.termbus.session;

/** Finds the keys that interrupt a program: what waits for the one who typed them is stale then. */
final class Interrupts {
    private static final byte CTRL_C = 0x03;
    private static final byte CTRL_Z = 0x1a;
    private static final byte CTRL_BACKSLASH = 0x1c;

    private Interrupts() {}

    static boolean in(byte[] input) {
        for (byte each : input) {
            if (is(each)) {
                return true;
            }
        }
        return false;
    }

    static boolean is(byte key) {
        return ends(key) || key == CTRL_Z;
    }

    /** Whether the input is nothing but keys that end a program: Ctrl-C and Ctrl-\ alone. */
    static boolean onlyEnd(byte[] input) {
        for (byte each : input) {
            if (!ends(each)) {
                return false;
            }
        }
        return true;
    }

    private static boolean ends(byte key) {
        return key == CTRL_C || key == CTRL_BACKSLASH;
    }
}
