package io.termbus.pty;

import java.io.IOException;
import java.util.concurrent.Executor;

/** Starts PTYs: the port that sessions use and tests fake. */
public interface PtyBackend extends AutoCloseable {
    /**
     * Opens a PTY, sets its size and starts the child. Blocks for some milliseconds (fork): call it on a
     * worker thread.
     *
     * @param home the event loop that should read the PTY and call the listener; where it cannot, as it does not
     *     watch descriptors, a thread of the backend does
     * @throws CommandException where the program does not exist or is not executable, or the directory does
     *     not exist
     * @throws IOException where the system has no PTY, process or descriptor left; the message says which
     */
    Pty start(PtySpec spec, PtyListener listener, Executor home) throws IOException;

    /** Whether its PTYs can be kept, see {@link #adopt}. */
    default boolean keeps() {
        return false;
    }

    /**
     * Goes on with a PTY that an earlier program of this process has kept. Where that fails its descriptors are closed, as
     * far as they are a PTY's.
     *
     * @param home as of {@link #start}
     * @throws IOException where the descriptor or the process is not what it was
     */
    default Pty adopt(KeptPty kept, PtyListener listener, Executor home) throws IOException {
        throw new IOException("this backend keeps no PTYs");
    }

    /** What was kept is adopted: terminals that were not are let go of, and with them whoever is left in them. */
    default void adopted() {}

    /** Kills every PTY that is left and stops the backend's threads. Blocks at most some seconds. Idempotent. */
    @Override
    void close();
}
