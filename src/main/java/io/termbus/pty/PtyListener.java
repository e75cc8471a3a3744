package io.termbus.pty;

/**
 * Receives what a PTY produces. Its output and exit are told on the backend's own thread, one at a time. No method may
 * block. Order: any number of {@link #output}, then {@link #exited} exactly once, last.
 */
public interface PtyListener {
    /** Output of the session, 1..65536 bytes. The array is the receiver's: it is never written again. */
    void output(byte[] bytes);

    /**
     * The child has ended and its output has been delivered: the PTY reached its end of file, or the
     * grace period for grandchildren that still hold the PTY is over. The PTY is closed by then. As output
     * comes first, the exit needs credit left, too, unless {@link Pty#close} was called: nothing is called
     * before the first {@link Pty#request}.
     */
    void exited(ExitStatus status);

    /**
     * The child has ended; its last output is still to come. Told on the backend's own thread, by the portable backend not
     * at all.
     */
    default void ended() {}

    /** Input was typed though the program does not read. Unlike the others this may be called on any thread. */
    default void typedUnread(Untimely what) {}
}
