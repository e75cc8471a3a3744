package io.termbus.pty;

import java.util.Optional;

/**
 * A PTY that outlives the program of its process, which goes on as another one: what the kernel does not know of it. See
 * {@link Pty#keep} and {@link PtyBackend#adopt}.
 *
 * @param master descriptor
 * @param device path of the terminal device
 * @param startTicks when the child was started, as {@code /proc} tells it: its number alone may be another's by then
 * @param input that was written and waits for the child
 * @param typesWhenRead that input is for when the child reads, see {@link Pty#writeWhenRead}
 * @param killed it was told to end
 * @param exit the child has ended and was waited for; its last output may be still to come
 * @param standardInput the pipe that is the child's standard input
 */
public record KeptPty(
        int master,
        String device,
        int pid,
        long startTicks,
        byte[] input,
        boolean typesWhenRead,
        boolean killed,
        Optional<ExitStatus> exit,
        Optional<Pipe> standardInput) {
    /**
     * @param fd the writing end
     * @param waiting what was written and is not in the pipe yet
     * @param ending it ends when that is read
     */
    public record Pipe(int fd, byte[] waiting, boolean ending) {}
}
