package io.termbus.pty;

/**
 * What a new terminal does differently from {@link #USUAL}.
 *
 * @param rawOutput output passes as it is written: the terminal does not turn LF into CR LF
 * @param echo input is echoed into the output
 */
public record PtyModes(boolean rawOutput, boolean echo) {
    /** What every terminal starts with. */
    public static final PtyModes USUAL = new PtyModes(false, true);
}
