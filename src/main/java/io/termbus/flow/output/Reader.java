package io.termbus.flow.output;

/**
 * A reader of one session's output: it takes from the {@link SessionOutput} what it may have, at its own pace.
 * {@link SessionFlow} treats all readers alike, whatever their kind; who makes one adds it there. A reader that has moved
 * by itself says so to {@link SessionFlow#moved}. All calls on the event loop of the owning instance.
 */
interface Reader {
    /** {@link #keepFrom} of a reader that lets go of any output. */
    long NOTHING = Long.MAX_VALUE;

    /** Takes all that it may have now: output, changes of size, and behind the last byte the exit. */
    void run();

    /** Output was appended. */
    default void outputCame() {
        run();
    }

    /**
     * Offset of the oldest byte that is kept for it, or {@link #NOTHING}. The PTY waits once the backlog is full of what is
     * kept.
     */
    long keepFrom();

    /** It never passes output over, though it may not be there to read at the moment. */
    boolean isLossless();

    /** Output waits for it, or may. */
    default boolean lags() {
        return false;
    }

    /** How many subscribers it counts for. */
    default int subscribers() {
        return 0;
    }

    /** The scrollback was dropped, and the backlog unless somebody is lossless; {@link #run} follows. */
    default void cleared() {}

    /** A client connection typed an interrupt. */
    default void interrupted(String connection) {}

    /** A client connection typed something else. */
    default void typed(String connection) {}

    /** Output goes on from {@code offset}, and what lies before it will not come; {@link #run} follows. */
    default void restartsAt(long offset) {}

    /** It gets nothing more of a session that is removed. */
    boolean isDone();

    /** The session is removed and {@link #isDone}: it leaves. Idempotent. */
    void finish();

    /** The hub shuts down: it leaves, and tells so. */
    void shutDown();
}
