package io.termbus.session;

/** Finds the keys that interrupt a program: what waits for the one who typed them is stale then. */
final class Interrupts {
    private static final byte CTRL_C = 0x03;
    private static final byte CTRL_Z = 0x1a;
    private static final byte CTRL_BACKSLASH = 0x1c;

    private Interrupts() {}

    static boolean in(byte[] input) {
        for (byte each : input) {
            if (each == CTRL_C || each == CTRL_Z || each == CTRL_BACKSLASH) {
                return true;
            }
        }
        return false;
    }
}
