package io.termbus.vt.parser;

/**
 * What the parser found, in stream order. Called on the thread that feeds the parser; arguments are
 * valid only during the call. An identifier holds prefix, intermediates and final byte, one per octet,
 * the final byte lowest.
 */
public interface ControlHandler {
    /** Printable ASCII: every byte of {@code bytes[from, to)} is in 0x20..0x7E. */
    void printAscii(byte[] bytes, int from, int to);

    /** The first {@code count} of these code points: printable ASCII, or at least U+00A0. */
    void print(int[] codePoints, int count);

    /** A C0 or C1 control. */
    void execute(int code);

    void escape(int identifier);

    void csi(int identifier, Params params);

    /** A complete OSC; {@code id} is -1 where it has none. Not called for one that exceeded its limit. */
    void osc(int id, String data);

    /** A complete DCS. Not called for one that exceeded its limit or was cancelled. */
    void dcs(int identifier, String data);

    /** A control function has ended, known or not, complete or not: what was printed before it is no base for a combining mark after it. */
    void controlEnded();
}
