package io.termbus.pty;

import java.time.Duration;
import java.util.OptionalLong;

/**
 * What all PTYs of a backend share.
 *
 * @param inputQueueBytes how much input may wait for a child that does not read, at least 1
 * @param killGrace from {@link Pty#kill}'s HUP to the KILL
 * @param exitGrace how long a PTY that a grandchild still holds may stay silent before it is closed after
 *     the child's exit; with steady output it is closed after five times as long
 * @param portable true forces the portable backend, also where the Linux one works
 * @param openFiles soft limit of children; empty: the one that this process was started with, as far as that
 *     can be known
 * @param autogroupNice of sessions against this process, 0 to 19, where the kernel shares processors out between sessions
 */
public record PtySettings(
        int inputQueueBytes,
        Duration killGrace,
        Duration exitGrace,
        boolean portable,
        OptionalLong openFiles,
        int autogroupNice) {
    public PtySettings {
        if (inputQueueBytes < 1) {
            throw new IllegalArgumentException("inputQueueBytes is at least 1, not " + inputQueueBytes);
        }
    }

    public PtySettings(int inputQueueBytes, Duration killGrace, Duration exitGrace, boolean portable) {
        this(inputQueueBytes, killGrace, exitGrace, portable, OptionalLong.empty(), 0);
    }
}
