package io.termbus.pty;

import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/** A running PTY with its child. Every method may be called from any thread and never blocks. */
public interface Pty extends AutoCloseable {
    /** Process id of the direct child, which leads its own session and process group. */
    long pid();

    /** Path of the terminal device, such as {@code /dev/pts/3}. */
    String device();

    /**
     * Allows that many more {@link PtyListener#output} calls (credit, as in reactive streams). A PTY starts
     * with none; without credit the PTY is not read and the kernel's buffer holds the child back.
     */
    void request(int outputs);

    /**
     * Queues input for the child: all of it, or nothing.
     *
     * @return false where the queue ({@code session.inputQueueBytes}) has no room for all of it, or the PTY
     *     is closed
     */
    boolean write(byte[] bytes);

    /**
     * As {@link #write}, but the child gets it, and what is written after it, when it reads: by itself, or
     * lines; after {@value LoopPty#READY_SECONDS} s in any case. Where that cannot be seen, at once. A shell
     * that starts would else leave line editing in the midst of it.
     */
    boolean writeWhenRead(byte[] bytes);

    /** Whether its terminal edits lines now (ICANON): the program does not read by itself. False if unknown. */
    boolean editsLines();

    /** Whether its terminal edits lines and does not show them (ICANON without ECHO), as for a password. True if unknown. */
    boolean hidesInput();

    /** For the pipe that is the child's standard input; {@link InputOutcome#CLOSED} where there is none. */
    InputOutcome writeInput(byte[] bytes);

    /** The pipe ends when what was written is read. */
    void endInput();

    /** Sets the window size and so sends SIGWINCH to the foreground process group. Both 1..1000. */
    void resize(int cols, int rows);

    /**
     * Sends a signal to the foreground process group of the terminal, where there is none to the child's.
     *
     * @param signal a name with or without SIG, such as {@code INT}
     * @throws IllegalArgumentException where this platform has no such signal
     */
    void signal(String signal);

    /**
     * HUP to the child's process group and the foreground group, then KILL after the grace period; on Linux
     * KILL reaches every process of the child's session. Output is still delivered as credit allows, and
     * the exit after it. Idempotent.
     */
    void kill();

    /**
     * From now on it is not read, what waits for the child is not written and its end is not looked at: the kernel holds all
     * of that, until {@link #resume}.
     *
     * @return done when that is so; fails where the backend cannot keep PTYs
     */
    default CompletableFuture<Void> suspend() {
        return CompletableFuture.failedFuture(new UnsupportedOperationException("this PTY cannot be kept"));
    }

    /** Goes on. Does nothing where it was not suspended. */
    default void resume() {}

    /** What of it is to be kept, exact while it is suspended; empty where it has ended. */
    default Optional<KeptPty> keep() {
        return Optional.empty();
    }

    /**
     * Ends at once: KILL to the groups, the master is closed. {@link PtyListener#exited} still follows.
     * Idempotent.
     */
    @Override
    void close();
}
